import type { SettingSpecs } from '@sodium/sdk/manifest';
import { expect, it } from 'vitest';
import { SettingsDraft } from './settings-draft.js';

const specs: SettingSpecs = {
  hook: { type: 'url', secret: true, required: true },
  greeting: { type: 'string', default: 'Hello', maxLength: 8 },
  limit: { type: 'number', min: 1, max: 10, default: 5 },
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
])('refuses %s = %s', (key, value) => {
  const draft = new SettingsDraft(specs, { hook: { set: true } });
  draft.set(key, value);
  expect(Object.keys(draft.problems())).toEqual([key]);
});
