import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embedOf, foldedEmbed, LIMITS } from './embeds.js';
import { escapeText, fit } from './escape.js';
import { composeMessage } from './message.js';
import type { QueuedEvent } from './queued-event.js';
import { DEFAULTS, faultOf, fill } from './template.js';

const event = (patch: Partial<QueuedEvent> = {}): QueuedEvent => ({
  id: crypto.randomUUID(),
  kind: 'crash',
  at: 1_800_000_000_000,
  subject: 'server:web',
  values: { server: 'web', template: 'node', owner: 'ann', user: 'ada', exit_code: '1' },
  state: 'waiting',
  dueAt: 0,
  attempts: 0,
  folded: false,
  doubtful: false,
  alone: false,
  ...patch,
});
const named = (server: string, patch: Partial<QueuedEvent> = {}): QueuedEvent =>
  event({ subject: `server:${server}`, values: { ...event().values, server }, ...patch });

/** What Discord shows of escaped text: a backslash takes the meaning of any punctuation. */
const shown = (text: string): string => text.replace(/\\([^0-9A-Za-z\s])/g, '$1');

test('names are shown as they are: no markup, link, mention, emoji or line of theirs works', () => {
  expect(escapeText('**x** @everyone <@123> [a](https://evil) `c` :tada: <t:1>')).toBe(
    '\\*\\*x\\*\\* \\@everyone \\<\\@123\\> \\[a\\]\\(https\\://evil\\) \\`c\\` \\:tada\\: \\<t\\:1\\>',
  );
  expect(escapeText('a\n# b\u202ec\u200b\u0000')).toBe('a \\# b c');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), (name) => {
      const escaped = escapeText(name);
      expect([...shown(escaped)].length).toBeLessThanOrEqual(100);
      expect(escaped.replace(/\\[^0-9A-Za-z\s]/g, '')).not.toMatch(/[\\`*_{}[\]()#+\-.!|>~<:@&\n]/);
    }),
  );
});

test('a value is not a template, and an unknown placeholder is refused by its name', () => {
  expect(fill('{server} by {user}', { server: '{user}', user: 'ann' })).toBe('{user} by ann');
  expect(fill('{constructor}', {})).toBe('{constructor}');
  expect(faultOf('crash', '{server} {nope}')).toMatch(/no placeholder \{nope\}.*\{exit_code\}/);
  expect(faultOf('login', '{user} {ip} {time}')).toBeNull();
  const embed = embedOf(named('{user} @here'), DEFAULTS.crash);
  expect(embed.description).toBe('**\\{user\\} \\@here** crashed with exit code 1\\.'.replace('1\\.', '1.'));
});

test('no limit of Discord is passed, and no escape is cut in two', () => {
  const long = embedOf(event(), { title: '*'.repeat(500), body: '{server}'.repeat(2000) });
  expect([long.title.length, long.description.length]).toEqual([LIMITS.title, LIMITS.description]);
  expect(fit('ab\\*cd', 4)).toBe('ab…');
  expect(fit('a😀bcd', 3)).toBe('a…');
});

test('a message has ten embeds, 6000 characters, and the mentions of what it tells', () => {
  const many = Array.from({ length: 25 }, (_, n) => named(`s${n}`, { kind: 'create' }));
  const of = { ...DEFAULTS, create: { ...DEFAULTS.create, roles: ['1'.repeat(18)], users: [] } };
  const first = composeMessage(many, (kind) => of[kind], 'Panel');
  expect(first.events).toHaveLength(10);
  expect(first.body).toMatchObject({
    username: 'Panel',
    content: `<@&${'1'.repeat(18)}>`,
    allowed_mentions: { parse: [], roles: ['1'.repeat(18)] },
  });
  const wordy = { ...DEFAULTS.create, body: 'x'.repeat(1490) };
  const { body } = composeMessage(many, () => wordy);
  expect(body.embeds).toHaveLength(3);
  expect(body.allowed_mentions).toEqual({ parse: [] });
  expect(body.content).toBeUndefined();
});

test('what was refused travels alone, and calls nobody for others', () => {
  const loud = { ...DEFAULTS.crash, users: ['2'.repeat(18)] };
  const ruleOf = (kind: string) => (kind === 'crash' ? loud : DEFAULTS.create);
  const { body, events } = composeMessage([named('a', { kind: 'create' }), named('b', { alone: true })], ruleOf);
  expect(events).toHaveLength(1);
  expect(body.allowed_mentions).toEqual({ parse: [] });
  expect(composeMessage([named('b', { alone: true }), named('a')], ruleOf).events).toHaveLength(1);
});

test('a storm of one server is one embed that counts; what is doubtful says so', () => {
  const storm = [named('a_b', { kind: 'start' }), named('a_b'), named('a_b', { kind: 'start', doubtful: true })];
  const { body, events } = composeMessage([storm[0]!, named('other', { kind: 'create' }), ...storm.slice(1)], (kind) => DEFAULTS[kind]); // prettier-ignore
  expect(events).toHaveLength(4);
  expect(body.embeds.map(({ title }) => title)).toEqual(['Server keeps crashing', 'Server created']);
  expect(body.embeds[0]!.description).toMatch(/^\*\*a\\_b\*\*: 2 starts, 1 crash between <t:\d+:T> and <t:\d+:T>\./);
  expect(body.embeds[0]!.description).toContain('It is running now.\nLast exit code: 1.');
  expect(body.embeds[0]!.footer?.text).toMatch(/repeat/);
  const logins = ['ada', 'ada'].map(() => event({ kind: 'login', values: { user: 'ada', ip: '::1' }, folded: true }));
  expect(foldedEmbed(logins)).toMatchObject({ title: 'Many admin logins' });
});
