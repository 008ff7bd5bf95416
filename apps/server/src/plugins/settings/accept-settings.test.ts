import { mayBeCron } from '@sodium/contract/settings';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import fc from 'fast-check';
import { validate as isCron } from 'node-cron';
import { expect, it } from 'vitest';
import type { HttpError } from '../../http-error.js';
import { acceptSettings } from './accept-settings.js';

const specs: SettingSpecs = {
  code: { type: 'string', label: 'Code', pattern: '[A-Z]{3}' },
  title: { type: 'string', required: true, minLength: 2, maxLength: 5, default: 'Shop' },
  note: { type: 'string', minLength: 3 },
  limit: { type: 'number', min: 1, max: 10 },
  on: { type: 'boolean' },
  plan: { type: 'select', options: ['small', { value: 'large', label: 'Large one' }] },
  target: { type: 'url', required: true, when: { on: true } },
  accent: { type: 'color', default: '#336699' },
  when: { type: 'cron' },
  token: { type: 'string', secret: true, required: true, minLength: 8 },
};

function faults(patch: Record<string, unknown>, current?: Record<string, unknown>): Record<string, string> {
  try {
    acceptSettings(specs, patch, current);
    return {};
  } catch (error) {
    const details = (error as HttpError).extra.details as { path: string; message: string }[];
    return Object.fromEntries(details.map(({ path, message }) => [path, message]));
  }
}

it('says what is wrong as the form does, every fault by its field', () => {
  const limits = { code: specs.code!, limit: specs.limit! };
  expect(() => acceptSettings(limits, { code: 'abc', limit: 11 })).toThrow('"Code" must match [A-Z]{3}. "limit" must');
  expect(
    faults({
      code: 'abc',
      title: 'much too long',
      note: 'ab',
      limit: 0,
      on: 'yes',
      plan: 'huge',
      target: 'ftp://x',
      accent: 'rgb(1, 2, 3)',
      when: '61 * * * *',
      token: 'short',
      nothing: 1,
    }),
  ).toEqual({
    code: 'Must match [A-Z]{3}.',
    title: 'Has at most 5 characters.',
    note: 'Needs at least 3 characters.',
    limit: 'Must be 1 or more.',
    on: 'Must be true or false.',
    plan: 'Must be one of small, large.',
    target: 'Must be an address that begins with https:// or http://.',
    accent: 'Must be a colour such as #3366ff.',
    when: 'Must be a cron expression such as "0 3 * * *".',
    token: 'Needs at least 8 characters.',
    nothing: 'The plugin has no setting "nothing".',
  });
});

it('refuses a required value that was emptied, where it is shown and nothing stands in for it', () => {
  expect(faults({ title: '' })).toEqual({ title: 'This is required.' });
  expect(faults({ target: '' }, { on: true })).toEqual({ target: 'This is required.' });
  expect(faults({ target: '', on: false }, { on: true })).toEqual({});
  expect(acceptSettings(specs, { accent: '', note: '', title: null, token: '' })).toEqual({
    accent: null,
    note: '',
    title: null,
    token: null,
  });
});

it('leaves a secret alone when its mark is sent back', () => {
  expect(acceptSettings(specs, { token: { set: true } })).toEqual({});
});

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','));
const number = fc.nat(70).map(String);
const name = fc.constantFrom('jan', 'DEC', 'mon', 'Sunday', 'january');
const end = fc.oneof(number, name);
const special = fc.constantFrom('*', 'L', '15W', 'LW', 'L-3', '5L', '5#2', '?', '', '-', '1-', 'x', '*/0', '1.5', '-1');
const range = fc.tuple(end, end).map((ends) => ends.join('-'));
const step = fc.tuple(fc.oneof(fc.constant('*'), range, number), fc.nat(70)).map((parts) => parts.join('/'));
const field = list(fc.oneof({ weight: 3, arbitrary: number }, fc.constant('*'), end, range, step, special));

it('has the form refuse no cron expression that the scheduler takes', () => {
  const fields = fc.array(field, { minLength: 4, maxLength: 7 }).map((parts) => parts.join(' '));
  const simple = fc.array(fc.oneof(number, fc.constant('*')), { minLength: 5, maxLength: 6 });
  const expression = fc.oneof(
    fields,
    simple.map((parts) => parts.join(' ')),
    fc.constantFrom('@daily', '@Hourly', ' 0  3 * * * '),
  );
  fc.assert(
    fc.property(expression, (text) => mayBeCron(text) || !isCron(text)),
    { numRuns: 3000 },
  );
  for (const wrong of ['every day', '60 * * * *', '0 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '1 2 3', '@ x'])
    expect([wrong, mayBeCron(wrong), isCron(wrong)]).toEqual([wrong, false, false]);
});
