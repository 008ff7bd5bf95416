import { setMaxListeners } from 'node:events';
import type { Permission } from '@sodium/sdk';
import { PluginError } from '../../errors.js';
import { AttachmentCollector, sendPieces } from '../protocol/attachments.js';
import { MAX_JSON_BYTES, type FrameChannel } from '../protocol/channel.js';
import {
  CALLS_PER_SECOND,
  MAX_ATTACHMENT_BYTES,
  MAX_HELD_BYTES,
  MAX_PENDING_CALLS,
  TO_CHILD,
  type ResultMessage,
} from '../protocol/frames.js';
import { decodeJson, encodeJson } from '../protocol/json.js';
import { permissionRefusal } from '../protocol/permission-refusal.js';
import { RateLimit } from '../protocol/rate-limit.js';
import type { Capability } from '../types.js';
import { callSchema, type ChildCall } from './child-messages.js';

/** A result with bytes that do not fit into JSON. */
export class ResultWithBytes {
  constructor(
    readonly value: unknown,
    readonly bytes: Uint8Array,
  ) {}
}

export interface CapabilityScope {
  plugin: string;
  capabilities: Readonly<Record<string, Capability>>;
  hasPermission(permission: Permission): boolean;
  /** Whether an admin took it back, which is another thing to mend than a manifest that does not ask for it. */
  isRevoked?(permission: Permission): boolean;
  onPermissionUsed(permission: Permission): void;
  /** The chain of plugin calls that the panel's call `id` is part of. */
  chainOf(id: number | undefined): readonly string[];
}

/** Serves the child's calls. The child keeps limits of its own; one that goes far beyond them is not ours any more. */
export class CapabilityCalls {
  readonly #rate = new RateLimit(CALLS_PER_SECOND * 2);
  readonly #bodies = new AttachmentCollector(MAX_ATTACHMENT_BYTES, MAX_PENDING_CALLS);
  readonly #running = new Set<number>();
  readonly #abort = new AbortController();
  /** Of the bodies that running calls brought, and of the answers that the process has not taken yet. */
  #heldBytes = 0;
  #unsentBytes = 0;

  constructor(
    readonly channel: FrameChannel,
    readonly scope: CapabilityScope,
  ) {
    // Each call under way may wait for it: no leak that an operator should read of.
    setMaxListeners(MAX_PENDING_CALLS * 2, this.#abort.signal);
  }

  /** Throws when the frame breaks the protocol. */
  onCall(id: number, payload: Uint8Array): void {
    if (!this.#rate.take()) throw new Error('more calls than the sandbox lets through');
    if (this.#running.has(id) || this.#running.size >= MAX_PENDING_CALLS)
      throw new Error('more calls under way than the sandbox lets through');
    const call = callSchema.parse(decodeJson(payload));
    if (this.#heldBytes + call.attachment > MAX_HELD_BYTES * 2)
      throw new Error('larger bodies under way than the sandbox lets through');
    this.#running.add(id);
    this.#heldBytes += call.attachment;
    this.#bodies.expect(id, call.attachment, (body) => void this.#serve(id, call, body));
  }

  onChunk(id: number, piece: Uint8Array): void {
    this.#bodies.add(id, piece);
  }

  /** The process has ended: whatever still works for it may stop. */
  close(): void {
    this.#abort.abort();
    this.#bodies.clear();
  }

  async #serve(id: number, call: ChildCall, body: Uint8Array): Promise<void> {
    try {
      const result = await this.#run(call, body);
      if (result instanceof ResultWithBytes)
        this.#answer(id, { value: result.value, attachment: result.bytes.length }, result.bytes);
      else this.#answer(id, { value: result });
    } catch (error) {
      this.#answer(id, { error: describe(error) });
    } finally {
      this.#running.delete(id);
      this.#heldBytes -= call.attachment;
    }
  }

  async #run({ name, args, via }: ChildCall, body: Uint8Array): Promise<unknown> {
    const { plugin, capabilities, hasPermission, onPermissionUsed, chainOf } = this.scope;
    const capability = Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
    if (!capability) throw new PluginError(plugin, 'CALL_REFUSED', `This panel has no "${name}".`);
    const { permission } = capability;
    if (permission !== null && !hasPermission(permission)) {
      throw new PluginError(
        plugin,
        'PERMISSION_DENIED',
        permissionRefusal(`sodium.${name}`, permission, this.scope.isRevoked?.(permission)),
      );
    }
    const parsed = capability.args.safeParse(args);
    if (!parsed.success)
      throw new TypeError(
        `sodium.${name} was called with something else than it takes: ${parsed.error.issues[0]?.message ?? 'invalid'}`,
      );
    if (permission !== null) onPermissionUsed(permission);
    return capability.handle(parsed.data, { plugin, signal: this.#abort.signal, chain: chainOf(via), body });
  }

  #answer(id: number, message: ResultMessage, bytes?: Uint8Array): void {
    if (this.channel.closed) return;
    try {
      if (bytes && this.#unsentBytes + bytes.length > MAX_HELD_BYTES * 2)
        throw new RangeError(`Answers of more than ${MAX_HELD_BYTES * 2} bytes come at once. Await some calls before.`);
      this.channel.send(TO_CHILD.result, id, encodeJson(message));
      if (bytes) this.#sendBytes(id, bytes);
    } catch (error) {
      const packed = bytes ? null : pack(message.value);
      if (packed) return this.#answer(id, { packed: true, attachment: packed.length }, packed);
      this.channel.send(
        TO_CHILD.result,
        id,
        encodeJson({ error: { name: 'RangeError', message: (error as Error).message } }),
      );
    }
  }

  #sendBytes(id: number, bytes: Uint8Array): void {
    this.#unsentBytes += bytes.length;
    sendPieces(this.channel, TO_CHILD.resultChunk, id, bytes);
    void this.channel.drained().then(() => {
      this.#unsentBytes -= bytes.length;
    });
  }
}

/** A value that is too large for one message, for the way in pieces; null when it is too large for that too. */
function pack(value: unknown): Uint8Array | null {
  const bytes = Buffer.from(JSON.stringify(value) ?? 'null');
  return bytes.length > MAX_JSON_BYTES && bytes.length <= MAX_ATTACHMENT_BYTES ? bytes : null;
}

/** Only what a plugin may know: its own mistakes word for word, others by name. */
function describe(error: unknown): NonNullable<ResultMessage['error']> {
  if (!(error instanceof Error)) return { name: 'Error', message: 'The panel could not do this.' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const name = code === 'PERMISSION_DENIED' ? 'PermissionError' : error.name;
  return { name, message: error.message.slice(0, 2000), ...(code !== undefined && { code }) };
}
