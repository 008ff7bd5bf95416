import { getLineInfo, parse, type AnyNode, type Program } from 'acorn';
import type { Permission } from '@sodium/sdk';
import type { Place } from './locate-field.js';

/** A use of the `sodium` object: `hooks.on('server:onCreate', …)` with its event, or `db.find(…)`. */
export interface Use extends Place {
  /** As written behind the object, such as `db.find` or `ui.registerPages`. */
  readonly call: string;
  /** The first argument, when it is a plain text. */
  readonly argument: string | null;
}

/** One of these permissions suffices for a call; the first is the one to ask for. */
const NEEDS: readonly [RegExp, readonly Permission[]][] = [
  [/^db\.(?:registerCollections|find|findOne|get|count|insert|update|delete)$/, ['db:own']],
  [/^http\.registerRoutes$/, ['http:routes']],
  [/^cron\.register$/, ['cron:register']],
  [/^plugins\.call$/, ['plugins:call']],
  [/^servers\.(?:list|get)$/, ['servers:read']],
  [/^servers\.(?:suspend|unsuspend)$/, ['servers:suspend']],
  [/^servers\.power$/, ['servers:power']],
  [/^users\.(?:list|get)$/, ['users:read']],
  [/^ui\.registerPages$/, ['ui:pages']],
  [/^ui\.addServerTab$/, ['ui:server-tabs', 'ui:pages']],
  [/^ui\.addDashboardWidget$/, ['ui:widgets', 'ui:pages']],
  [/^ui\.addSidebarItem$/, ['ui:sidebar']],
  [/^ui\.addAdminTab$/, ['ui:admin']],
];

export function permissionsFor(call: string): readonly Permission[] {
  return NEEDS.find(([pattern]) => pattern.test(call))?.[1] ?? [];
}

/**
 * Finds what a half of a plugin does with the `sodium` object. Best effort: it follows names such as `x.db.find(…)` and
 * `db.find(…)` after `const { db } = x`, not values that travel further.
 */
export function findUses(code: string): Use[] {
  const program: Program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  const uses: Use[] = [];
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return;
    const call = nameOf(node.callee);
    if (!call || !(permissionsFor(call).length > 0 || call === 'hooks.on')) return;
    const [first] = node.arguments;
    const argument = first?.type === 'Literal' && typeof first.value === 'string' ? first.value : null;
    const { line, column } = getLineInfo(code, node.start);
    uses.push({ call, argument, line, column: column + 1 });
  });
  return uses.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The last two names of `a.b.c`: what stands before them is the sodium object under whatever name. */
function nameOf(callee: AnyNode): string | null {
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return null;
  const { object } = callee;
  const method = callee.property.name;
  if (object.type === 'Identifier') return `${object.name}.${method}`;
  if (object.type === 'MemberExpression' && !object.computed && object.property.type === 'Identifier')
    return `${object.property.name}.${method}`;
  return null;
}

function walk(root: AnyNode, visit: (node: AnyNode) => void): void {
  const open: AnyNode[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    visit(node);
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) open.push(child);
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
