// @vitest-environment node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { THEME_TOKENS, type ThemeToken } from '@sodium/sdk/theme';
import { expect, it } from 'vitest';
import { sourceFiles, textsOf } from '../testing/source-text.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(folder + file, 'utf8');
const css = read('theme/tokens.css')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/@property[^}]*\}/, '')
  .split('@media')[0]!;

function declared(dark: boolean): Record<string, string> {
  const rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(
    ([, selector]) => selector!.includes("'dark'") === dark,
  );
  const found = rules.flatMap(([, , body]) => [...body!.matchAll(/--sodium-([a-z0-9-]+):\s*([^;]+);/g)]);
  return Object.fromEntries(found.map(([, name, value]) => [name, value!.replace(/\s+/g, ' ').trim()]));
}

it('lists the tokens that the shell sets, with the values it sets', () => {
  const tokens = Object.entries<ThemeToken>(THEME_TOKENS);
  expect(Object.fromEntries(tokens.map(([name, token]) => [name, token.default]))).toEqual(declared(false));
  expect(Object.fromEntries(tokens.flatMap(([name, { dark }]) => (dark ? [[name, dark]] : [])))).toEqual(
    declared(true),
  );
});

const sources = sourceFiles(folder, /\.(?:ts|css)$/);

it('knows every token that the shell draws from', () => {
  const used = sources.flatMap((file) =>
    [...read(file).matchAll(/--sodium-([a-z0-9-]*[a-z0-9])/g)].map(([, name]) => name!),
  );
  expect([...new Set(used)].filter((name) => !Object.hasOwn(THEME_TOKENS, name))).toEqual([]);
});

const PAINTED =
  /(?<![-\w&/])(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![-\w])|(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([^)]*\))/gi;
const NAMED =
  /[;{"\s](?:[a-z-]*color|background|border[a-z-]*|outline|fill|stroke|box-shadow|text-shadow)\s*:[^;}"]*?(?<![-\w])(?:white|black|gr[ae]y|silver|red|green|blue|yellow|orange|purple|pink|brown|navy|teal|gold)(?![-\w(])/gi;

const colorsIn = (text: string): string[] => [PAINTED, NAMED].flatMap((pattern) => text.match(pattern) ?? []);

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
/** Where a colour stands for itself. */
const MAY_PAINT: Readonly<Record<string, string>> = {
  'theme/tokens.css': 'sets the colours',
  'theme/theme-cards.ts': 'shows which colours a theme has',
  'pages/server/console-tab.ts': 'the sixteen colours that programs write in',
  'src/client/invoice-view.ts': 'paper is white, ink is black',
};

it.each([
  ['the shell', folder],
  ...['billing', 'hello', 'server-stats'].map((id) => [`plugin ${id}`, `${repository}/plugins/${id}/`]),
])('leaves no colour in %s that a theme could not change', (_, from) => {
  const files = sourceFiles(from!, /\.(?:[tj]s|css)$/).filter((file) => !Object.hasOwn(MAY_PAINT, file));
  expect(files.length).toBeGreaterThan(0);
  const painted = files.flatMap((file) =>
    drawnIn(from!, file).flatMap(({ place, text }) => colorsIn(text).map((color) => `${place} ${color.trim()}`)),
  );
  expect(painted).toEqual([]);
});

function drawnIn(from: string, file: string): { place: string; text: string }[] {
  if (!file.endsWith('.css')) return textsOf(from, file).filter(({ within }) => within !== 'msg');
  return [{ place: file, text: readFileSync(from + file, 'utf8').replace(/\/\*.*?\*\//gs, '') }];
}

it('would see a colour, whatever way it is written', () => {
  for (const text of [
    'a { color: #fff }',
    'style="background: rgb(1 2 3)"',
    '.a { border: 1px solid white; }',
    'stroke:red',
  ])
    expect(colorsIn(` ${text}`), text).toHaveLength(1);
  for (const text of [
    'href="#main"',
    'color: var(--sodium-color-text)',
    'white-space: nowrap',
    'background: transparent',
  ])
    expect(colorsIn(` ${text}`), text).toEqual([]);
});
