import { generate, walk, type CssNode, type Declaration, type FunctionNode } from 'css-tree';
import { THEME_TOKENS, type ThemeToken, type TokenKind } from '@sodium/sdk/theme';
import { checkOwnAsset } from './own-asset.js';
import type { StylesheetReport } from './stylesheet-report.js';

const COLORS = [
  'rgb',
  'rgba',
  'hsl',
  'hsla',
  'hwb',
  'lab',
  'lch',
  'oklab',
  'oklch',
  'color',
  'color-mix',
  'light-dark',
];
const GRADIENTS = ['linear', 'radial', 'conic'].flatMap((shape) => [
  `${shape}-gradient`,
  `repeating-${shape}-gradient`,
]);
const FUNCTIONS = new Set(['var', ...COLORS, ...GRADIENTS, 'cubic-bezier', 'steps']);
const UNITS = new Set(['px', 'rem', 'em', 'ms', 's', 'deg', 'turn', 'rad']);
const WIDE = new Set(['inherit', 'initial', 'unset', 'revert', 'revert-layer', 'default']);

/** A value of each kind, to stand for a token where a value's grammar is checked. */
const SAMPLES: Record<TokenKind, string> = {
  color: 'red',
  font: 'serif',
  length: '1px',
  number: '1',
  weight: '400',
  spacing: '1px',
  time: '1ms',
  easing: 'linear',
  shadow: '0 0 red',
  image: 'none',
  picture: 'none',
};

export function tokenNamed(property: string): ThemeToken | undefined {
  const name = property.startsWith('--sodium-') ? property.slice('--sodium-'.length) : '';
  return Object.hasOwn(THEME_TOKENS, name) ? THEME_TOKENS[name as keyof typeof THEME_TOKENS] : undefined;
}

/**
 * What holds for every value: known functions and units, tokens by their public names, addresses of the theme's own
 * images where `images` says so. False when something was refused.
 */
export function checkValue(declaration: Declaration, report: StylesheetReport, images: boolean): boolean {
  const before = report.faults.length;
  walk(declaration.value, (node) => {
    if (node.type === 'Function') checkFunction(node, declaration, report);
    if (node.type === 'Url') {
      if (images) checkOwnAsset(node, 'image', report, declaration);
      else
        report.refuse(
          node,
          `"url(${node.value.slice(0, 60)})" is not allowed in "${declaration.property}".`,
          'Images belong into --sodium-background-picture or into the background of a part.',
        );
    }
    if (node.type === 'Dimension' && !UNITS.has(node.unit.toLowerCase())) {
      report.refuse(
        node,
        `the unit of "${generate(node)}" is not allowed in a theme.`,
        `Use ${[...UNITS].join(', ')} or %.`,
      );
    }
    if (node.type === 'Identifier' && WIDE.has(node.name.toLowerCase()))
      report.refuse(node, `"${node.name}" is not allowed in a theme.`, 'Write the value out.');
  });
  return report.faults.length === before;
}

function checkFunction(node: FunctionNode, declaration: Declaration, report: StylesheetReport): void {
  if (!FUNCTIONS.has(node.name.toLowerCase())) {
    return report.refuse(
      node,
      `"${node.name}()" is not allowed in a theme.`,
      `The functions are ${[...FUNCTIONS].join(', ')}, and url() of the theme’s own images and fonts.`,
    );
  }
  if (node.name.toLowerCase() !== 'var') return;
  const [name, ...rest] = node.children.toArray();
  if (name?.type === 'Identifier' && rest.length === 0 && tokenNamed(name.name) && name.name !== declaration.property)
    return;
  report.refuse(
    node,
    `"${generate(node).slice(0, 80)}" is not allowed in a theme.`,
    'Name one token of the panel, without a fallback: var(--sodium-color-accent).',
  );
}

/** The value with every `var()` replaced by a value of that token's kind. */
export function sampled(value: CssNode): string {
  return generate(value).replace(/var\((--sodium-[a-z0-9-]+)\)/gi, (whole, name: string) => {
    const kind = tokenNamed(name)?.kind;
    return kind ? SAMPLES[kind] : whole;
  });
}

const FACTORS: Record<string, number> = { px: 1, rem: 16, em: 16, ms: 1, s: 1000 };

/** A length in pixels (1rem and 1em count 16), a time in milliseconds, a number as it is; null for anything else. */
export function magnitude(node: CssNode): number | null {
  if (node.type === 'Number') return Number(node.value);
  if (node.type !== 'Dimension') return null;
  const factor = FACTORS[node.unit.toLowerCase()];
  return factor === undefined ? null : Number(node.value) * factor;
}
