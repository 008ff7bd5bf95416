import { expect, it } from 'vitest';
import { CommandHistory } from './command-history.js';

it('walks back and forth and keeps what was being typed', () => {
  const history = new CommandHistory();
  history.add('say hi');
  history.add('save');
  expect(history.older('draft')).toBe('save');
  expect(history.older('save')).toBe('say hi');
  expect(history.older('say hi')).toBe('say hi');
  expect(history.newer()).toBe('save');
  expect(history.newer()).toBe('draft');
});

it('does not keep the same command twice in a row', () => {
  const history = new CommandHistory();
  history.add('save');
  history.add('save');
  history.older('');
  expect(history.older('save')).toBe('save');
});
