/** A frame: `[u32 payload length][u8 type][u32 id][payload]`, little endian. */
export interface FrameChannel {
  /** Queues one frame; frames of one tick leave in one write. False: the other side is behind, await `drained()`. */
  send(type: number, id: number, payload?: Uint8Array): boolean;
  /** Resolves when the queue is short again; at once when it is, or when the channel has closed. */
  drained(): Promise<void>;
  /**
   * Receives the frames whose type lies in the range, in order. The payload belongs to the handler and is never reused.
   * An error thrown by a handler closes the channel: frames come from a process that may be hostile.
   */
  onFrame(range: FrameRange, handler: (type: number, id: number, payload: Uint8Array) => void): () => void;
  /** Called once, with the reason when this side gave up on the other. */
  onClose(handler: (reason: Error | null) => void): () => void;
  close(reason?: Error): void;
  readonly closed: boolean;
}

export interface FrameRange {
  /** Inclusive. */
  from: number;
  to: number;
}

/** Calls, answers, logs: defined in `frames.ts`. */
export const CONTROL_FRAMES: FrameRange = { from: 1, to: 63 };
/** Belongs to the store alone; its types are defined beside the store. */
export const STORE_FRAMES: FrameRange = { from: 64, to: 127 };

export const HEADER_BYTES = 9;
export const MAX_JSON_BYTES = 256 * 1024;
export const MAX_BODY_BYTES = 1024 * 1024;
export const MAX_STORE_BYTES = 4 * 1024 * 1024;
