import { HOOKS, matchHooks, type Permission } from '@sodium/sdk';
import { permissionRefusal } from '../protocol/permission-refusal.js';
import { UI_PERMISSIONS } from '../protocol/ui-permissions.js';
import type { InstanceSpec, Registrations } from '../types.js';

/** The child checks this first, with better messages; here it is enforced. */
export function checkRegistrations(registrations: Registrations, spec: InstanceSpec): void {
  const { routes, crons, collections, hooks, ui } = registrations;
  const mayRegister = (permission: Permission): boolean =>
    spec.mayRegister?.(permission) ?? spec.hasPermission(permission);
  const need = (wanted: boolean, what: string, ...anyOf: Permission[]): void => {
    if (!wanted) return;
    const held = anyOf.filter(mayRegister);
    if (held.length === 0) throw new Error(permissionRefusal(what, String(anyOf[0])));
    const used = held.find((permission) => spec.hasPermission(permission));
    if (used) spec.onPermissionUsed(used);
  };
  need(routes.length > 0, 'sodium.http', 'http:routes');
  need(crons.length > 0, 'sodium.cron', 'cron:register');
  need(collections.length > 0, 'sodium.db', 'db:own');
  need(Boolean(ui.pages?.length), 'sodium.ui.registerPages', ...UI_PERMISSIONS.page);
  need(Boolean(ui.sidebar?.length), 'sodium.ui.addSidebarItem', ...UI_PERMISSIONS.sidebar);
  need(Boolean(ui.tabs?.length), 'sodium.ui.addServerTab', ...UI_PERMISSIONS.tab);
  need(Boolean(ui.widgets?.length), 'sodium.ui.addDashboardWidget', ...UI_PERMISSIONS.widget);
  need(Boolean(ui.adminTabs?.length), 'sodium.ui.addAdminTab', ...UI_PERMISSIONS.admin);
  const declared = new Set(spec.declaredHooks.flatMap((pattern) => matchHooks(pattern)));
  for (const { pattern } of hooks) {
    const heard = matchHooks(pattern).filter((name) => declared.has(name));
    if (heard.length === 0) throw new Error(`sodium.hooks.on("${pattern}"): the manifest does not list this hook.`);
    const permitted = heard.some((name) => HOOKS[name].permission === null || mayRegister(HOOKS[name].permission));
    if (!permitted)
      throw new Error(`sodium.hooks.on("${pattern}") needs the permission "${HOOKS[heard[0]!].permission}".`);
  }
}
