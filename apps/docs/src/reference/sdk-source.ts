import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

/** A source file of the SDK, whose sources are in `folder`, as a syntax tree. */
export async function sdkSource(folder: string, file: string): Promise<ts.SourceFile> {
  const text = await readFile(path.join(folder, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The text of a declaration's doc comment, tags left out. */
export function docOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments.map((comment) => ts.getTextOfJSDocComment(comment.comment) ?? '').join('\n\n');
}

/** The example of a declaration's doc comment. */
export function exampleOf(node: ts.Node): string | null {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'example');
  return tag ? (ts.getTextOfJSDocComment(tag.comment) ?? null) : null;
}
