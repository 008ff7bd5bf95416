import type {
  AnyNode,
  Comment,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  TaggedTemplateExpression,
} from 'acorn';
import type { FreeNames } from './free-names.js';
import { compileErrorAt } from './parse-module.js';
import { escapeLiteral, isSuspect, safeString } from './false-positives.js';
import { TextEdits } from './text-edits.js';

export interface ModuleParts {
  source: string;
  file: string;
  program: AnyNode;
  comments: readonly Comment[];
  names: FreeNames;
}

export interface Rewritten {
  edits: TextEdits;
  /** Statements that hand the exports over after the body has run. */
  tail: string;
  /** Declarations that must come before the body, on its first line. */
  templates: string;
}

/** Replaces what only a module may say by what a function may say. */
export function rewriteModule(parts: ModuleParts): Rewritten {
  return new Rewriter(parts).run();
}

class Rewriter {
  readonly #edits: TextEdits;
  readonly #tail: string[] = [];
  readonly #templates: string[] = [];
  readonly #hoisted = new Set<AnyNode>();

  constructor(readonly parts: ModuleParts) {
    this.#edits = new TextEdits(parts.source);
  }

  run(): Rewritten {
    const { source, program, comments, names } = this.parts;
    if (source.startsWith('#!')) this.#edits.blank(0, endOfLine(source));
    for (const { start, end } of comments) if (this.#isBadComment(start, end)) this.#edits.blank(start, end);
    const open: AnyNode[] = [program];
    for (let node = open.pop(); node; node = open.pop()) {
      this.#visit(node);
      pushChildren(node, open);
    }
    const templates = this.#templates.length === 0 ? '' : `const ${names.templates} = [${this.#templates.join(',')}]; `;
    return { edits: this.#edits, tail: this.#tail.join(''), templates };
  }

  #isBadComment(start: number, end: number): boolean {
    const { source } = this.parts;
    return isSuspect(source.slice(start, end)) || /import\s*$/.test(source.slice(Math.max(0, start - 40), start));
  }

  #visit(node: AnyNode): void {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return this.#refuseImport(node.start, String(node.source.value));
      case 'ExportNamedDeclaration':
        return this.#exportNamed(node);
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node);
      case 'ImportExpression':
        return this.#edits.replace(node.start, node.start + 'import'.length, this.parts.names.importModule);
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#edits.replace(node.start, node.end, this.parts.names.importMeta);
        return;
      default:
        return this.#escape(node);
    }
  }

  #refuseImport(at: number, specifier: string): never {
    const { source, file } = this.parts;
    throw compileErrorAt(
      source,
      file,
      at,
      `cannot import ${JSON.stringify(specifier)}: server.js must be one file without imports. Bundle its packages into it (sodium build does); modules of Node.js are not available to plugins.`,
    );
  }

  #exportNamed(node: ExportNamedDeclaration): void {
    if (node.source) this.#refuseImport(node.start, String(node.source.value));
    if (node.declaration) return this.#edits.blank(node.start, node.start + 'export'.length);
    for (const { exported, local } of node.specifiers) {
      const name = exported.type === 'Identifier' ? exported.name : exported.value;
      if (name === 'default' && local.type === 'Identifier') this.#exportLater(local.name);
    }
    this.#edits.replace(node.start, node.end, ';');
  }

  #exportDefault({ start, declaration }: ExportDefaultDeclaration): void {
    const keywords = /export(?:\s|\/\*[^]*?\*\/|\/\/.*)*default/y;
    keywords.lastIndex = start;
    const end = start + keywords.exec(this.parts.source)![0].length;
    const named =
      (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id;
    if (named) {
      this.#edits.replace(start, end, ' ');
      return this.#exportLater(named.name);
    }
    this.#edits.replace(start, end, `${this.parts.names.exports}.default =`);
    if (/Declaration$/.test(declaration.type)) this.#edits.insert(declaration.end, ';');
  }

  #exportLater(local: string): void {
    this.#tail.push(`${this.parts.names.exports}.default = ${local};`);
  }

  /** Spells what the compartment would mistake for an import or an HTML comment in another way. */
  #escape(node: AnyNode): void {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string' || 'regex' in node) this.#escapeLiteral(node);
        return;
      case 'TaggedTemplateExpression':
        if (node.quasi.quasis.some((part) => isSuspect(part.value.raw))) this.#hoistTemplate(node);
        return;
      case 'TemplateElement':
        if (!this.#hoisted.has(node)) this.#escapeLiteral(node);
        return;
      case 'NewExpression':
        return this.#guardNew(node.callee);
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (
          !node.computed &&
          node.key.type === 'Identifier' &&
          node.key.name === 'import' &&
          !('shorthand' in node && node.shorthand)
        ) {
          this.#edits.replace(node.key.start, node.key.end, '"import"');
        }
        return;
      case 'PrivateIdentifier':
        if (node.name === 'import') this.#edits.replace(node.start, node.end, this.parts.names.privateImport);
        return;
      case 'MemberExpression':
        if (!node.computed && node.property.type === 'Identifier' && node.property.name === 'import')
          this.#joinMember(node.property.start);
        return;
      case 'BinaryExpression':
        return this.#separateOperators(node.left.end, node.right.start);
      default:
    }
  }

  #escapeLiteral({ start, end }: AnyNode): void {
    const raw = this.parts.source.slice(start, end);
    if (isSuspect(raw)) this.#edits.replace(start, end, escapeLiteral(raw));
  }

  /** `x.  import(…)`: directly behind its dot the name is not mistaken. */
  #joinMember(nameStart: number): void {
    const { source } = this.parts;
    if (source[nameStart - 1] === '.') return;
    this.#edits.replace(nameStart, nameStart + 'import'.length, ' ["import"]');
    const dot = source.lastIndexOf('.', nameStart);
    this.#edits.replace(dot, dot + 1, source[dot - 1] === '?' ? '.' : ' ');
  }

  /** `n-->0` and `a<!--b` are comparisons here, and HTML comments to the check. */
  #separateOperators(leftEnd: number, rightStart: number): void {
    const { source } = this.parts;
    if (source.startsWith('-->', leftEnd - 2)) this.#edits.insert(leftEnd, ' ');
    if (source.startsWith('<!--', rightStart - 1)) this.#edits.insert(rightStart, ' ');
  }

  /** A tag sees the raw text, which an escape would change: the call is spelled out with a template object made before. */
  #hoistTemplate({ tag, quasi }: TaggedTemplateExpression): void {
    const cooked = quasi.quasis.map(({ value }) => (value.cooked == null ? 'void 0' : safeString(value.cooked)));
    const raw = quasi.quasis.map(({ value }) => safeString(value.raw));
    const index = this.#templates.length;
    this.#templates.push(
      `((cooked, raw) => Object.freeze(Object.defineProperty(cooked, "raw", { value: Object.freeze(raw) })))([${cooked.join(',')}], [${raw.join(',')}])`,
    );
    for (const part of quasi.quasis) this.#hoisted.add(part);
    const first = `(${this.parts.names.templates}[${index}]`;
    let at = quasi.start;
    const ends = quasi.quasis.slice(0, -1).map((part) => part.end + '${'.length);
    for (const [n, end] of ends.entries()) {
      this.#edits.replace(at, end, n === 0 ? `${first}, (` : '), (');
      at = quasi.quasis[n + 1]!.start - '}'.length;
    }
    this.#edits.replace(at, quasi.end, ends.length === 0 ? `${first})` : '))');
    void tag;
  }

  /** `new tag``(…)`: the spelled-out call must not become the constructor's arguments. */
  #guardNew(callee: AnyNode): void {
    let node: AnyNode = callee;
    while (node.type === 'MemberExpression') node = node.object;
    if (node.type !== 'TaggedTemplateExpression' || this.parts.source[callee.start - 1] === '(') return;
    this.#edits.insert(callee.start, '(');
    this.#edits.insert(callee.end, ')');
  }
}

const endOfLine = (source: string): number => {
  const end = source.search(/[\n\r]/);
  return end < 0 ? source.length : end;
};

function pushChildren(node: AnyNode, open: AnyNode[]): void {
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) open.push(item);
    } else if (isNode(value)) open.push(value);
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
