import type { HookName, HookServer } from '@sodium/sdk';
import type { HookData } from '../plugins/hooks-port.js';

const USER = { id: '00000000-0000-4000-8000-000000000002', username: 'sample-user', role: 'user' as const };
/** Set aside for documentation. */
const IP = '198.51.100.7';

/** One made-up event of each kind, so that a plugin can be tried on a panel where nothing has happened yet. */
export function sampleEvents(server: HookServer): { [E in HookName]: HookData<E> } {
  const { id, name, template } = server;
  const draft = { name: 'Sample server', template, limits: { memoryMb: 1024 }, variables: {} };
  return {
    'server:beforeCreate': { user: { ...USER, serverCount: 3 }, server: draft },
    'server:beforeStart': { user: USER, server },
    'server:beforeDelete': { user: USER, server },
    'server:onCreate': { user: USER, server },
    'server:onDelete': { user: USER, server },
    'server:onStatusChange': { server, from: 'starting', to: 'running', action: 'start', user: USER },
    'server:resourceUsage': {
      server,
      usage: { cpu: 42, memoryBytes: 768 * 1_048_576, diskBytes: 1500 * 1_048_576, uptimeMs: 3_600_000 },
    },
    'auth:afterLogin': { user: USER, ip: IP, method: 'password' },
    'auth:afterRegister': { user: USER, ip: IP, method: 'password' },
    'route:register': { plugin: 'sample-plugin', method: 'GET', path: '/sample' },
    'ws:message': { user: USER, server: id, message: { event: 'console:command', server: id, command: 'say hello' } },
    'db:afterSave': { collection: 'servers', operation: 'update', id, changes: { name } },
    'sidebar:items': { user: USER, items: [{ id: 'servers', label: 'Servers', icon: 'server', href: '/servers' }] },
    'admin:tabs': {
      user: { ...USER, role: 'admin' },
      items: [{ id: 'sample', label: 'Sample', plugin: 'sample-plugin' }],
    },
  };
}
