import { expect, test } from 'vitest';
import { groupEvents, nextPace, type Pace } from './coalesce.js';
import { outcomeOf } from './discord.js';
import { kindOfChange } from './listen.js';
import { faultOfHours, isQuiet, quietEnd } from './quiet-hours.js';

const BERLIN = { from: '22:00', to: '02:30', timezone: 'Europe/Berlin' };
const at = (text: string): number => Date.parse(text);
const end = (hours: typeof BERLIN, text: string): string => new Date(quietEnd(hours, at(text))!).toISOString();

test('quiet hours go over midnight, by the clocks of their zone', () => {
  expect(isQuiet(BERLIN, at('2026-01-10T20:59:59Z'))).toBe(false);
  expect(isQuiet(BERLIN, at('2026-01-10T21:00:00Z'))).toBe(true);
  expect(end(BERLIN, '2026-01-10T21:00:00Z')).toBe('2026-01-11T01:30:00.000Z');
  expect(end(BERLIN, '2026-07-10T20:00:10Z')).toBe('2026-07-11T00:30:00.000Z');
  expect(quietEnd({ from: '12:00', to: '13:00', timezone: 'UTC' }, at('2026-01-01T13:00:00Z'))).toBeNull();
  expect(end({ from: '09:00', to: '17:00', timezone: 'Asia/Kathmandu' }, '2026-01-01T03:15:00Z')).toBe('2026-01-01T11:15:00.000Z'); // prettier-ignore
});

test('an end that the change to summer time leaps over is where the clocks land', () => {
  // 02:00 becomes 03:00 at 01:00 UTC: there is no 02:30.
  expect(end(BERLIN, '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  expect(isQuiet(BERLIN, at('2026-03-29T01:00:00Z'))).toBe(false);
});

test('an hour that the change to winter time repeats is as quiet as the clocks say', () => {
  // 03:00 becomes 02:00 at 01:00 UTC: 02:30 comes twice.
  expect(end(BERLIN, '2026-10-24T21:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(isQuiet(BERLIN, at('2026-10-25T00:45:00Z'))).toBe(false);
  expect(end(BERLIN, '2026-10-25T01:10:00Z')).toBe('2026-10-25T01:30:00.000Z');
});

test('hours that cannot be kept are named', () => {
  expect(faultOfHours({ ...BERLIN, timezone: 'Europe/Atlantis' })).toMatch(/no time zone "Europe\/Atlantis"/);
  expect(faultOfHours({ ...BERLIN, to: '22:00' })).toMatch(/same time/);
  expect(faultOfHours(BERLIN)).toBeNull();
});

test('three events of a server in a minute are told at once, a storm once a minute', () => {
  let pace: Pace | null = null;
  const held: number[] = [];
  for (let second = 0; second < 180; second += 5) {
    const next = nextPace(pace, second * 1000);
    pace = next.pace;
    if (next.heldUntil !== null) held.push(next.heldUntil);
  }
  expect(held).toHaveLength(36 - 3);
  expect([...new Set(held)]).toEqual([60_000, 120_000, 180_000]);
  expect(nextPace(pace, 400_000).heldUntil).toBeNull();
  expect(nextPace({ start: 1_000_000, count: 9 }, 5).heldUntil).toBeNull();
});

test('creations and alerts are never folded', () => {
  const events = Array.from(
    { length: 5 },
    () => ({ kind: 'alert', subject: 'x', folded: true, alone: false }) as const,
  );
  expect(groupEvents(events)).toHaveLength(5);
});

test.each([
  [{ from: 'starting', to: 'running', action: 'start' }, 'start'],
  [{ from: 'offline', to: 'starting', action: 'start' }, null],
  [{ from: 'running', to: 'offline', action: 'crash' }, 'crash'],
  [{ from: 'installing', to: 'offline', action: 'crash' }, 'crash'],
  [{ from: 'installing', to: 'offline' }, null],
  [{ from: 'stopping', to: 'offline', action: 'stop' }, 'stop'],
  [{ from: 'stopping', to: 'offline', action: 'restart' }, null],
  [{ from: 'running', to: 'offline' }, 'stop'],
] as const)('a change %j is told as %s', (change, kind) => expect(kindOfChange(change)).toBe(kind));

test.each([
  [200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.25' }, '{"id":"12"}', { kind: 'sent', messageId: '12', pauseMs: 1250 }],
  [204, { 'x-ratelimit-remaining': '4', 'x-ratelimit-reset-after': '1.25' }, '', { kind: 'sent', pauseMs: 0 }],
  [429, { 'retry-after': '2' }, '{"retry_after":1.7,"global":true}', { kind: 'limited', pauseMs: 2000, global: true }],
  [429, {}, '<html>1015</html>', { kind: 'limited', pauseMs: 60_000, global: false }],
  [429, {}, '{"retry_after":"soon"}', { kind: 'limited', pauseMs: 60_000 }],
  [429, {}, '{"retry_after":1e9}', { kind: 'limited', pauseMs: 3_600_000 }],
  [404, {}, '{"code":10015}', { kind: 'gone' }],
  [401, {}, '', { kind: 'gone' }],
  [301, {}, '', { kind: 'gone' }],
  [400, {}, '{"message":"Invalid Form Body"}', { kind: 'refused', reason: 'Discord answered with status 400: Invalid Form Body' }],
  [503, {}, 'null', { kind: 'failed', pauseMs: 0 }],
  [503, { 'retry-after': '30' }, '', { kind: 'failed', pauseMs: 30_000 }],
] as const)('status %d %j %s', (status, headers, text, outcome) => {
  expect(outcomeOf(status, new Headers(headers as Record<string, string>), text)).toMatchObject(outcome);
}); // prettier-ignore
