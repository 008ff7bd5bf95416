import { Buffer } from 'node:buffer';

/** What the store needs of the connection to the plugin's process. */
export interface StoreChannel {
  readonly closed: boolean;
  /** False: the other side is behind, await `drained()`. */
  send(type: number, id: number, payload?: Uint8Array): boolean;
  drained(): Promise<void>;
  /** An error thrown by the handler ends the connection. Returns the end of the subscription. */
  onFrame(
    range: { from: number; to: number },
    handler: (type: number, id: number, payload: Uint8Array) => void,
  ): () => void;
}

/** All of the store's frame types lie here. */
export const STORE_FRAME_RANGE = { from: 64, to: 127 };

/** The frames between a plugin's collections in its own process and the panel, which owns the disk. */
export const StoreFrame = {
  /** Child: send everything. Once per process. */
  load: 64,
  /** Panel: the chunks that follow belong to this file. JSON `LoadedFile`. */
  loadFile: 65,
  loadChunk: 66,
  /** Panel: that was all. JSON `LoadSummary`. */
  loaded: 67,
  /** Panel: the files cannot be read. JSON `Refusal`. */
  loadFailed: 68,
  /** Child: one journal line, newline included. */
  line: 69,
  /** Panel: the next `id` lines are on disk. One byte 1: tell what they held. */
  ack: 70,
  /** Panel: no line that is not acknowledged yet was or will be kept, until `resume`. JSON `Refusal`. */
  nack: 71,
  /** Child: the refused lines are undone; what follows is new. */
  resume: 72,
  compactBegin: 73,
  /** Child: the chunks that follow belong to this collection's snapshot. */
  compactFile: 74,
  compactChunk: 75,
  /** Panel: one chunk is written; the child may send another. */
  compactCredit: 76,
  compactEnd: 77,
  compactAbort: 78,
  /** Panel: over. Empty payload, or JSON `Refusal`. */
  compactDone: 79,
  /** Child, if an acknowledgement asked: what the acknowledged lines held. JSON `SavedWrite[]`. */
  saved: 80,
} as const;

export interface LoadedFile {
  /** Relative to the folder of all stores, for messages: `plugins_billing/invoices.json`. */
  label: string;
  kind: 'snapshot' | 'journal';
  /** Of a snapshot. */
  collection?: string;
}

export interface LoadSummary {
  /** Nothing reaches the disk, and nothing is compacted. */
  scratch: boolean;
  /** What earlier processes left behind, so that this one compacts it. */
  journalBytes: number;
  journalFiles: number;
}

export interface Refusal {
  code: string;
  message: string;
  /** Nothing can be written until the process has started again from disk. */
  fatal?: boolean;
}

export type SavedOperation = 'insert' | 'update' | 'delete';
export type SavedWrite = [collection: string, operation: SavedOperation, id: string];

export const COLLECTION_NAME = /^[a-z][a-z0-9_]{0,62}$/;
export const QUOTA_BYTES = 16 * 1024 * 1024;
/** How many snapshot chunks may be on their way at a time. */
export const COMPACT_CREDITS = 8;

export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export function decodeJson(payload: Uint8Array): unknown {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
}
