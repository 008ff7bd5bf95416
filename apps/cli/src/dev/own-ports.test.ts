import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepToOwnPorts } from './own-ports.js';

const folder = mkdtempSync(join(tmpdir(), 'sodium-ports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a panel to develop on gives its servers ports that other panels do not, and keeps what its author chose', () => {
  const ranges = Array.from({ length: 40 }, (_, index) => {
    const file = join(folder, `${index}.json`);
    keepToOwnPorts(file);
    keepToOwnPorts(file);
    return (JSON.parse(readFileSync(file, 'utf8')) as { servers: { ports: { from: number; to: number } } }).servers
      .ports;
  });
  for (const { from, to } of ranges) {
    expect(from % 50).toBe(0);
    expect(to - from).toBe(49);
    expect(from).toBeGreaterThanOrEqual(10_000);
    expect(to).toBeLessThan(20_000);
  }
  expect(new Set(ranges.map(({ from }) => from)).size).toBeGreaterThan(10);
  const chosen = join(folder, 'chosen.json');
  writeFileSync(chosen, '{}');
  keepToOwnPorts(chosen);
  expect(readFileSync(chosen, 'utf8')).toBe('{}');
});
