// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { THEME_TOKENS, type ThemeToken } from '@sodium/sdk/theme';
import { expect, it } from 'vitest';

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

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.test)\.(?:ts|css)$/.test(file),
);

it('knows every token that the shell draws from', () => {
  const used = sources.flatMap((file) =>
    [...read(file).matchAll(/--sodium-([a-z0-9-]*[a-z0-9])/g)].map(([, name]) => name!),
  );
  expect([...new Set(used)].filter((name) => !Object.hasOwn(THEME_TOKENS, name))).toEqual([]);
});

it('leaves no colour in the shell’s style sheets that a theme could not change', () => {
  const sheets = sources.filter((file) => file.endsWith('.css') && file !== 'theme/tokens.css');
  const colors = sheets.flatMap((file) =>
    [...read(file).matchAll(/[^-\w](#[0-9a-f]{3,8}\b|(?:rgb|hsl|oklch)a?\([^)]*\))/gi)].map(
      ([, color]) => `${file}: ${color}`,
    ),
  );
  expect(colors).toEqual([]);
});
