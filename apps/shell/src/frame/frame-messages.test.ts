import { expect, test } from 'vitest';
import { parseFrameMessage } from './frame-messages.js';

test.each([
  null,
  'hello',
  7,
  {},
  { type: 'reboot' },
  { type: 'height', height: '9' },
  { type: 'height', height: Infinity },
  { type: 'tabs', tabs: 'all' },
  { type: 'confirm', id: 'x' },
])('%j is dropped', (data) => {
  expect(parseFrameMessage(data)).toBeNull();
});

test.each([
  '//evil.example',
  'https://evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/admin/users',
  '/api/plugins/x/page',
  '/preview/t/',
  '/servers/../admin',
  '/a b',
  7,
  '/plugins/x/y',
  '/admin?x',
])('a frame does not lead to %s', (path) => {
  expect(parseFrameMessage({ type: 'navigate', path })).toBeNull();
});

test.each(['/', '/servers/7', '/todo?done=1#list', '/administration'])('it may lead to %s', (path) => {
  expect(parseFrameMessage({ type: 'navigate', path })).toEqual({ type: 'navigate', path });
});

test('texts are cut, what is missing is empty, odd variants are plain', () => {
  expect(parseFrameMessage({ type: 'toast', message: 'x'.repeat(9999), variant: 'huge' })).toEqual({
    type: 'toast',
    message: 'x'.repeat(300),
    variant: 'info',
  });
  expect(parseFrameMessage({ type: 'report', message: { toString: () => 'no' } })).toEqual({
    type: 'report',
    message: '',
    stack: '',
    where: '',
  });
});

test('of a list of tabs, what has an id and a label stays, once', () => {
  const tab = { id: 'a', label: 'A', subtabs: [{ id: 'one', label: 'One' }, { id: '' }, 'two'] };
  expect(parseFrameMessage({ type: 'tabs', tabs: [tab, tab, null, { id: 'b' }, { id: 'c', label: 'C' }] })).toEqual({
    type: 'tabs',
    tabs: [
      { id: 'a', label: 'A', subtabs: [{ id: 'one', label: 'One' }] },
      { id: 'c', label: 'C', subtabs: [] },
    ],
  });
});
