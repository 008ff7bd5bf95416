import { sendPieces } from '../protocol/attachments.js';
import type { FrameChannel } from '../protocol/channel.js';
import { BODY_WINDOW, FROM_CHILD, PIECE_BYTES, WHOLE_BODY_BYTES } from '../protocol/frames.js';
import { encodeJson } from '../protocol/json.js';
import type { Answer } from './sodium/http-response.js';

interface Outgoing {
  body: Uint8Array;
  sent: number;
  credit: number;
}

/** Sends answers; a large body goes out no faster than the panel passes it on. */
export class AnswerSender {
  readonly #open = new Set<number>();
  readonly #outgoing = new Map<number, Outgoing>();

  constructor(readonly channel: FrameChannel) {}

  open(id: number): void {
    this.#open.add(id);
  }

  send(id: number, { status, headers, body }: Answer): void {
    if (!this.#open.delete(id)) return;
    this.channel.send(FROM_CHILD.head, id, encodeJson({ status, headers, body: body.length }));
    if (body.length <= WHOLE_BODY_BYTES) return sendPieces(this.channel, FROM_CHILD.body, id, body);
    this.#outgoing.set(id, { body, sent: 0, credit: 0 });
    this.credit(id, BODY_WINDOW);
  }

  credit(id: number, pieces: number): void {
    const outgoing = this.#outgoing.get(id);
    if (!outgoing) return;
    outgoing.credit += pieces;
    const end = Math.min(outgoing.body.length, outgoing.sent + outgoing.credit * PIECE_BYTES);
    const count = Math.ceil((end - outgoing.sent) / PIECE_BYTES);
    sendPieces(this.channel, FROM_CHILD.body, id, outgoing.body.subarray(outgoing.sent, end));
    outgoing.sent = end;
    outgoing.credit -= count;
    if (end === outgoing.body.length) this.#outgoing.delete(id);
  }

  abort(id: number): void {
    this.#open.delete(id);
    this.#outgoing.delete(id);
  }
}
