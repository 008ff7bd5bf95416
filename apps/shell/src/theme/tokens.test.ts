// @vitest-environment node
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const roles = ['accent', 'success', 'warning', 'danger', 'info'];

function colorsOf(selector: string): Record<string, string> {
  const block = css.split(selector)[1]?.split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--sodium-color-([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', "[data-theme='light'] {"],
  ['dark', "[data-theme='dark'] {"],
])('the %s palette', (_name, selector) => {
  const colors = colorsOf(selector);
  const text: [string, string][] = [
    ...['background', 'surface', 'surface-raised', 'surface-sunken'].flatMap((ground): [string, string][] => [
      ['text', ground],
      ['text-muted', ground],
      ['accent-text', ground],
      ['danger-text', ground],
    ]),
    ...roles.flatMap((role): [string, string][] => [
      [`on-${role}`, role],
      [`${role}-text`, `${role}-soft`],
    ]),
    ['on-neutral', 'neutral'],
  ];

  it.each(text)('lets %s be read on %s (AA, 4.5:1)', (front, back) => {
    expect(contrast(colors[front] ?? '', colors[back] ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['border-strong', 'surface'],
    ['focus', 'background'],
    ['focus', 'surface'],
  ])('lets %s be seen on %s (3:1)', (front, back) => {
    expect(contrast(colors[front] ?? '', colors[back] ?? '')).toBeGreaterThanOrEqual(3);
  });
});
