import type { HttpCall } from '../types.js';

/** Frames that the panel sends. The id is the panel's call id unless said otherwise. */
export const TO_CHILD = {
  /** `LoadMessage`; `attachment` bytes of source follow as chunks with the same id. */
  load: 1,
  /** A piece of the bytes announced by the last message with this id. */
  chunk: 2,
  hook: 3,
  http: 4,
  cron: 5,
  method: 6,
  config: 7,
  ping: 8,
  /** The caller has gone: stop sending the answer's body. */
  abort: 9,
  /** The answer to `FROM_CHILD.call`; the id is the child's. */
  result: 10,
  /** The child may send this many more pieces of the answer's body. */
  credit: 11,
  /** Compact the store and answer: the process is about to end. */
  settle: 12,
  /** A piece of the bytes that a `result` announced; the id is the child's. */
  resultChunk: 13,
} as const;

/** Frames that the child sends. The id is the panel's call id unless said otherwise. */
export const FROM_CHILD = {
  booted: 32,
  done: 35,
  failed: 36,
  /** An HTTP answer without its body; `body` bytes follow. */
  head: 37,
  body: 38,
  /** A capability call; the id is the child's. `attachment` bytes follow. */
  call: 40,
  callChunk: 41,
  log: 42,
  pong: 43,
} as const;

/** One piece of a body; pieces travel between other frames, so none keeps the channel for long. */
export const PIECE_BYTES = 64 * 1024;
/** How many pieces of an HTTP answer may be under way before the panel has passed them on. */
export const BODY_WINDOW = 8;
/** Answers up to this size are handed over whole. */
export const WHOLE_BODY_BYTES = BODY_WINDOW * PIECE_BYTES;
/** Of one answer. */
export const MAX_HEADERS = 200;
export const MAX_HEADER_VALUES = 50;
export const MAX_HEADER_LENGTH = 8192;
export const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
export const MAX_ATTACHMENT_BYTES = 8 * 1024 * 1024;
/** Soft limits that the child keeps; the panel ends a process that goes far beyond them. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;
export const MAX_PENDING_CALLS = 256;
export const CALLS_PER_SECOND = 2000;
export const LOGS_PER_SECOND = 100;
export const LOG_TEXT_LENGTH = 8192;

export interface LoadMessage {
  meta: { id: string; name: string; version: string; sodium: string };
  permissions: string[];
  /** Taken back by an admin since; only for saying so. */
  revoked?: string[];
  declaredHooks: string[];
  config: Record<string, unknown>;
  /** Whether the panel serves the store frames. */
  store: boolean;
  /** Bytes of the compiled source. */
  attachment: number;
  /** How far the plugin's clock is ahead; only in tests. */
  clockOffsetMs?: number;
}
export interface HookMessage {
  handler: number;
  event: string;
  context: unknown;
}
/** The call without its body: `attachment` bytes follow. */
export type HttpMessage = Omit<HttpCall, 'body'> & { attachment: number };
export interface CronMessage {
  name: string;
}
export interface MethodMessage {
  name: string;
  args: readonly unknown[];
}
export interface ConfigMessage {
  changed: Record<string, unknown>;
  all: Record<string, unknown>;
  clockOffsetMs?: number;
}
export interface ResultMessage {
  value?: unknown;
  error?: { name: string; message: string; code?: string };
  attachment?: number;
  /** The attachment is the value as JSON: it was too large for a message. */
  packed?: boolean;
}
