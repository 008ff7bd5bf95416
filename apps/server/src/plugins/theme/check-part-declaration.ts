import { generate, lexer, walk, type Declaration } from 'css-tree';
import { PART_PROPERTIES } from '@sodium/sdk/theme';
import { checkValue, magnitude, sampled } from './check-value.js';
import type { StylesheetReport } from './stylesheet-report.js';

const IMAGES = /^background(?:-image)?$/;
/** Beyond this, a border, a shadow or a spacing would change what a person can reach. */
const MAX_PX = 64;
const MAX_BORDER_PX = 8;

/** A declaration on a `::part`: how it looks, never where it is, how large, or whether it can be seen. */
export function checkPartDeclaration(declaration: Declaration, report: StylesheetReport): void {
  const { property } = declaration;
  if (!PART_PROPERTIES.includes(property)) {
    return report.refuse(
      declaration,
      `"${property}" is not allowed on a part.`,
      `A theme may set ${PART_PROPERTIES.join(', ')} there.`,
    );
  }
  if (!checkValue(declaration, report, IMAGES.test(property))) return;
  const match = lexer.matchProperty(property, sampled(declaration.value));
  if (match.error)
    return report.refuse(
      declaration,
      `"${property}: ${generate(declaration.value).slice(0, 80)}" is not valid.`,
      `Give "${property}" a value that CSS knows.`,
    );
  const most =
    property.startsWith('border') && property !== 'border-radius'
      ? MAX_BORDER_PX
      : property === 'border-radius'
        ? 9999
        : MAX_PX;
  walk(declaration.value, (node) => {
    const size = node.type === 'Dimension' ? magnitude(node) : null;
    if (size !== null && Math.abs(size) > most && !property.startsWith('transition')) {
      report.refuse(
        node,
        `"${generate(node)}" is too much for "${property}": at most ${most}px.`,
        'Use a smaller value.',
      );
    }
  });
}
