import { generate, parse, walk, type Atrule, type Block, type CssNode, type Rule, type StyleSheet } from 'css-tree';
import { checkFontFace } from './check-font-face.js';
import { checkPartDeclaration } from './check-part-declaration.js';
import { checkTokenDeclaration } from './check-token-declaration.js';
import { selectorKind, type SelectorKind } from './selector-kind.js';
import { StylesheetReport } from './stylesheet-report.js';

const MAX_LENGTH = 256 * 1024;
const MEDIA =
  /^\((?:prefers-[a-z-]+|forced-colors)(?::[a-z-]+)?\)(?: and \((?:prefers-[a-z-]+|forced-colors)(?::[a-z-]+)?\))*$/;
const SUPPORTS = /^(?:not )?\((?!.*(?:url|selector)\()[a-z-]+:[a-z0-9(),.%#/ -]+\)$/i;

/**
 * Checks one stylesheet of a theme. What is not known to be harmless is refused. The tree is returned for what is
 * looked at next, or null when the text could not be read as CSS.
 */
export function checkStylesheet(
  text: string,
  file: string,
  packageFiles: ReadonlySet<string>,
): { report: StylesheetReport; tree: StyleSheet | null } {
  const report = new StylesheetReport(file, packageFiles);
  if (text.length > MAX_LENGTH) {
    report.refuse(
      null,
      `it has ${text.length} characters; a theme’s stylesheet has at most ${MAX_LENGTH}.`,
      'Remove what the theme does not need.',
    );
    return { report, tree: null };
  }
  if (!checkCharacters(text, report)) return { report, tree: null };
  try {
    const tree = parseStrictly(text, report);
    tree.children.forEach((node) => checkTopLevel(node, report));
    return { report, tree };
  } catch (error) {
    // The parser recurses: nesting without end exhausts its stack.
    if (!(error instanceof RangeError)) throw error;
    report.refuse(null, 'it is nested too deeply.', 'Write it without deep nesting.');
    return { report, tree: null };
  }
}

/** Without escapes and other ways to write a word differently, what is read here is what a browser reads. */
function checkCharacters(text: string, report: StylesheetReport): boolean {
  const found = /[\\\uFEFF\uFFFD]|(?![\t\n\r])\p{Cc}|<!--|-->/u.exec(text);
  if (!found) return true;
  const before = text.slice(0, found.index).split('\n');
  const name =
    found[0] === '\\' ? 'a backslash' : /[<>]/.test(found[0]) ? `"${found[0]}"` : 'an invisible or broken character';
  report.refuseAt(
    before.length,
    (before.at(-1)?.length ?? 0) + 1,
    `it holds ${name}, which a theme cannot use.`,
    'Write names and texts out, as UTF-8 without escapes.',
  );
  return false;
}

function parseStrictly(text: string, report: StylesheetReport): StyleSheet {
  const tree = parse(text, {
    positions: true,
    parseCustomProperty: true,
    onParseError: (error) => {
      if (error instanceof RangeError) throw error;
      const { line, column, message } = error as unknown as { line: number; column: number; message: string };
      report.refuseAt(line, column, `it is not valid CSS here: ${message}.`, 'Correct the syntax there.');
    },
  }) as StyleSheet;
  return tree;
}

function checkTopLevel(node: CssNode, report: StylesheetReport): void {
  if (node.type === 'Rule') checkRule(node, report);
  else if (node.type === 'Atrule') checkAtRule(node, report);
  else if (node.type !== 'Comment' && node.type !== 'WhiteSpace') refuseUnreadable(node, report);
}

function checkAtRule(rule: Atrule, report: StylesheetReport): void {
  const name = rule.name.toLowerCase();
  const prelude = rule.prelude ? generate(rule.prelude) : '';
  if (name === 'font-face' && rule.block && prelude === '') return checkFontFace(rule.block, report);
  if ((name === 'media' || name === 'supports') && rule.block) {
    const allowed = name === 'media' ? MEDIA : SUPPORTS;
    if (!allowed.test(prelude)) {
      const wanted = name === 'media' ? '"(prefers-…)" and "(forced-colors: …)"' : 'one "(property: value)"';
      report.refuse(
        rule,
        `"@${name} ${prelude.slice(0, 80)}" is not allowed in a theme.`,
        `Ask for ${wanted} only; the panel’s layout answers to the screen’s size itself.`,
      );
    }
    return rule.block.children.forEach((node) => checkTopLevel(node, report));
  }
  const fix =
    name === 'import'
      ? 'Put everything into the one stylesheet that "theme.stylesheet" names.'
      : 'Remove it. Allowed are @font-face, @media (prefers-…) and @supports.';
  report.refuse(rule, `"@${rule.name}" is not allowed in a theme.`, fix);
}

function checkRule(rule: Rule, report: StylesheetReport): void {
  const kinds = selectorKinds(rule, report);
  if (!kinds) return;
  checkBlock(rule.block, kinds, report);
}

function selectorKinds(rule: Rule, report: StylesheetReport): Set<SelectorKind> | null {
  if (rule.prelude.type !== 'SelectorList') {
    refuseUnreadable(rule.prelude, report);
    return null;
  }
  const kinds = new Set<SelectorKind>();
  let sound = true;
  rule.prelude.children.forEach((selector) => {
    const kind = selectorKind(generate(selector));
    if (kind.kind !== 'refused') return void kinds.add(kind.kind);
    sound = false;
    report.refuse(
      selector.loc ? selector : rule,
      `the selector "${generate(selector).slice(0, 80)}" is not allowed in a theme: ${kind.why}.`,
      kind.fix,
    );
  });
  if (sound && kinds.size > 1) {
    report.refuse(
      rule,
      'tokens and parts are set in one rule.',
      'Give tokens (:root, [data-theme]) and ::part(…) rules of their own.',
    );
    return null;
  }
  return sound ? kinds : null;
}

function checkBlock(block: Block, kinds: ReadonlySet<SelectorKind>, report: StylesheetReport): void {
  block.children.forEach((node) => {
    if (node.type === 'Comment' || node.type === 'WhiteSpace') return;
    if (node.type !== 'Declaration') return refuseUnreadable(node, report);
    if (node.important)
      report.refuse(
        node,
        '"!important" is not allowed in a theme.',
        'Remove it: a theme’s rules come after the panel’s own.',
      );
    if (hasRaw(node)) return refuseUnreadable(node, report);
    if (kinds.has('part')) checkPartDeclaration(node, report);
    else checkTokenDeclaration(node, report);
  });
}

function hasRaw(node: CssNode): boolean {
  let raw = false;
  walk(node, (inner) => {
    raw ||= inner.type === 'Raw';
  });
  return raw;
}

function refuseUnreadable(node: CssNode, report: StylesheetReport): void {
  if (report.faults.some((fault) => fault.path.startsWith(`${report.file}:${node.loc?.start.line}:`))) return;
  report.refuse(
    node,
    `"${generate(node).slice(0, 60)}" is not allowed in a theme, or not valid CSS.`,
    'A rule of a theme holds plain declarations, "name: value;", and nothing nested.',
  );
}
