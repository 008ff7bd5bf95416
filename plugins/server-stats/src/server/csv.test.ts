import { expect, test } from 'vitest';
import { toCsv } from './csv.js';

test('names with commas and quotes stay one cell, and none becomes a formula', () => {
  const points = [{ at: 60_000, cpu: 1.5, memoryBytes: 7 }];
  const csv = toCsv([
    { id: 'a', name: 'web, "one"', points },
    { id: 'b', name: '=1+1', points },
  ]);
  expect(csv.split('\r\n')).toEqual([
    'time,server,name,cpu_percent,memory_bytes',
    '1970-01-01T00:01:00.000Z,a,"web, ""one""",1.5,7',
    "1970-01-01T00:01:00.000Z,b,'=1+1,1.5,7",
    '',
  ]);
});
