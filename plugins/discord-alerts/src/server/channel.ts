import type { Document } from '@sodium/sdk';
import type { SentMessage } from '../shapes.js';
import type { Context } from './context.js';

const CHANNEL = 'channel';
const SENT = 'sent';
const SENT_KEPT = 20;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15 * 60_000;

interface ChannelDocument extends Document {
  /** Nothing is sent before. */
  pausedUntil: number;
  pausedBecause: string | null;
  /** In a row. */
  failures: number;
  disabled: { reason: string; at: number } | null;
  /** Of the address that all this is about. */
  fingerprint: string;
}

const NEW: ChannelDocument = {
  id: CHANNEL,
  pausedUntil: 0,
  pausedBecause: null,
  failures: 0,
  disabled: null,
  fingerprint: '',
};

/** What is known of the webhook: whether it may be used, and from when on. Kept, so that a restart honours it too. */
export class Channel {
  constructor(readonly context: Context) {
    context.db.registerCollections([CHANNEL, SENT]);
  }

  get state(): ChannelDocument {
    return this.context.db.get<ChannelDocument>(CHANNEL, CHANNEL) ?? NEW;
  }

  /** Another address starts from nothing. */
  async meet(address: string): Promise<void> {
    const fingerprint = await fingerprintOf(address);
    if (this.state.fingerprint !== fingerprint) this.#patch({ ...NEW, fingerprint });
  }

  pause(ms: number, because: string | null): void {
    if (ms > 0) this.#patch({ pausedUntil: this.context.now() + ms, pausedBecause: because });
  }

  /** Waits longer each time, not all panels at the same moment, and never less than was asked for. */
  backOff(reason: string, leastMs: number): void {
    const failures = this.state.failures + 1;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2);
    this.#patch({ failures });
    this.pause(Math.max(wait, leastMs), reason);
  }

  disable(reason: string): void {
    this.#patch({ disabled: { reason, at: this.context.now() } });
    this.context.logger.error(`Nothing is sent to Discord any more: ${reason}`);
  }

  enable(): void {
    this.#patch({ disabled: null, failures: 0, pausedUntil: 0, pausedBecause: null });
  }

  /** It answered as it should. */
  worked(): void {
    const { failures, disabled } = this.state;
    if (failures > 0 || disabled) this.#patch({ failures: 0, disabled: null });
  }

  noteSent(text: string, events: number): void {
    const { db, now } = this.context;
    db.insert(SENT, { at: now(), text, events });
    const kept = db.find(SENT);
    for (const { id } of kept.slice(0, Math.max(0, kept.length - SENT_KEPT))) db.delete(SENT, id);
  }

  sent(): SentMessage[] {
    return this.context.db.find<SentMessage & Document>(SENT).reverse();
  }

  #patch(patch: Partial<ChannelDocument>): void {
    const { db } = this.context;
    if (!db.update(CHANNEL, CHANNEL, patch)) db.insert(CHANNEL, { ...NEW, ...patch });
  }
}

async function fingerprintOf(address: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(address));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
