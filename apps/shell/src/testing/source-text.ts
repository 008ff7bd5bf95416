import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A piece of text in a source file. Expressions inside it are `\0`. */
export interface SourceText {
  readonly place: string;
  readonly text: string;
  /** The tag of a template, the function or class that it is handed to, or nothing. */
  readonly within: string | null;
}

/** The files below a folder that the product consists of, by their path from there. */
export function sourceFiles(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => pattern.test(file) && !/\.(?:test|d)\.ts$|(?:^|\/)(?:testing|node_modules|dist)\//.test(file),
  );
}

/** Every literal of a TypeScript file that is not a type or the name of a module. */
export function textsOf(folder: string, file: string): SourceText[] {
  const source = ts.createSourceFile(file, readFileSync(`${folder}/${file}`, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: SourceText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    const text = textOf(node);
    if (text !== null) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ place: `${file}:${line}`, text, within: withinOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join('');
}

function withinOf({ parent }: ts.Node): string | null {
  if (ts.isTaggedTemplateExpression(parent)) return parent.tag.getText();
  return ts.isCallExpression(parent) || ts.isNewExpression(parent) ? parent.expression.getText() : null;
}
