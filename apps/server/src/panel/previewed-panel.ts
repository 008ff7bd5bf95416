import { createHash } from 'node:crypto';
import type { Resources, Role, Server, Template, User } from '@sodium/contract';
import type { ServerService } from './servers/server-service.js';
import type { AccountService } from './users/account-service.js';

/** Other names and ids for people and servers, the same ones everywhere in a preview. */
export interface Pseudonyms {
  id(id: string): string;
  username(id: string): string;
  email(id: string): string;
  serverName(id: string): string;
}

export interface PreviewedPanelParts {
  servers: Pick<ServerService, 'list' | 'resources'>;
  accounts: Pick<AccountService, 'list'>;
  names: Pseudonyms;
  /** Who is looking: the admin who tries the plugin, as one or the other. */
  admin: { id: string };
  role: Role;
  /** Made-up servers alone, where the browser could not keep real ones in. */
  madeUp: boolean;
}

/** The panel as somebody in a preview sees it: real in its shape and its figures, under other names and ids. */
export class PreviewedPanel {
  readonly viewer: User;
  /** Under the real id, as the panel knows them. */
  readonly #viewer: { id: string; username: string; role: Role };
  #ids: ReadonlyMap<string, string> | null = null;

  constructor(private readonly parts: PreviewedPanelParts) {
    const { names, role } = parts;
    const id = role === 'admin' ? parts.admin.id : this.#someUser();
    this.#viewer = { id, username: names.username(id), role };
    this.viewer = { ...this.#viewer, id: names.id(id), email: names.email(id) };
  }

  servers(): Server[] {
    const seen = this.#seen();
    return seen.length === 0 ? demoServers(this.viewer.id) : seen.map((server) => this.#renamed(server));
  }

  async resources(id: string): Promise<Resources> {
    const demo = demoServers(this.viewer.id).find((server) => server.id === id);
    if (demo) return demoResources(demo);
    return this.parts.servers.resources(null, this.#realIds.get(id) ?? id);
  }

  /** Made once: each request has a panel of its own. */
  get #realIds(): ReadonlyMap<string, string> {
    this.#ids ??= new Map(this.#seen().map(({ id }) => [this.parts.names.id(id), id]));
    return this.#ids;
  }

  /** The real servers that the viewer sees; none where those are not to be shown. */
  #seen(): Server[] {
    const viewer = this.#viewer;
    if (this.parts.madeUp) return [];
    return this.parts.servers.list(viewer.role === 'admin' ? null : viewer);
  }

  /** A user with servers, so that there is something to see; else one that does not exist. */
  #someUser(): string {
    const users = new Set(this.parts.accounts.list().flatMap(({ id, role }) => (role === 'user' ? [id] : [])));
    const counts = new Map<string, number>();
    for (const { owner } of this.parts.servers.list(null))
      if (users.has(owner)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most?.[0] ?? [...users][0] ?? idFor('user');
  }

  /** Variables and last words may hold what is nobody's business. */
  #renamed({ lastExit, suspendReason, ...server }: Server): Server {
    const { names } = this.parts;
    return {
      ...server,
      id: names.id(server.id),
      owner: names.id(server.owner),
      name: names.serverName(server.id),
      variables: {},
      ...(suspendReason === undefined ? {} : { suspendReason: '…' }),
      ...(lastExit ? { lastExit: { ...lastExit, message: undefined } } : {}),
    };
  }
}

/** What those servers are made from. The panel's own may name what is nobody's business. */
export const DEMO_TEMPLATES: Template[] = [
  { id: 'demo', name: 'Demo', description: 'A made-up server.', variables: [] },
];

/** What a panel without servers shows, so that a plugin for servers has some. */
export function demoServers(owner: string): Server[] {
  const base = { template: 'demo', owner, suspended: false, variables: {}, createdAt: '2026-01-05T09:00:00.000Z' };
  return [
    { ...base, id: idFor('running'), name: 'Demo: survival', state: 'running', limits: { memoryMb: 2048, cpu: 200 } },
    { ...base, id: idFor('offline'), name: 'Demo: test server', state: 'offline', limits: { memoryMb: 512 } },
  ];
}

const MINUTES = 30;
const MB = 1_048_576;

function demoResources({ state }: Server): Resources {
  const on = state === 'running';
  const at = (minutesAgo: number) => ({
    cpu: on ? Math.round(35 + 20 * Math.sin(minutesAgo / 3)) : 0,
    memoryBytes: on ? Math.round((800 + 60 * Math.cos(minutesAgo / 5)) * MB) : 0,
    diskBytes: 1500 * MB,
    uptimeMs: on ? (MINUTES - minutesAgo) * 60_000 : 0,
  });
  const now = Date.now();
  const history = Array.from({ length: MINUTES }, (_, index) => MINUTES - 1 - index);
  return { current: at(0), history: history.map((minutes) => ({ ...at(minutes), at: now - minutes * 60_000 })) };
}

/** The same at each call, in the shape of a UUID. */
function idFor(what: string): string {
  const hex = createHash('sha256').update(`preview ${what}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
