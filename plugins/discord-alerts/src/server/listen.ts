import type { HookContexts, HookServer, HookUser, ServerSodium } from '@sodium/sdk';
import type { Kind } from '../shapes.js';
import type { NewEvent } from './queued-event.js';

type StatusChange = HookContexts['server:onStatusChange'];

/** What a change of state is to people, or null when it is only a step on the way. */
export function kindOfChange({ from, to, action }: Pick<StatusChange, 'from' | 'to' | 'action'>): Kind | null {
  if (to === 'running' && from !== 'running') return 'start';
  if (to !== 'offline') return null;
  if (action === 'crash') return 'crash';
  // The start that follows says it. An installation that has ended is no stop.
  if (action === 'restart' || from === 'installing' || from === 'offline') return null;
  return 'stop';
}

/** Turns what happens in the panel into events. */
export function listen({ hooks, users }: Pick<ServerSodium, 'hooks' | 'users'>, tell: (event: NewEvent) => void): void {
  const names = new OwnerNames(users);

  const tellOfServer = async (
    kind: Kind,
    server: HookServer,
    user: HookUser | undefined,
    more: Record<string, string> = {},
  ): Promise<void> => {
    const at = Date.now();
    const owner = await names.of(server.owner);
    const values = {
      server: server.name,
      template: server.template,
      owner,
      user: user?.username ?? 'the panel',
      ...more,
    };
    tell({ kind, at, subject: `server:${server.id}`, values });
  };

  hooks.on('server:onCreate', ({ server, user }) => tellOfServer('create', server, user));
  hooks.on('server:onDelete', ({ server, user }) => tellOfServer('delete', server, user));
  hooks.on('server:onStatusChange', (change) => {
    const kind = kindOfChange(change);
    const exitCode = { exit_code: String(change.exitCode ?? 'none') };
    return kind ? tellOfServer(kind, change.server, change.user, exitCode) : undefined;
  });
  hooks.on('auth:afterLogin', ({ user, ip }) => {
    if (user.role !== 'admin') return;
    tell({ kind: 'login', at: Date.now(), subject: `login:${user.id}`, values: { user: user.username, ip } });
  });
}

/** Servers name their owner by id; people know names. A name that cannot be found costs no event. */
class OwnerNames {
  readonly #known = new Map<string, string>();

  constructor(readonly users: ServerSodium['users']) {}

  async of(id: string): Promise<string> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    try {
      const name = (await this.users.get(id))?.username ?? id;
      this.#known.set(id, name);
      return name;
    } catch {
      return id;
    }
  }
}
