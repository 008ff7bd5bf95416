import { MAX_JSON_BYTES } from './channel.js';

/** Deeper values overflow the stack of whoever walks them. */
export const MAX_JSON_DEPTH = 100;

export function encodeJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value) ?? 'null';
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > MAX_JSON_BYTES) {
    throw new RangeError(`The message has ${bytes.length} bytes of JSON; at most ${MAX_JSON_BYTES} fit.`);
  }
  assertDepth(bytes);
  return bytes;
}

/** Parses JSON from the other side: bounded in size and depth, and without keys named `__proto__`. */
export function decodeJson(payload: Uint8Array): unknown {
  if (payload.length > MAX_JSON_BYTES) {
    throw new RangeError(`a message has ${payload.length} bytes of JSON; at most ${MAX_JSON_BYTES} are allowed`);
  }
  assertDepth(payload);
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8');
  return parseJson(text);
}

/** `JSON.parse` without keys named `__proto__`, which merging code would take for the prototype. */
export const parseJson = (text: string): unknown =>
  mayNameProto(text) ? JSON.parse(text, dropProto) : JSON.parse(text);

/** The key can hide behind escapes, so any escaped character makes a careful parse. */
const mayNameProto = (text: string): boolean => text.includes('__proto__') || text.includes('\\u');

function dropProto(this: unknown, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function assertDepth(bytes: Uint8Array): void {
  if (bytes.length <= 2 * MAX_JSON_DEPTH) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) throw new RangeError(`the message nests deeper than ${MAX_JSON_DEPTH} levels`);
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
}
