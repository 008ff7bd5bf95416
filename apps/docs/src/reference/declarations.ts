import ts from 'typescript';
import { memberList } from './members.js';
import { docOf, exampleOf, sdkSource } from './sdk-source.js';

type Named =
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.VariableDeclaration;
type NamedDeclaration = Named & { name: ts.Identifier };

export interface DeclarationsPage {
  /** Files of the SDK, in the order in which the page shows them. */
  readonly files: readonly string[];
  readonly title: string;
  readonly intro: string;
  /** What comes before everything else, by name; the rest stays in the order of the files. */
  readonly first: readonly string[];
}

/** A page with everything that some files of the SDK export: what it says of itself, and its members. */
export async function declarationsPage(sdk: string, { files, title, intro, first }: DeclarationsPage): Promise<string> {
  const declared = (await Promise.all(files.map((file) => declarationsIn(sdk, file)))).flat();
  const rank = ({ name }: NamedDeclaration): number =>
    first.includes(name.text) ? first.indexOf(name.text) : Infinity;
  const sorted = declared.sort((a, b) => Math.min(rank(a), first.length) - Math.min(rank(b), first.length));
  return [`# ${title}`, intro, ...sorted.map((node) => describeDeclaration(node))].join('\n\n');
}

/** What a file exports. */
export async function declarationsIn(sdk: string, file: string): Promise<NamedDeclaration[]> {
  const { statements } = await sdkSource(sdk, file);
  return statements.filter(isExported).flatMap(declarationsOf).filter(isNamed);
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && !!node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const declarationsOf = (node: ts.Statement): readonly ts.Node[] =>
  ts.isVariableStatement(node) ? node.declarationList.declarations : [node];

const isNamed = (node: ts.Node): node is NamedDeclaration =>
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name));

/** A heading, what the declaration says of itself, its members or how it is written, and its example. */
export function describeDeclaration(node: NamedDeclaration): string {
  const example = exampleOf(node);
  return [
    `## \`${node.name.text}\``,
    docOf(node),
    baseOf(node),
    // What a value is made of is nothing to rely on.
    ts.isVariableDeclaration(node) ? '' : (memberList(node) ?? '```ts\n' + declarationText(node) + '\n```'),
    example && 'Example:\n\n```ts\n' + example + '\n```',
  ]
    .filter(Boolean)
    .join('\n\n');
}

function baseOf(node: NamedDeclaration): string {
  if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) return '';
  const bases = node.heritageClauses?.flatMap(({ types }) => types.map((type) => `\`${type.getText()}\``)) ?? [];
  return bases.length === 0 ? '' : `Has everything of ${bases.join(' and ')} too.`;
}

/** The declaration without what only the SDK's own code needs: `export`, and the body of a function. */
function declarationText(node: Named): string {
  const source = node.getSourceFile();
  const end = ts.isFunctionDeclaration(node) && node.body ? node.body.getStart(source) : node.end;
  return source.text
    .slice(node.getStart(source), end)
    .replace(/^export /, '')
    .trim();
}
