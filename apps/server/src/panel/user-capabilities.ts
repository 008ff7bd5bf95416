import { z } from 'zod';
import type { Capability } from '../plugins/sandbox/types.js';
import type { AccountService } from './users/account-service.js';

const capability = <Args>(definition: Capability<Args>): Capability => definition as Capability;

/** `sodium.users` for plugins: names, addresses and roles; nothing of passwords or sessions. */
export function userCapabilities(accounts: AccountService): Record<string, Capability> {
  return {
    'users.list': capability({ permission: 'users:read', args: z.tuple([]), handle: () => accounts.list() }),
    'users.get': capability({
      permission: 'users:read',
      args: z.tuple([z.string().min(1).max(64)]),
      handle: ([id]) => accounts.get(id) ?? null,
    }),
  };
}
