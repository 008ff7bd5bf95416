import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONTRAST_PAIRS } from '@sodium/sdk/theme';
import { describe, expect, it } from 'vitest';
import { inspectPackage } from '../package/inspect.js';
import { checkStylesheet } from './check-stylesheet.js';
import { contrastOf } from './contrast.js';
import { Palette } from './palette.js';

const folderOf = (id: string): string => fileURLToPath(new URL(`../../../../../plugins/${id}`, import.meta.url));

describe.each(['theme-neon', 'theme-corporate', 'theme-contrast'])('%s', (id) => {
  it('is sound, and its colours meet WCAG AA in each of its modes', async () => {
    const found = await inspectPackage(folderOf(id), id, '1.0.0');
    expect(found).toMatchObject({ kind: 'sound', warnings: [] });
  });
});

describe.each(['light', 'dark'] as const)('the high-contrast theme in %s mode', (mode) => {
  const text = readFileSync(`${folderOf('theme-contrast')}/assets/theme.css`, 'utf8');
  const { tree } = checkStylesheet(
    text,
    'assets/theme.css',
    new Set(['assets/fonts/atkinson-hyperlegible-next.woff2']),
  );
  const palette = Palette.of(tree!, mode);
  it.each(CONTRAST_PAIRS)('meets AAA with $front on $back', (pair) => {
    expect(contrastOf(palette, pair)).toBeGreaterThanOrEqual(pair.ratio === 4.5 ? 7 : 4.5);
  });
});
