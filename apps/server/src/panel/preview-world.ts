import { powerActionSchema } from '@sodium/contract';
import type { HookContexts, HookName, HookServer, HookUser } from '@sodium/sdk';
import { z } from 'zod';
import type { HookData } from '../plugins/hooks-port.js';
import type { PreviewedWorld, PreviewScope } from '../plugins/preview-port.js';
import type { Capability } from '../plugins/sandbox/types.js';
import { demoServers, type Pseudonyms } from './previewed-panel.js';
import { sampleEvents } from './preview-samples.js';
import type { ServerService } from './servers/server-service.js';
import type { AccountService } from './users/account-service.js';

export interface PreviewWorldParts {
  servers: Pick<ServerService, 'listForHooks' | 'getForHooks'>;
  accounts: Pick<AccountService, 'list' | 'get'>;
  names: WorldNames & { readonly withRealIds: WorldNames };
}

type WorldNames = Pseudonyms & { ip(address: string): string; ids<T>(value: T): T };

const idSchema = z.string().min(1).max(64);
const capability = <Args>(definition: Capability<Args>): Capability => definition as Capability;

/**
 * The panel as a plugin in preview sees it: its servers, users and events under other names and ids, and none of them
 * changed.
 */
export class PreviewWorld implements PreviewedWorld {
  constructor(private readonly parts: PreviewWorldParts) {}

  capabilities(scope: PreviewScope): Record<string, Capability> {
    return { ...this.#serverReads(scope), ...this.#serverChanges(scope), ...this.#userReads(scope) };
  }

  strip<E extends HookName>(_event: E, context: HookData<E>): HookData<E> {
    const copy = structuredClone(context) as Veiled;
    if (typeof copy.server === 'object') copy.server = withoutWords(copy.server);
    if ('message' in copy) copy.message = maskTexts(copy.message, MESSAGE_FIELDS);
    if (copy.changes) copy.changes = maskTexts(copy.changes, CHANGED_FIELDS) as Fields;
    return copy as unknown as HookData<E>;
  }

  veil<E extends HookName>(event: E, context: HookData<E>, scope: Pick<PreviewScope, 'knowsIds'>): HookData<E> {
    const copy = this.strip(event, context) as unknown as Veiled;
    if (copy.user) copy.user = { ...copy.user, username: this.parts.names.username(copy.user.id) };
    if (typeof copy.server === 'object') copy.server = this.#veilServer(copy.server);
    if (typeof copy.ip === 'string') copy.ip = this.parts.names.ip(copy.ip);
    if (copy.changes && copy.id !== undefined)
      copy.changes = this.#renameChanges(copy.id, copy.collection, copy.changes);
    // Last, since the names depend on the real ones.
    return this.#names(scope).ids(copy) as unknown as HookData<E>;
  }

  sample<E extends HookName>(event: E): HookData<E> {
    const [server] = this.#demo(this.parts.names);
    return sampleEvents(server!)[event] as HookData<E>;
  }

  #serverReads(scope: PreviewScope): Record<string, Capability> {
    const names = this.#names(scope);
    const list = (): HookServer[] => {
      const real = scope.madeUp ? [] : this.parts.servers.listForHooks();
      return real.length > 0 ? real.map((server) => names.ids(this.#veilServer(server))) : this.#demo(names);
    };
    return {
      'servers.list': capability({ permission: 'servers:read', args: z.tuple([]), handle: list }),
      'servers.get': capability({
        permission: 'servers:read',
        args: z.tuple([idSchema]),
        handle: ([id]) => list().find((server) => server.id === id) ?? null,
      }),
    };
  }

  /** Noted, and answered as if it were done. */
  #serverChanges({ record }: PreviewScope): Record<string, Capability> {
    return {
      'servers.suspend': capability({
        permission: 'servers:suspend',
        args: z.tuple([idSchema, z.string().max(300).nullish()]),
        handle: ([server, reason]) => record('servers.suspend', { server, reason: reason ?? null }),
      }),
      'servers.unsuspend': capability({
        permission: 'servers:suspend',
        args: z.tuple([idSchema]),
        handle: ([server]) => record('servers.unsuspend', { server }),
      }),
      'servers.power': capability({
        permission: 'servers:power',
        args: z.tuple([idSchema, powerActionSchema]),
        handle: ([server, action]) => record('servers.power', { server, action }),
      }),
    };
  }

  #userReads(scope: PreviewScope): Record<string, Capability> {
    const { accounts } = this.parts;
    const names = this.#names(scope);
    const list = (): unknown[] => {
      const users = scope.madeUp ? DEMO_USERS : accounts.list();
      return users.map(({ id, role }) => ({
        id: names.id(id),
        username: names.username(id),
        email: names.email(id),
        role,
      }));
    };
    return {
      'users.list': capability({ permission: 'users:read', args: z.tuple([]), handle: list }),
      'users.get': capability({
        permission: 'users:read',
        args: z.tuple([idSchema]),
        handle: ([id]) => list().find((user) => (user as { id: string }).id === id) ?? null,
      }),
    };
  }

