import { powerActionSchema } from '@sodium/contract';
import { z } from 'zod';
import { HttpError } from '../http-error.js';
import type { Capability } from '../plugins/sandbox/types.js';
import type { ServerService } from './servers/server-service.js';

const idSchema = z.string().min(1).max(64);

const capability = <Args>(definition: Capability<Args>): Capability => definition as Capability;

/** `sodium.servers` for plugins. What they do is the panel's doing: no owner is asked, and no before-hook runs. */
export function serverCapabilities(servers: ServerService): Record<string, Capability> {
  return {
    'servers.list': capability({
      permission: 'servers:read',
      args: z.tuple([]),
      handle: () => servers.listForHooks(),
    }),
    'servers.get': capability({
      permission: 'servers:read',
      args: z.tuple([idSchema]),
      handle: ([id]) => orNull(() => servers.getForHooks(id)),
    }),
    'servers.suspend': capability({
      permission: 'servers:suspend',
      args: z.tuple([idSchema, z.string().max(300).nullish()]),
      handle: async ([id, reason]) => void (await servers.suspend(null, id, reason ?? undefined)),
    }),
    'servers.unsuspend': capability({
      permission: 'servers:suspend',
      args: z.tuple([idSchema]),
      handle: async ([id]) => void (await servers.unsuspend(null, id)),
    }),
    'servers.power': capability({
      permission: 'servers:power',
      args: z.tuple([idSchema, powerActionSchema]),
      handle: async ([id, action]) => void (await servers.power(null, id, action)),
    }),
  };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}
