import type { Permission } from '@sodium/sdk';

/** Which permissions let a plugin show something in a place, the usual one first. Each of them is enough. */
export const UI_PERMISSIONS = {
  page: ['ui:pages'],
  sidebar: ['ui:sidebar'],
  tab: ['ui:server-tabs', 'ui:pages'],
  widget: ['ui:widgets', 'ui:pages'],
  admin: ['ui:admin'],
} as const satisfies Record<string, readonly Permission[]>;

export type UiPlace = keyof typeof UI_PERMISSIONS;
