import { HOOKS, PERMISSIONS, type HookName, type Permission } from '@sodium/sdk';

/** The page of all permissions: what the admin reads, what it lets a plugin do, and the hooks that need it. */
export function permissionsPage(): string {
  const rows = (Object.keys(PERMISSIONS) as Permission[]).map((name) => {
    const { title, grants } = PERMISSIONS[name];
    return `| \`${name}\` | ${title} | ${grants} | ${hooksOf(name)} |`;
  });
  return [
    '# Permissions',
    'A plugin has no permission that its manifest does not declare and an admin has not agreed to. The panel checks each ' +
      'one on its own side of the sandbox, at every call. `logger`, `config`, `meta` and the hook `route:register` need none. ' +
      'An admin can take a permission back while the plugin runs; it stays taken through restarts and updates.',
    '| permission | the admin reads | what it grants | hooks that need it |\n| --- | --- | --- | --- |\n' +
      rows.join('\n'),
  ].join('\n\n');
}

function hooksOf(permission: Permission): string {
  const names = (Object.keys(HOOKS) as HookName[]).filter((name) => HOOKS[name].permission === permission);
  return names.map((name) => `\`${name}\``).join(', ');
}
