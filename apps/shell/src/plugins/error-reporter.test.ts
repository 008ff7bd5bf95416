import type { RegistryEntry } from '@sodium/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/api-error.js';
import { ErrorReporter } from './error-reporter.js';

const plugin = { id: 'stats', name: 'Stats', version: '1.0.0', hash: 'a' } as RegistryEntry;

afterEach(() => vi.restoreAllMocks());

function reporter(): { reporter: ErrorReporter; told: unknown[] } {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const told: unknown[] = [];
  const request = (_method: string, _path: string, body?: unknown): Promise<never> => {
    told.push(body);
    return Promise.reject(new Error('away'));
  };
  return { reporter: new ErrorReporter({ request }), told };
}

test('tells a failure with its plugin and version, the same one once, and few in a minute', () => {
  const { reporter: it, told } = reporter();
  it.report(plugin, new TypeError('no such thing'), 'render');
  it.report(plugin, new TypeError('no such thing'), 'render');
  expect(told).toEqual([
    expect.objectContaining({
      plugin: 'stats',
      version: '1.0.0',
      message: 'TypeError: no such thing',
      where: 'render',
    }),
  ]);
  // What was built anew and fails in the same way was not mended.
  it.report({ ...plugin, hash: 'b' }, new TypeError('no such thing'), 'render');
  expect(told).toHaveLength(2);
  for (let each = 0; each < 20; each += 1) it.report(plugin, new Error(`another ${each}`), 'render');
  expect(told).toHaveLength(5);
});

test('blames no plugin for a panel that cannot be reached, but for an answer that it got', () => {
  const { reporter: it, told } = reporter();
  it.report(plugin, new ApiError(0, 'UNREACHABLE', 'The panel cannot be reached.'), 'badge');
  expect(console.error).not.toHaveBeenCalled();
  expect(told).toEqual([]);
  it.report(plugin, new ApiError(404, 'NOT_FOUND', 'There is no such route.'), 'badge');
  expect(told).toHaveLength(1);
});