  #names({ knowsIds }: Pick<PreviewScope, 'knowsIds'>): WorldNames {
    return knowsIds ? this.parts.names.withRealIds : this.parts.names;
  }

  #demo(names: WorldNames): HookServer[] {
    const owner = this.parts.accounts.list()[0]?.id ?? DEMO_USERS[0]!.id;
    return demoServers(names.id(owner)).map(({ suspended, ...server }) => ({
      ...server,
      suspended,
      limits: { ...server.limits } as Record<string, number>,
    }));
  }

  /** Also for one that is still to be created and has no id. */
  #veilServer<T extends { id?: string; name: string; variables: Readonly<Record<string, string>> }>(server: T): T {
    const name = this.parts.names.serverName(server.id ?? `new ${server.name}`);
    return { ...withoutWords(server), name };
  }

  #renameChanges(id: string, collection: string | undefined, changes: Fields): Fields {
    const { names } = this.parts;
    const renamed: Fields = { username: names.username(id), email: names.email(id) };
    if (collection === 'servers') renamed.name = names.serverName(id);
    const known = Object.entries(renamed).filter(([field]) => Object.hasOwn(changes, field));
    return { ...changes, ...Object.fromEntries(known) };
  }
}

type Fields = Record<string, unknown>;
/** The parts of all events that may tell who or what it was. */
interface Veiled {
  user?: HookUser;
  server?: HookServer | HookContexts['server:beforeCreate']['server'] | string;
  ip?: string;
  message?: unknown;
  collection?: string;
  id?: string;
  changes?: Fields;
}

const DEMO_USERS = [
  { id: '00000000-0000-4000-8000-000000000001', role: 'admin' as const },
  { id: '00000000-0000-4000-8000-000000000002', role: 'user' as const },
];
const NOTHING: ReadonlySet<string> = new Set();
const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['event', 'server']);
const CHANGED_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'role',
  'state',
  'template',
  'owner',
  'desired',
  'createdAt',
]);
const MAX_DEPTH = 6;

/** What users typed into its variables may be a secret. */
function withoutWords<T extends { variables: Readonly<Record<string, string>> }>(server: T): T {
  return { ...server, variables: maskTexts(server.variables, NOTHING) as T['variables'] };
}

/** The shape and the figures, without the words: those may be anybody's. */
function maskTexts(value: unknown, open: ReadonlySet<string>, depth = 0): unknown {
  if (typeof value === 'string') return /^-?\d{1,9}(\.\d{1,9})?$|^(true|false)$/.test(value) ? value : '…';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((entry) => maskTexts(entry, open, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      open.has(key) && typeof entry === 'string' ? entry : maskTexts(entry, open, depth + 1),
    ]),
  );
}
