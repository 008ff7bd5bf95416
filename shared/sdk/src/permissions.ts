/**
 * Everything a plugin may be allowed to do. A plugin holds no permission that its manifest does not declare and an
 * admin has not approved; the panel enforces each one on its own side of the sandbox.
 */
export const PERMISSIONS = {
  'db:own': {
    title: 'Keep its own data',
    grants: 'Stores documents in collections of its own. It cannot see other data.',
  },
  'http:routes': { title: 'Answer requests', grants: 'Serves its own addresses below /api/plugins/<id>/.' },
  'cron:register': { title: 'Run on a schedule', grants: 'Starts its own tasks at set times.' },
  'webhooks:send': {
    title: 'Send data to other services',
    grants: 'Makes outbound requests to the hosts its manifest lists and to addresses typed into its settings.',
  },
  'plugins:call': { title: 'Call other plugins', grants: 'Uses the methods that other active plugins offer.' },
  'servers:read': {
    title: 'See all servers',
    grants: 'Reads every server without secrets, and learns when servers are created, change state or are deleted.',
  },
  'users:read': {
    title: 'See all users',
    grants: 'Reads user names, email addresses and roles, and learns when users log in or register.',
  },
  'servers:suspend': { title: 'Suspend servers', grants: 'Suspends and unsuspends any server.' },
  'servers:power': { title: 'Start and stop servers', grants: 'Uses the power actions of any server.' },
  'ws:read': { title: 'Read live messages', grants: 'Sees what users send over the live connection.' },
  'db:watch': { title: 'Watch changes', grants: 'Learns of every change to the panel’s data, without secrets.' },
  'ui:pages': { title: 'Add pages', grants: 'Adds pages, server tabs and dashboard widgets to the panel.' },
  'ui:server-tabs': { title: 'Add server tabs', grants: 'Adds tabs to the view of a server.' },
  'ui:widgets': { title: 'Add widgets', grants: 'Adds widgets to the dashboard.' },
  'ui:sidebar': { title: 'Add sidebar items', grants: 'Adds entries to the sidebar and may filter it.' },
  'ui:admin': { title: 'Add admin tabs', grants: 'Adds tabs to its own page in the admin area, in a sealed frame.' },
} as const satisfies Record<string, { title: string; grants: string }>;

/** The name of a permission, as written in `plugin.json`. */
export type Permission = keyof typeof PERMISSIONS;

/** The names of all permissions. */
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];

/** Whether there is a permission of that name. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}
