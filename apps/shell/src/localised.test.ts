// @vitest-environment node
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sourceFiles, textsOf, type SourceText } from './testing/source-text.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const texts = sourceFiles(folder, /\.ts$/).flatMap((file) => textsOf(folder, file));

/** What is the same in every language. */
const NAMES = new Set(['Sodium', 'SHA-256', '/api/plugins/', 'Mac OS X']);
const READ_ALOUD = 'label|aria-label|aria-description|aria-roledescription|title|placeholder|alt|hint|help-text';

/** Words in a template that stand between tags, or in an attribute that is read to somebody. */
function wordsOf({ text }: SourceText): string[] {
  const attributes = [...text.matchAll(new RegExp(`\\s(?:${READ_ALOUD})="([^"]*)"`, 'g'))].map(([, value]) => value!);
  const between = text
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?[a-z][^>]*>/gi, '\0')
    .replace(/&\w+;/g, '');
  return [between, ...attributes]
    .flatMap((part) => part.split('\0'))
    .map((part) => part.trim())
    .filter((part) => /\p{L}{2}/u.test(part) && !NAMES.has(part));
}

it('has no word in a template that could not be translated', () => {
  const templates = texts.filter(({ within }) => within === 'html');
  expect(templates.length).toBeGreaterThan(300);
  expect(templates.flatMap((each) => wordsOf(each).map((word) => `${each.place} ${word}`))).toEqual([]);
});

it('has no sentence elsewhere that could not be translated', () => {
  // What goes wrong in a plugin is told to its author, in the words that the panel's log keeps: those stay English.
  const told = /^(?:plugins\/|slots\/(?!error-card)|preview\/preview-admin-tab|frame\/(?!frame-host))/;
  const other = texts.filter(
    ({ within, place }) => !told.test(place) && !/^(?:msg|str|html|css|console\.\w+)$/.test(within ?? ''),
  );
  const sentences = other.filter(({ text }) => /^\p{Lu}[\p{L}’]* [\p{L}\0"“]/u.test(text) && !NAMES.has(text));
  expect(sentences.map(({ place, text }) => `${place} ${text}`)).toEqual([]);
});
