import { expect, it } from 'vitest';
import { checkStylesheet } from './check-stylesheet.js';
import { contrastWarnings } from './contrast.js';
import type { ThemeMode } from './palette.js';

function warningsOf(css: string, modes: ThemeMode[] = ['light', 'dark']): string[] {
  const { report, tree } = checkStylesheet(css, 'assets/theme.css', new Set());
  expect(report.faults).toEqual([]);
  return contrastWarnings(tree!, 'assets/theme.css', modes);
}

it('finds nothing in the panel’s own palette', () => expect(warningsOf('')).toEqual([]));

it('names the pair, its ratio, what is needed and the mode', () => {
  const warnings = warningsOf("[data-theme='light'] { --sodium-color-text-muted: #8a8a8a }");
  expect(warnings).toContain(
    'assets/theme.css: --sodium-color-text-muted on --sodium-color-surface has a contrast of 3.45:1 in light mode; WCAG AA asks for 4.5:1.',
  );
  expect(warnings.some((warning) => warning.includes('dark mode'))).toBe(false);
});

it('lets the mode’s own rule win over the common one, wherever it stands', () => {
  const css = ":root[data-theme='dark'] { --sodium-color-text: #ffffff } :root { --sodium-color-text: #000000 }";
  expect(warningsOf(css).filter((warning) => warning.includes('--sodium-color-text on'))).toEqual([]);
});

it('looks at the modes that a theme has', () => {
  const css = ':root { --sodium-color-text: #000000 }';
  expect(warningsOf(css, ['light'])).toEqual([]);
  expect(warningsOf(css, ['dark']).length).toBeGreaterThan(0);
});

it.each<[string, string, boolean]>([
  ['another token', 'var(--sodium-color-background)', true],
  ['a mix', 'color-mix(in srgb, #ffffff 95%, #000000)', true],
  ['a mix with a token in oklch', 'color-mix(in oklch, var(--sodium-color-surface), white 10%)', true],
  ['a mix that keeps contrast', 'color-mix(in srgb, #000000, #333333)', false],
  ['see-through ink', 'rgb(0 0 0 / 20%)', true],
  ['a colour of the mode', 'light-dark(#eeeeee, #000000)', true],
])('sees through %s', (_name, value, fails) => {
  const warnings = warningsOf(`:root { --sodium-color-text: ${value} }`, ['light']);
  expect(warnings.some((warning) => /--sodium-color-text on --sodium-color-surface has a contrast/.test(warning))).toBe(
    fails,
  );
});

it('says so when it cannot tell', () => {
  expect(warningsOf(':root { --sodium-color-text: CanvasText }', ['light'])[0]).toMatch(/cannot be computed/);
  expect(
    warningsOf(
      ':root { --sodium-color-text: var(--sodium-color-accent-text); --sodium-color-accent-text: var(--sodium-color-text) }',
      ['light'],
    )[0],
  ).toMatch(/cannot be computed/);
});
