import ts from 'typescript';
import { escapeHtml } from '../escape-html.js';
import { docOf, exampleOf } from './sdk-source.js';

/** One entry of a list of members: how it is written, and what is said about it. */
interface Member {
  /** `db.find`, below the name that people give its holder; null for what has none. */
  readonly name: string | null;
  readonly signature: string;
  readonly says: string;
  readonly example: string | null;
}

type Holder = ts.InterfaceDeclaration | ts.TypeLiteralNode | ts.ClassDeclaration;

/** What authors call an object of these types. */
const CALLED: Record<string, string> = {
  ServerSodium: 'sodium',
  ClientSodium: 'sodium',
  Db: 'sodium.db',
  Logger: 'sodium.logger',
  Config: 'sodium.config',
  ServerUi: 'sodium.ui',
  ClientApi: 'sodium.api',
  Router: 'router',
  PluginRequest: 'req',
  PluginResponse: 'res',
  TestPlugin: 'plugin',
};

/** The documented members of a declaration as a list, objects within objects by their path; null when it has none. */
export function memberList(node: ts.DeclarationStatement): string | null {
  const members = holdersOf(node).flatMap((holder) => [...viewOf(holder), ...membersOf(holder, '')]);
  const holder = node.name!.getText();
  const entries = members.map((member, at) => {
    const isFirst = members.findIndex(({ name }) => name === member.name) === at;
    return entry(member, isFirst ? holder : null);
  });
  return members.length === 0 ? null : `<dl class="members">${entries.join('')}</dl>`;
}

/** An interface or class itself; of a type, the object in it whose fields are described. */
function holdersOf(node: ts.Node): Holder[] {
  if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) return [node];
  if (!ts.isTypeAliasDeclaration(node)) return [];
  const parts = ts.isIntersectionTypeNode(node.type) ? [...node.type.types] : [node.type];
  return parts.filter(ts.isTypeLiteralNode).filter(({ members }) => members.some(isDescribed));
}

const isDescribed = (node: ts.Node): boolean => docOf(node) !== '';

/** What is shown gives `render` or `element`, which the SDK's sources say in one word beside the other fields. */
function viewOf(holder: Holder): Member[] {
  if (!ts.isTypeLiteralNode(holder) || !ts.isIntersectionTypeNode(holder.parent)) return [];
  const [, args] = /View<\[(.*)\]>/s.exec(holder.parent.getText()) ?? [];
  if (args === undefined) return [];
  const parameters = args.includes(':') && !args.startsWith('{') ? args : `context: ${args}`;
  const says = 'What draws it: a function, or an element that gets the same as properties. Give one of the two.';
  return [
    { name: null, signature: `render: (${parameters}) => Renderable  |  element: ElementSource`, says, example: null },
  ];
}

function membersOf(holder: Holder, path: string): Member[] {
  return holder.members.filter(isShown).flatMap((member) => {
    const inner = innerOf(member);
    const name = member.name!.getText();
    const own: Member = {
      name: path + name,
      signature: path + (inner ? name : signatureOf(member)),
      says: docOf(member),
      example: exampleOf(member),
    };
    return [own, ...(inner ? membersOf(inner, `${path}${name}.`) : [])];
  });
}

const isShown = (member: ts.ClassElement | ts.TypeElement): boolean =>
  member.name !== undefined && !ts.isPrivateIdentifier(member.name);

/** The object that a field holds, when its own fields are described. */
function innerOf(member: ts.Node): ts.TypeLiteralNode | null {
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  return type && ts.isTypeLiteralNode(type) && type.members.some(isDescribed) ? type : null;
}

/** How a member is written, in one line and without what only the SDK's own code needs. */
function signatureOf(member: ts.ClassElement | ts.TypeElement): string {
  const body = (member as { body?: ts.Node }).body;
  const text = member.getSourceFile().text.slice(member.getStart(), body ? body.getStart() : member.end);
  return text
    .replace(/^(?:(?:readonly|protected|static|override|abstract) )+/, '')
    .replace(/\s*=\s[^=>][^()]*;$/, '')
    .replaceAll(/\/\*\*.*?\*\/|\/\/ eslint.*/gs, '')
    .replaceAll(/\breadonly /g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s;]+$/, '');
}

/** `holder` is given for the first of a name: the list can be entered there, and the search finds it. */
function entry({ name, signature, says, example }: Member, holder: string | null): string {
  // A blank line would end the list for Markdown.
  const shown = example ? `<pre><code>${escapeHtml(example.replaceAll(/\n\s*\n/g, '\n'))}</code></pre>` : '';
  const target = holder && name ? ` id="${holder}.${name}" data-name="${CALLED[holder] ?? holder}.${name}"` : '';
  return `<dt${target}><code>${escapeHtml(signature)}</code></dt><dd>${withCode(says)}${shown}</dd>`;
}

const withCode = (text: string): string =>
  escapeHtml(text.replaceAll(/\s+/g, ' ')).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
