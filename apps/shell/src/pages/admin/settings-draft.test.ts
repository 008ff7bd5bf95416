import { fieldWords, type SettingProblem } from '@sodium/contract/settings';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { expect, it } from 'vitest';
import { settingWords } from './setting-words.js';
import { SettingsDraft } from './settings-draft.js';

const specs: SettingSpecs = {
  hook: { type: 'url', secret: true, required: true },
  greeting: { type: 'string', default: 'Hello', maxLength: 8 },
  limit: { type: 'number', min: 1, max: 10, default: 5 },
  when: { type: 'cron', default: '0 3 * * *' },
  accent: { type: 'color' },
  plan: { type: 'select', options: ['small', { value: 'large', label: 'Large one' }] },
  block: { type: 'boolean', default: false },
  reason: { type: 'string', required: true, when: { block: true } },
};

it('sends only what changed, and nothing once a change was typed back', () => {
  const draft = new SettingsDraft(specs, { greeting: 'Hi' });
  draft.set('greeting', 'Yo');
  draft.set('limit', 7);
  expect(draft.changes).toEqual({ greeting: 'Yo', limit: 7 });
  draft.set('greeting', 'Hi');
  draft.set('limit', 5);
  expect(draft.dirty).toBe(false);
});

it('tells what was seen of what it changes, and stays over what another admin saved meanwhile', () => {
  const draft = new SettingsDraft(specs, { greeting: 'Hi', limit: 3, hook: { set: false } });
  draft.set('greeting', 'Yo');
  draft.set('limit', 7);
  draft.set('hook', 'https://example.com');
  expect(draft.seen).toEqual({ greeting: 'Hi', limit: 3, hook: { set: false } });
  const over = draft.over(specs, { greeting: 'Yo', limit: 4, hook: { set: true } });
  expect(over.changes).toEqual({ limit: 7, hook: 'https://example.com' });
  expect(over.seen).toEqual({ limit: 4, hook: { set: true } });
});

it('never reads a secret back, and can replace, remove or leave it', () => {
  const draft = new SettingsDraft(specs, { hook: { set: true } });
  expect(draft.value('hook')).toBeUndefined();
  expect(draft.isSet('hook')).toBe(true);
  draft.set('hook', null);
  expect(draft.isSet('hook')).toBe(false);
  expect(draft.problems()).toHaveProperty('hook');
  draft.reset('hook');
  expect(draft.changes).toEqual({});
});

it('shows and checks a field only while the settings it hangs on say so', () => {
  const draft = new SettingsDraft(specs, { hook: { set: true } });
  expect(draft.visible('reason')).toBe(false);
  expect(draft.problems()).toEqual({});
  draft.set('block', true);
  expect(draft.visible('reason')).toBe(true);
  expect(Object.keys(draft.problems())).toEqual(['reason']);
});

it.each([
  ['limit', 0],
  ['limit', 11],
  ['limit', Number.NaN],
  ['greeting', 'far too long'],
  ['hook', 'ftp://example.com'],
  ['when', '61 * * * *'],
  ['accent', 'rgb(1, 2, 3)'],
  ['plan', 'huge'],
])('refuses %s = %s', (key, value) => {
  const draft = new SettingsDraft(specs, { hook: { set: true } });
  draft.set(key, value);
  expect(Object.keys(draft.problems())).toEqual([key]);
});

it('leaves patterns to where a slow one harms nobody, and only texts that are else in order', () => {
  const coded: SettingsDraft['specs'] = {
    code: { type: 'string', pattern: '[A-Z]{3}', maxLength: 5 },
    key: { type: 'string', secret: true, pattern: 'k-.+' },
    other: { type: 'string', pattern: 'x', when: { code: 'ABC' } },
  };
  const draft = new SettingsDraft(coded, { code: '', key: { set: true }, other: 'y' });
  expect(draft.patterned()).toEqual([]);
  draft.set('code', 'abc');
  draft.set('key', 'k-1');
  expect(draft.patterned()).toEqual([
    { key: 'code', pattern: '[A-Z]{3}', text: 'abc' },
    { key: 'key', pattern: 'k-.+', text: 'k-1' },
  ]);
  draft.set('code', 'far too long');
  expect(draft.patterned().map(({ key }) => key)).toEqual(['key']);
  draft.set('code', 'ABC');
  expect(draft.patterned().map(({ key }) => key)).toEqual(['code', 'key', 'other']);
});

it.each<SettingProblem>([
  ...(['required', 'text', 'number', 'boolean', 'address', 'colour', 'cron'] as const).map((kind) => ({ kind })),
  { kind: 'short', least: 3 },
  { kind: 'long', most: 20 },
  { kind: 'small', least: -1 },
  { kind: 'large', most: 1.5 },
  { kind: 'pattern', pattern: '[A-Z]{3}' },
  { kind: 'option', options: ['one', 'two'] },
])('says $kind as the panel does', (problem) => {
  expect(settingWords(problem)).toBe(fieldWords(problem));
});
