import type { HookName, HookServer } from '@sodium/sdk';
import type { HookData } from '../../plugins/hooks-port.js';
import type { TestPeople } from './test-people.js';

interface Known {
  people: TestPeople;
  servers(): HookServer[];
}

type Given = Record<string, unknown>;

/** What a hook carries when the test does not say: enough that each field is there. */
const DEFAULTS: Partial<Record<HookName, Given>> = {
  'server:onStatusChange': { from: 'offline', to: 'starting' },
  'auth:afterLogin': { ip: '127.0.0.1', method: 'password' },
  'auth:afterRegister': { ip: '127.0.0.1', method: 'password' },
  'route:register': { plugin: 'other', method: 'GET', path: '/' },
  'ws:message': { message: null },
  'db:afterSave': { collection: 'servers', operation: 'update', id: 'one' },
  'sidebar:items': { items: [] },
  'admin:tabs': { items: [] },
};
const NO_USE = { cpu: 0, memoryBytes: 0, diskBytes: 0, uptimeMs: 0 };

/** Fills in what a test left out of a hook's context, and puts users and servers in the place of their names. */
export function hookContext<E extends HookName>(event: E, given: Given, known: Known): HookData<E> {
  const context: Given = { ...DEFAULTS[event], ...given };
  if (wantsUser(event) || given.user !== undefined) context.user = userOf(given.user, known);
  if (event === 'server:beforeCreate') return draftContext(context, given.server, known) as HookData<E>;
  if (event.startsWith('server:') || typeof given.server === 'object') context.server = serverOf(given.server, known);
  if (event === 'server:resourceUsage') context.usage = { ...NO_USE, ...(given.usage as object) };
  return context as HookData<E>;
}

function wantsUser(event: HookName): boolean {
  return !['server:onStatusChange', 'server:resourceUsage', 'route:register', 'db:afterSave'].includes(event);
}

function userOf(given: unknown, { people }: Known): Given {
  const name = typeof given === 'string' ? given : undefined;
  const { id, username, role } = name === undefined ? people.firstUser() : people.user(name);
  return { id, username, role, ...(typeof given === 'object' ? given : {}) };
}

function draftContext(context: Given, given: unknown, { servers }: Known): Given {
  const user = context.user as Given;
  const serverCount = servers().filter(({ owner }) => owner === user.id).length;
  const fields = typeof given === 'string' ? { name: given } : (given as Given | undefined);
  const server = { name: 'new-server', template: 'nodejs', limits: {}, variables: {}, ...fields };
  return { ...context, user: { serverCount, ...user }, server };
}

function serverOf(given: unknown, { people, servers }: Known): HookServer {
  const all = servers();
  if (typeof given === 'string') {
    const found = all.find(({ id, name }) => id === given || name === given);
    if (found) return found;
    throw new Error(`The test has no server "${given}". It has: ${all.map(({ name }) => name).join(', ') || 'none'}.`);
  }
  const fields = (given ?? {}) as Partial<HookServer>;
  const base = all.find(({ id }) => id === fields.id) ?? (fields.id === undefined ? all[0] : undefined);
  return { ...(base ?? madeUp(people, fields)), ...fields };
}

function madeUp(people: TestPeople, { id, name }: Partial<HookServer>): HookServer {
  return {
    id: id ?? name ?? 'server',
    name: name ?? id ?? 'server',
    template: 'nodejs',
    owner: people.firstUser().id,
    state: 'offline',
    suspended: false,
    limits: {},
    variables: {},
    createdAt: new Date().toISOString(),
  };
}
