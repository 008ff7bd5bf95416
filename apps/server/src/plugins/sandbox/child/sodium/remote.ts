import type { Permission } from '@sodium/sdk';
import type { SodiumContext } from './context.js';

type Remote = (...args: unknown[]) => Promise<unknown>;

/** A function that is a capability of the panel. Its arguments travel as an array. */
function remote({ calls, permissions }: SodiumContext, name: string, permission: Permission): Remote {
  return async (...args) => {
    permissions.require(`sodium.${name}`, permission);
    return (await calls.call(name, args)).value ?? null;
  };
}

export const createServers = (context: SodiumContext): Record<string, Remote> => ({
  list: remote(context, 'servers.list', 'servers:read'),
  get: remote(context, 'servers.get', 'servers:read'),
  suspend: nothing(remote(context, 'servers.suspend', 'servers:suspend')),
  unsuspend: nothing(remote(context, 'servers.unsuspend', 'servers:suspend')),
  power: nothing(remote(context, 'servers.power', 'servers:power')),
});

export const createUsers = (context: SodiumContext): Record<string, Remote> => ({
  list: remote(context, 'users.list', 'users:read'),
  get: remote(context, 'users.get', 'users:read'),
});

export const createPlugins = (context: SodiumContext): Record<string, Remote> => ({
  call: async (id, method, ...args) => {
    context.permissions.require('sodium.plugins.call', 'plugins:call');
    return (await context.calls.call('plugins.call', { id: String(id), method: String(method), args })).value;
  },
});

const nothing =
  (call: Remote): Remote =>
  async (...args) => {
    await call(...args);
    return undefined;
  };
