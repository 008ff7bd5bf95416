import { generate, type Block, type Declaration } from 'css-tree';
import { checkOwnAsset } from './own-asset.js';
import type { StylesheetReport } from './stylesheet-report.js';

const DESCRIPTORS = new Set([
  'font-family',
  'src',
  'font-weight',
  'font-style',
  'font-stretch',
  'font-display',
  'unicode-range',
  'font-feature-settings',
  'font-variation-settings',
]);
const FORMATS = /^["']?(?:woff2?|truetype|opentype)(?:-variations)?["']?$/;

/** A font of the theme's own, from a file of its own. */
export function checkFontFace(block: Block, report: StylesheetReport): void {
  block.children.forEach((node) => {
    if (node.type === 'Comment' || node.type === 'WhiteSpace') return;
    if (node.type !== 'Declaration' || node.value.type !== 'Value') {
      return report.refuse(
        node,
        `"${generate(node).slice(0, 60)}" is not valid in @font-face.`,
        'Write it as "name: value;".',
      );
    }
    if (!DESCRIPTORS.has(node.property)) {
      return report.refuse(
        node,
        `"${node.property}" is not allowed in @font-face.`,
        `Allowed are ${[...DESCRIPTORS].join(', ')}.`,
      );
    }
    if (node.property === 'src') checkSource(node, report);
    else refuseAddresses(node, report);
  });
}

function checkSource(source: Declaration, report: StylesheetReport): void {
  if (source.value.type !== 'Value') return;
  source.value.children.forEach((node) => {
    if (node.type === 'Url') return checkOwnAsset(node, 'font', report, source);
    if (node.type === 'Operator' && node.value === ',') return;
    if (
      node.type === 'Function' &&
      node.name === 'format' &&
      node.children.toArray().every((child) => FORMATS.test(generate(child)))
    )
      return;
    report.refuse(
      node,
      `"${generate(node).slice(0, 60)}" is not allowed in "src".`,
      'Write src: url(fonts/name.woff2) format("woff2").',
    );
  });
}

function refuseAddresses(node: Declaration, report: StylesheetReport): void {
  if (node.value.type !== 'Value') return;
  node.value.children.forEach((child) => {
    if (child.type === 'Url' || child.type === 'Function')
      report.refuse(
        child,
        `"${generate(child).slice(0, 60)}" is not allowed in "${node.property}".`,
        'Only "src" names a file.',
      );
  });
}
