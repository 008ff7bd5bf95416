import { generate, lexer, walk, type Declaration } from 'css-tree';
import { THEME_TOKENS, type ThemeToken, type TokenKind } from '@sodium/sdk/theme';
import { checkValue, magnitude, sampled, tokenNamed } from './check-value.js';
import type { StylesheetReport } from './stylesheet-report.js';

/** A shadow larger than this would be a curtain. */
const MAX_SHADOW_PX = 96;

const GRAMMARS: Record<TokenKind, { words: string } & ({ syntax: string } | { property: string })> = {
  color: { syntax: '<color>', words: 'a colour such as #1d4ed8 or oklch(60% 0.15 250)' },
  font: { property: 'font-family', words: 'a list of font families' },
  length: { syntax: '<length>', words: 'one length such as 0.5rem' },
  number: { syntax: '<number>', words: 'a number' },
  weight: { syntax: '<number>', words: 'a weight from 100 to 1000' },
  spacing: { syntax: '<length>', words: 'one length such as 0.02em' },
  time: { syntax: '<time>', words: 'one time such as 120ms' },
  easing: { syntax: '<easing-function>', words: 'an easing such as ease-out or cubic-bezier(…)' },
  shadow: { property: 'box-shadow', words: 'shadows, or none' },
  image: { property: 'background-image', words: 'gradients, or none' },
  picture: { syntax: '<url> | none', words: 'one url() of the theme’s own images, or none' },
};

/** A declaration on `:root` or `[data-theme]`: a public token with a value of its kind. */
export function checkTokenDeclaration(declaration: Declaration, report: StylesheetReport): void {
  const { property } = declaration;
  const token = tokenNamed(property);
  if (!token) return report.refuse(declaration, `"${property}" is not a token of the panel.`, hintFor(property));
  if (!checkValue(declaration, report, token.kind === 'picture')) return;
  const grammar = GRAMMARS[token.kind];
  const { words } = grammar;
  const value = generate(declaration.value);
  const sample = sampled(declaration.value);
  const match =
    'syntax' in grammar ? lexer.match(grammar.syntax, sample) : lexer.matchProperty(grammar.property, sample);
  if (match.error) {
    return report.refuse(
      declaration,
      `"${property}: ${value.slice(0, 80)}" is not ${words}.`,
      `Give it ${words}; the panel’s own value is ${token.default}.`,
    );
  }
  checkRange(declaration, token, report);
}

function checkRange(declaration: Declaration, token: ThemeToken, report: StylesheetReport): void {
  const [least, most] =
    token.kind === 'shadow' ? [-MAX_SHADOW_PX, MAX_SHADOW_PX] : (token.range ?? [-Infinity, Infinity]);
  if (token.kind !== 'shadow' && !token.range) return;
  walk(declaration.value, (node) => {
    if (node.type === 'Percentage' || (token.kind === 'shadow' && node.type === 'Number')) return;
    const size = magnitude(node);
    if (size === null || (size >= least && size <= most)) return;
    report.refuse(
      node,
      `"${declaration.property}: ${generate(node)}" is out of range: from ${least} to ${most} (pixels, 1rem counts 16; milliseconds; or the number itself).`,
      `The panel’s own value is ${token.default}.`,
    );
  });
}

function hintFor(property: string): string {
  if (!property.startsWith('--'))
    return 'A theme sets tokens (--sodium-…) here; ordinary properties belong into a ::part(…) rule.';
  const wanted = property.replace(/^--(?:sodium-)?/, '');
  const near = Object.keys(THEME_TOKENS).find((name) => name.endsWith(wanted) || wanted.endsWith(name));
  return near ? `Did you mean "--sodium-${near}"?` : 'The guide to themes lists every token.';
}
