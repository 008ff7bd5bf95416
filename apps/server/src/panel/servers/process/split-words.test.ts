import { expect, test } from 'vitest';
import { splitWords } from './split-words.js';

test('spaces separate words and quotes keep them together', () => {
  expect(splitWords(`java  -jar "my server.jar" --motd 'it is "fine"' a\\ b ""`)).toEqual([
    'java',
    '-jar',
    'my server.jar',
    '--motd',
    'it is "fine"',
    'a b',
    '',
  ]);
});

test('nothing of a shell is understood', () => {
  expect(splitWords('echo $HOME; rm -rf / | cat > x `id` $(id) *')).toEqual([
    'echo',
    '$HOME;',
    'rm',
    '-rf',
    '/',
    '|',
    'cat',
    '>',
    'x',
    '`id`',
    '$(id)',
    '*',
  ]);
});

test('an open quote is refused', () => {
  expect(splitWords('say "hello')).toBeNull();
});
