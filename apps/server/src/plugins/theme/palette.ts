import { generate, type StyleSheet } from 'css-tree';
import { converter, interpolate, parse, type Color, type Rgb } from 'culori';
import { THEME_TOKENS, type ThemeToken, type ThemeTokenName } from '@sodium/sdk/theme';

export type ThemeMode = 'light' | 'dark';

const toRgb = converter('rgb');
const SPACES = {
  srgb: 'rgb',
  'srgb-linear': 'lrgb',
  lab: 'lab',
  lch: 'lch',
  oklab: 'oklab',
  oklch: 'oklch',
  hsl: 'hsl',
  hwb: 'hwb',
} as const;

/** The colours that one mode has once a theme's stylesheet stands after the panel's own. */
export class Palette {
  private constructor(
    private readonly values: ReadonlyMap<string, string>,
    private readonly mode: ThemeMode,
  ) {}

  static of(tree: StyleSheet, mode: ThemeMode): Palette {
    const values = new Map<string, string>();
    for (const [name, token] of Object.entries<ThemeToken>(THEME_TOKENS))
      values.set(name, (mode === 'dark' ? token.dark : undefined) ?? token.default);
    for (const [name, value] of declaredTokens(tree, mode)) values.set(name, value);
    return new Palette(values, mode);
  }

  /** A token as a colour, or null when it cannot be known here. */
  color(name: ThemeTokenName): Rgb | null {
    return this.resolve(this.values.get(name) ?? '', 0);
  }

  private resolve(written: string, depth: number): Rgb | null {
    const text = written.trim();
    if (depth > 12) return null;
    const token = /^var\(--sodium-([a-z0-9-]+)\)$/.exec(text)?.[1];
    if (token !== undefined) return this.resolve(this.values.get(token) ?? '', depth + 1);
    const call = /^(color-mix|light-dark)\((.*)\)$/s.exec(text);
    const parts = call ? splitAtCommas(call[2] ?? '') : [];
    if (call?.[1] === 'light-dark') return this.resolve(parts[this.mode === 'light' ? 0 : 1] ?? '', depth + 1);
    if (call) return this.mix(parts, depth + 1);
    const color: Color | undefined = parse(text);
    return color ? toRgb(color) : null;
  }

  private mix([method = '', first = '', second = '']: string[], depth: number): Rgb | null {
    const space = SPACES[/^in ([a-z-]+)$/.exec(method.trim())?.[1] as keyof typeof SPACES];
    const [a, b] = [share(first), share(second)];
    const [left, right] = [this.resolve(a.color, depth), this.resolve(b.color, depth)];
    if (!space || !left || !right) return null;
    const toRight = b.part ?? 1 - (a.part ?? 0.5);
    const whole = (a.part ?? 1 - toRight) + toRight;
    if (whole <= 0) return null;
    return mixPremultiplied(left, right, toRight / whole, space);
  }
}

/** Towards `transparent` a colour keeps its hue and only fades, as in browsers. */
function mixPremultiplied(left: Rgb, right: Rgb, t: number, space: (typeof SPACES)[keyof typeof SPACES]): Rgb {
  const [leftAlpha, rightAlpha] = [left.alpha ?? 1, right.alpha ?? 1];
  const alpha = leftAlpha * (1 - t) + rightAlpha * t;
  const weight = alpha === 0 ? t : (rightAlpha * t) / alpha;
  return {
    ...toRgb(
      interpolate(
        [
          { ...left, alpha: 1 },
          { ...right, alpha: 1 },
        ],
        space,
      )(weight),
    ),
    alpha,
  };
}

function share(text: string): { color: string; part: number | null } {
  const percent = /(?:^|\s)([\d.]+)%(?=\s|$)/.exec(text);
  if (!percent) return { color: text, part: null };
  return { color: text.replace(percent[0], ' '), part: Number(percent[1]) / 100 };
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** What applies in a mode without any condition; the more exact selector wins, then the later rule. */
function declaredTokens(tree: StyleSheet, mode: ThemeMode): [string, string][] {
  const found: { name: string; value: string; weight: number }[] = [];
  tree.children.forEach((rule) => {
    if (rule.type !== 'Rule' || rule.prelude.type !== 'SelectorList') return;
    const weight = Math.max(...rule.prelude.children.toArray().map((selector) => weightIn(generate(selector), mode)));
    if (weight <= 0) return;
    rule.block.children.forEach((node) => {
      if (node.type === 'Declaration' && node.property.startsWith('--sodium-'))
        found.push({ name: node.property.slice('--sodium-'.length), value: generate(node.value), weight });
    });
  });
  return found.sort((a, b) => a.weight - b.weight).map(({ name, value }) => [name, value]);
}

function weightIn(selector: string, mode: ThemeMode): number {
  if (selector.includes('::part')) return 0;
  const wanted = /\[data-theme="?(light|dark)"?\]/.exec(selector)?.[1];
  if (wanted !== undefined && wanted !== mode) return 0;
  return (selector.includes(':root') ? 1 : 0) + (wanted === undefined ? 0 : 1);
}
