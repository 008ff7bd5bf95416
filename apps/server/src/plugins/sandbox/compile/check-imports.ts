import type { AnyNode, Program } from 'acorn';
import { compileErrorAt } from './parse-module.js';

/** A second copy of Lit announces itself on the global object, also when it is minified. */
const OWN_LIT = /\b(?:litHtmlVersions|litElementVersions|reactiveElementVersions)\s*(?:\?\?|\|\|)?=(?!=)/;

/**
 * Both halves of a plugin are single modules: nothing resolves what they import, neither in the sandbox nor in the
 * browser, where a second Lit would break the elements of everybody. Throws a `CompileError` at the place.
 */
export function checkImports(program: Program, source: string, file: string): void {
  if (file !== 'server.js' && file !== 'client.js') return;
  for (const node of program.body) {
    const specifier = 'source' in node && node.source ? String(node.source.value) : null;
    if (specifier === null || (file === 'client.js' && specifier.startsWith('./'))) continue;
    throw compileErrorAt(
      source,
      file,
      node.start,
      `cannot import ${JSON.stringify(specifier)}: ${file === 'server.js' ? FOR_SERVER : FOR_CLIENT}`,
    );
  }
  if (file === 'client.js') checkClient(program, source);
}

const FOR_SERVER =
  'server.js must be one file without imports. Bundle its packages into it (sodium build does); modules of Node.js are not available to plugins';
const FOR_CLIENT = 'a browser cannot find it. Use sodium.lit, or build the plugin (sodium build) to use packages';

function checkClient(program: Program, source: string): void {
  const own = OWN_LIT.exec(source);
  if (own)
    throw compileErrorAt(
      source,
      'client.js',
      own.index,
      'it contains its own copy of Lit. Import from "lit" and build with sodium build, or use sodium.lit',
    );
  const open: AnyNode[] = [program];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'ImportExpression' && node.source.type === 'Literal')
      checkDynamic(source, node.start, String(node.source.value));
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) open.push(child);
    }
  }
}

function checkDynamic(source: string, at: number, specifier: string): void {
  if (!specifier.startsWith('./'))
    throw compileErrorAt(source, 'client.js', at, `cannot import ${JSON.stringify(specifier)}: ${FOR_CLIENT}`);
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
