import type { FrameChannel } from '../protocol/channel.js';
import { AttachmentCollector, sendPieces } from '../protocol/attachments.js';
import {
  CALLS_PER_SECOND,
  FROM_CHILD,
  MAX_ATTACHMENT_BYTES,
  MAX_HELD_BYTES,
  MAX_PENDING_CALLS,
  type ResultMessage,
} from '../protocol/frames.js';
import { decodeJson, encodeJson, parseJson } from '../protocol/json.js';
import { host } from './host.js';
import { RateLimit } from '../protocol/rate-limit.js';

export interface PanelAnswer {
  value: unknown;
  attachment: Uint8Array;
}

interface Pending {
  /** Of the body that was sent along; the panel holds it until it answers. */
  bytes: number;
  resolve(answer: PanelAnswer): void;
  reject(error: Error): void;
}

/** Calls of the panel's capabilities. What is allowed, the panel decides. */
export class PanelCalls {
  readonly #pending = new Map<number, Pending>();
  readonly #bodies = new AttachmentCollector(MAX_ATTACHMENT_BYTES, MAX_PENDING_CALLS);
  readonly #rate = new RateLimit(CALLS_PER_SECOND);
  #nextId = 1;
  #heldBytes = 0;
  /** The panel's id of the call that is being served, when that is a call by another plugin. */
  currentCall: () => number | undefined = () => undefined;

  constructor(readonly channel: FrameChannel) {}

  get pending(): number {
    return this.#pending.size;
  }

  async call(name: string, args: unknown, attachment?: Uint8Array): Promise<PanelAnswer> {
    if (this.#pending.size >= MAX_PENDING_CALLS)
      throw new Error(
        `More than ${MAX_PENDING_CALLS} calls of the panel are under way. Await some before making more.`,
      );
    if (!this.#rate.take())
      throw new Error(`More than ${CALLS_PER_SECOND} calls of the panel in a second. Call less often.`);
    if (attachment && attachment.length > MAX_ATTACHMENT_BYTES)
      throw new RangeError(`The body has ${attachment.length} bytes; at most ${MAX_ATTACHMENT_BYTES} can be sent.`);
    const bytes = attachment?.length ?? 0;
    if (bytes > 0 && this.#heldBytes + bytes > MAX_HELD_BYTES)
      throw new RangeError(
        `More than ${MAX_HELD_BYTES} bytes of bodies are under way. Await some calls before making more.`,
      );
    const id = this.#nextId++;
    const via = this.currentCall();
    const message = encodeJson({
      name,
      args,
      ...(via !== undefined && { via }),
      ...(attachment?.length && { attachment: attachment.length }),
    });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { bytes, resolve, reject });
      this.#heldBytes += bytes;
      this.channel.send(FROM_CHILD.call, id, message);
      if (attachment) sendPieces(this.channel, FROM_CHILD.callChunk, id, attachment);
    });
  }

  onResult(id: number, payload: Uint8Array): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    const { value, error, attachment = 0, packed = false } = decodeJson(payload) as ResultMessage;
    if (!error)
      return this.#bodies.expect(id, attachment, (bytes) =>
        this.#settle(id, () =>
          pending.resolve(packed ? { value: unpack(bytes), attachment: NO_BYTES } : { value, attachment: bytes }),
        ),
      );
    this.#settle(id, () => pending.reject(namedError(error)));
  }

  onChunk(id: number, piece: Uint8Array): void {
    this.#bodies.add(id, piece);
  }

  #settle(id: number, settle: () => void): void {
    this.#heldBytes -= this.#pending.get(id)?.bytes ?? 0;
    this.#pending.delete(id);
    settle();
  }
}

function namedError({ name, message, code }: NonNullable<ResultMessage['error']>): Error {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: name, configurable: true });
  if (code !== undefined) Object.defineProperty(error, 'code', { value: code, enumerable: true, configurable: true });
  return error;
}

const NO_BYTES = new Uint8Array(0);

/** Long lists of the panel, such as all its servers. */
const unpack = (bytes: Uint8Array): unknown => parseJson(new host.TextDecoder().decode(bytes));
