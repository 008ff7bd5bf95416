import { LOG_TEXT_LENGTH } from '../protocol/frames.js';

const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;

export function formatValues(values: readonly unknown[]): string {
  return values.slice(0, MAX_ENTRIES).map(formatValue).join(' ').slice(0, LOG_TEXT_LENGTH);
}

/** A value as a log line shows it. Whatever the plugin's getters and proxies do, this returns text. */
export function formatValue(value: unknown): string {
  try {
    return typeof value === 'string' ? value.slice(0, LOG_TEXT_LENGTH) : show(value, 0).slice(0, LOG_TEXT_LENGTH);
  } catch {
    return '[unprintable]';
  }
}

function show(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LOG_TEXT_LENGTH));
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return describeError(value).stack;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
  if (Array.isArray(value))
    return `[${more(
      value.slice(0, MAX_ENTRIES).map((item) => show(item, depth + 1)),
      value.length,
    )}]`;
  if (value instanceof Map) return `Map ${show(Object.fromEntries([...value].slice(0, MAX_ENTRIES)), depth)}`;
  if (value instanceof Set) return `Set ${show([...value].slice(0, MAX_ENTRIES), depth)}`;
  const keys = Object.keys(value);
  const shown = keys
    .slice(0, MAX_ENTRIES)
    .map((key) => `${key}: ${show((value as Record<string, unknown>)[key], depth + 1)}`);
  return shown.length === 0 ? '{}' : `{ ${more(shown, keys.length)} }`;
}

const more = (shown: string[], total: number): string =>
  [...shown, ...(total > shown.length ? [`… ${total - shown.length} more`] : [])].join(', ');

export interface ErrorDescription {
  name: string;
  message: string;
  code?: string;
  stack: string;
}

/** Name, message and the frames of the plugin's own files; thrown values of any kind are welcome. */
export function describeError(error: unknown): ErrorDescription {
  try {
    if (typeof error !== 'object' || error === null) return plain(typeof error === 'string' ? error : String(error));
    const { name, message, code, stack } = error as Record<string, unknown>;
    const title = { name: text(name ?? 'Error', 80), message: text(message ?? '', 2000) };
    const frames = text(stack ?? '', 20_000)
      .split('\n')
      .filter((line) => line.includes('plugin:') && /^\s+at /.test(line))
      .slice(0, 20);
    return {
      ...title,
      ...(typeof code === 'string' && { code: text(code, 80) }),
      stack: [`${title.name}: ${title.message}`, ...frames].join('\n').slice(0, LOG_TEXT_LENGTH),
    };
  } catch {
    return plain('an error that cannot be read');
  }
}

const plain = (message: string): ErrorDescription => ({
  name: 'Error',
  message: text(message, 2000),
  stack: text(message, 2000),
});
const text = (value: unknown, length: number): string => String(value).slice(0, length);
