import { expect, test } from 'vitest';
import { failuresOf } from './preview-failures.js';

const at = '2026-01-01T00:00:00.000Z';

test('a start that fails is told once, and short', () => {
  const start = 'Plugin "x" failed in its start: TypeError: no\n    at default (plugin:x/server.js:2:3)';
  const problems = [{ at, message: start, where: 'server.js:2:3' }];
  const errors = [
    {
      at,
      source: 'server' as const,
      message: 'It failed: Plugin "x" failed in its start: TypeError: no.',
      where: null,
    },
    { at, source: 'server' as const, message: 'TypeError: no\n    at default', where: 'server.js:2:3' },
    { at, source: 'server' as const, message: 'RangeError: another', where: null },
  ];
  expect(failuresOf({ problems, errors }).map(({ message, trace }) => [message, trace])).toEqual([
    ['Plugin "x" failed in its start: TypeError: no', ['at default (plugin:x/server.js:2:3)']],
    ['RangeError: another', []],
  ]);
});

test('a client’s failure names files and not the address of the preview', () => {
  const token = 'https://panel.example/preview/1yyNrC6f_-Fo';
  const message = `Error: no in load\nError: no\n    at default (${token}/plugins/x/0f0f/client.js:2:3)\n    at h (${token}/assets/a.js:3:1)`;
  const [only] = failuresOf({ problems: [], errors: [{ at, source: 'client', message, where: 'client.js:2:3' }] });
  expect(only).toMatchObject({
    message: 'Error: no in load',
    trace: ['at default (client.js:2:3)', 'at h (assets/a.js:3:1)'],
  });
});
