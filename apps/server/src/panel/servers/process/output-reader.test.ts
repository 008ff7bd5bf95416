import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { ConsoleBuffer } from './console-buffer.js';
import { OutputReader } from './output-reader.js';

function read() {
  const stream = new PassThrough();
  const lines: string[] = [];
  let dropped = 0;
  const reader = new OutputReader(stream, { line: (text) => lines.push(text), dropped: (bytes) => (dropped += bytes) });
  return { stream, lines, reader, dropped: () => dropped };
}

test('lines arrive whole however the bytes were cut, also inside a character', async () => {
  const { stream, lines } = read();
  const bytes = Buffer.from('grüße\r\nzweite\n\ndritte\n');
  for (const byte of bytes) stream.write(Buffer.of(byte));
  await vi.waitFor(() => expect(lines).toEqual(['grüße', 'zweite', '', 'dritte']));
});

test('a prompt without a line feed is shown', async () => {
  const { stream, lines } = read();
  stream.write('> ');
  await vi.waitFor(() => expect(lines).toEqual(['> ']));
});

test('a line without end is cut, and the line after it is whole', async () => {
  const { stream, lines, reader, dropped } = read();
  stream.write('x'.repeat(30_000));
  stream.write('x'.repeat(10_000) + '\nnext\n');
  await vi.waitFor(() => expect(lines).toHaveLength(2));
  expect(lines[0]).toHaveLength(4097);
  expect(lines[1]).toBe('next');
  reader.end();
  expect(dropped()).toBe(40_000 - 4096);
});

test('a flood is counted, not shown, and the writer has to wait', async () => {
  const { stream, lines, dropped } = read();
  let written = 0;
  let waited = false;
  for (let index = 0; index < 200 && !waited; index++) {
    waited = !stream.write('y\n'.repeat(8192));
    written += 16_384;
  }
  expect(waited).toBe(true);
  await vi.waitFor(() => expect(dropped()).toBeGreaterThan(0));
  expect(lines.length).toBeLessThan(1000);
  expect(written).toBeLessThan(200 * 16_384);
});

test('the buffer keeps the last lines, and numbers go on', () => {
  const buffer = new ConsoleBuffer();
  for (let index = 1; index <= 5000; index++) buffer.push('out', `line ${index}`);
  const all = buffer.after();
  expect(all).toHaveLength(1000);
  expect(all.at(-1)).toMatchObject({ seq: 5000, text: 'line 5000' });
  expect(buffer.after(4998).map((line) => line.seq)).toEqual([4999, 5000]);
  // A number from before a restart of the panel.
  expect(buffer.after(90_000)).toHaveLength(1000);
});

test('long lines count by their length', () => {
  const buffer = new ConsoleBuffer();
  for (let index = 0; index < 500; index++) buffer.push('out', 'x'.repeat(4096));
  const size = buffer.after().reduce((sum, line) => sum + line.text.length, 0);
  expect(size).toBeLessThanOrEqual(256 * 1024);
  expect(size).toBeGreaterThan(200 * 1024);
});
