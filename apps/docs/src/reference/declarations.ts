import ts from 'typescript';
import { docOf, exampleOf, sdkSource } from './sdk-source.js';

type Named = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.FunctionDeclaration | ts.ClassDeclaration;

/** A page with everything that one file of the SDK exports: what it says of itself, and its declaration. */
export async function declarationsPage(
  sdk: string,
  about: { file: string; title: string; intro: string },
): Promise<string> {
  const source = await sdkSource(sdk, about.file);
  const exported = source.statements.filter(isExportedDeclaration).map((node) => describe(node, source));
  return [`# ${about.title}`, about.intro, ...exported].join('\n\n');
}

function isExportedDeclaration(node: ts.Statement): node is Named & { name: ts.Identifier } {
  const isNamed =
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node);
  return isNamed && !!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function describe(node: Named & { name: ts.Identifier }, source: ts.SourceFile): string {
  const example = exampleOf(node);
  return [
    `## \`${node.name.text}\``,
    docOf(node),
    '```ts\n' + declarationText(node, source) + '\n```',
    example && 'Example:\n\n```ts\n' + example + '\n```',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The declaration without what only the SDK's own code needs: `export`, and the body of a function. */
function declarationText(node: Named, source: ts.SourceFile): string {
  const end = ts.isFunctionDeclaration(node) && node.body ? node.body.getStart(source) : node.end;
  return source.text
    .slice(node.getStart(source), end)
    .replace(/^export /, '')
    .trim();
}
