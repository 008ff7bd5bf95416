import type { Duplex } from 'node:stream';
import {
  CONTROL_FRAMES,
  HEADER_BYTES,
  MAX_BODY_BYTES,
  MAX_STORE_BYTES,
  STORE_FRAMES,
  type FrameChannel,
  type FrameRange,
} from './channel.js';
import { FrameDecoder, type FrameHandler } from './decoder.js';

const HIGH_WATER_BYTES = 1024 * 1024;

/** What a frame of this type may carry at most; nothing for types that do not exist. */
export function maxFrameBytes(type: number): number {
  if (type >= STORE_FRAMES.from && type <= STORE_FRAMES.to) return MAX_STORE_BYTES;
  return type >= CONTROL_FRAMES.from && type <= CONTROL_FRAMES.to ? MAX_BODY_BYTES : 0;
}

/** Speaks frames over any duplex stream. Both sides of the sandbox use this one. */
export function createStreamChannel(stream: Duplex, maxBytes: (type: number) => number = maxFrameBytes): FrameChannel {
  const handlers: { range: FrameRange; handler: FrameHandler }[] = [];
  const closeHandlers = new Set<(reason: Error | null) => void>();
  let queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let scheduled = false;
  let closed = false;
  let waiting: (() => void)[] = [];

  const dispatch: FrameHandler = (type, id, payload) => {
    if (closed) return;
    const entry = handlers.find(({ range }) => type >= range.from && type <= range.to);
    if (!entry) throw new Error(`a frame of the unknown type ${type}`);
    entry.handler(type, id, payload);
  };
  const decoder = new FrameDecoder(maxBytes, dispatch);

  const release = (): void => {
    const ready = waiting;
    waiting = [];
    for (const resolve of ready) resolve();
  };
  const pending = (): number => queuedBytes + stream.writableLength;
  const flush = (): void => {
    scheduled = false;
    if (queue.length === 0 || closed) return;
    const bytes = queue.length === 1 ? queue[0]! : Buffer.concat(queue, queuedBytes);
    queue = [];
    queuedBytes = 0;
    stream.write(bytes, () => {
      if (waiting.length > 0 && pending() < HIGH_WATER_BYTES) release();
    });
  };
  const end = (reason: Error | null): void => {
    if (closed) return;
    flush();
    closed = true;
    queue = [];
    queuedBytes = 0;
    release();
    for (const handler of closeHandlers) handler(reason);
    closeHandlers.clear();
    stream.destroy();
  };

  stream.on('data', (chunk: Uint8Array) => {
    if (closed) return;
    try {
      decoder.push(chunk);
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)));
    }
  });
  stream.on('error', () => end(null));
  stream.on('close', () => end(null));

  return {
    get closed() {
      return closed;
    },
    send(type, id, payload) {
      if (closed) return false;
      queue.push(encodeFrame(type, id, payload));
      queuedBytes += HEADER_BYTES + (payload?.length ?? 0);
      if (!scheduled) {
        scheduled = true;
        queueMicrotask(flush);
      }
      return pending() < HIGH_WATER_BYTES;
    },
    drained() {
      if (closed || pending() < HIGH_WATER_BYTES) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    onFrame(range, handler) {
      const entry = { range, handler };
      handlers.push(entry);
      return () => {
        const index = handlers.indexOf(entry);
        if (index >= 0) handlers.splice(index, 1);
      };
    },
    onClose(handler) {
      closeHandlers.add(handler);
      return () => closeHandlers.delete(handler);
    },
    close(reason) {
      end(reason ?? null);
    },
  };
}

export function encodeFrame(type: number, id: number, payload?: Uint8Array): Uint8Array {
  const length = payload?.length ?? 0;
  // Not from the shared pool: its memory is visible to whoever gets hold of a view's buffer.
  const frame = Buffer.allocUnsafeSlow(HEADER_BYTES + length);
  frame.writeUInt32LE(length, 0);
  frame.writeUInt8(type, 4);
  frame.writeUInt32LE(id >>> 0, 5);
  if (payload) frame.set(payload, HEADER_BYTES);
  return frame;
}
