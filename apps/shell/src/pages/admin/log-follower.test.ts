import type { PluginLogLine } from '@sodium/contract';
import { expect, test, vi } from 'vitest';
import { LogFollower } from './log-follower.js';

const line = (seq: number): PluginLogLine => ({ seq, at: seq, level: 'info', source: 'plugin', text: `line ${seq}` });

test('goes on after the last line it has, and begins anew when the panel does', async () => {
  const asked: string[] = [];
  const answers: object[][] = [
    [{ last: 2 }, { lines: [line(1), line(2)] }, {}],
    [{ last: 3 }, { lines: [line(3)] }],
    [{ last: 1 }, {}],
    [{ last: 1 }, { lines: [line(1)] }],
  ];
  const api = {
    follow: async (path: string, onMessage: (message: never) => void, signal: AbortSignal): Promise<void> => {
      asked.push(path.replace(/^.*after=/, ''));
      const answer = answers.shift();
      for (const message of answer ?? []) onMessage(message as never);
      if (!answer) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const seen: (number | string)[] = [];
  const states: string[] = [];
  const follower = new LogFollower(api, 'worker', {
    lines: (lines) => seen.push(...lines.map(({ seq }) => seq)),
    restarted: () => seen.push('anew'),
    state: ({ kind }) => states.push(kind),
  });
  await vi.waitFor(() => expect(asked).toHaveLength(5), 10_000);
  follower.stop();
  expect(asked).toEqual(['0', '2', '3', '0', '1']);
  expect(seen).toEqual([1, 2, 3, 'anew', 1]);
  // A connection that ends after it worked is taken up again without a word.
  expect(new Set(states)).toEqual(new Set(['live']));
});

test('tells when the panel cannot be reached, and goes on trying', async () => {
  const states: string[] = [];
  let tries = 0;
  const api = {
    follow: async (_path: string, onMessage: (message: never) => void): Promise<void> => {
      tries += 1;
      if (tries < 3) throw new Error('unreachable');
      onMessage({ last: 0 } as never);
      await new Promise(() => undefined);
    },
  };
  const follower = new LogFollower(api, 'worker', {
    lines: () => undefined,
    restarted: () => undefined,
    state: ({ kind }) => states.push(kind),
  });
  await vi.waitFor(() => expect(states.at(-1)).toBe('live'), 10_000);
  follower.stop();
  expect(states).toEqual(['lost', 'live']);
});
