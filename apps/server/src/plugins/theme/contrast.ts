import type { StyleSheet } from 'css-tree';
import { wcagContrast, type Rgb } from 'culori';
import { CONTRAST_PAIRS, type ContrastPair, type ThemeTokenName } from '@sodium/sdk/theme';
import { Palette, type ThemeMode } from './palette.js';

/** One sentence for each pair of colours that is too close, or that cannot be compared. */
export function contrastWarnings(tree: StyleSheet, file: string, modes: readonly ThemeMode[]): string[] {
  return modes.flatMap((mode) => {
    const palette = Palette.of(tree, mode);
    return CONTRAST_PAIRS.flatMap((pair) => {
      const found = contrastOf(palette, pair);
      if (found !== null && found >= pair.ratio) return [];
      const names = `--sodium-${pair.front} on --sodium-${pair.back}`;
      if (found === null)
        return [`${file}: contrast of ${names} in ${mode} mode cannot be computed. Write both as plain colours.`];
      return [
        `${file}: ${names} has a contrast of ${floor(found)}:1 in ${mode} mode; WCAG AA asks for ${pair.ratio}:1.`,
      ];
    });
  });
}

/** Never rounded up: 4.496 is not 4.5. */
const floor = (ratio: number): string => (Math.floor(ratio * 100) / 100).toFixed(2);

export function contrastOf(palette: Palette, { front, back }: ContrastPair): number | null {
  const ground = groundOf(palette, back);
  const color = palette.color(front);
  if (!ground || !color) return null;
  return wcagContrast(over(color, ground), ground);
}

/** What is seen of a ground that lets something shine through. */
function groundOf(palette: Palette, name: ThemeTokenName): Rgb | null {
  const color = palette.color(name);
  if (!color || (color.alpha ?? 1) >= 1) return color;
  const below = palette.color(name.startsWith('color-sidebar') ? 'color-sidebar' : 'color-surface');
  return below && (below.alpha ?? 1) >= 1 ? over(color, below) : null;
}

function over(front: Rgb, back: Rgb): Rgb {
  const alpha = front.alpha ?? 1;
  const blend = (channel: 'r' | 'g' | 'b'): number => front[channel] * alpha + back[channel] * (1 - alpha);
  return { mode: 'rgb', r: blend('r'), g: blend('g'), b: blend('b') };
}
