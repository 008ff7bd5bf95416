import { HOOKS, isPermission, matchHooks, type Permission } from '@sodium/sdk';
import { permissionRefusal } from '../../protocol/permission-refusal.js';

/** Thrown by a call without its permission. The panel refuses on its own; this one says so early and at the right line. */
export class PermissionError extends Error {
  readonly code = 'PERMISSION_DENIED';
  constructor(call: string, permission: Permission, isRevoked = false) {
    super(permissionRefusal(call, permission, isRevoked));
    Object.defineProperty(this, 'name', { value: 'PermissionError', configurable: true });
  }
}

export class GrantedPermissions {
  readonly #granted: ReadonlySet<string>;
  readonly #revoked: ReadonlySet<string>;

  constructor(granted: readonly string[], revoked: readonly string[] = []) {
    this.#granted = new Set(granted.filter(isPermission));
    this.#revoked = new Set(revoked);
  }
  has(permission: Permission): boolean {
    return this.#granted.has(permission);
  }
  /** Throws unless one of the permissions is granted; names the first. */
  require(call: string, ...anyOf: [Permission, ...Permission[]]): void {
    if (!anyOf.some((permission) => this.has(permission)))
      throw new PermissionError(call, anyOf[0], this.#revoked.has(anyOf[0]));
  }
}

/** Refuses a listener that could never hear anything, and says what is missing. */
export function checkHookPattern(pattern: string, declared: readonly string[], permissions: GrantedPermissions): void {
  const matched = matchHooks(pattern);
  if (matched.length === 0) throw new Error(`sodium.hooks.on("${pattern}"): there is no such hook.`);
  const heard = new Set(declared.flatMap((entry) => matchHooks(entry)));
  const wanted = matched.filter((name) => heard.has(name));
  if (wanted.length === 0) {
    throw new Error(
      `sodium.hooks.on("${pattern}"): the manifest does not list this hook. Add "${pattern}" to "hooks" in plugin.json.`,
    );
  }
  const needed = wanted.map((name) => HOOKS[name].permission);
  if (needed.some((permission) => permission === null || permissions.has(permission))) return;
  throw new PermissionError(
    `sodium.hooks.on("${pattern}")`,
    needed.find((permission) => permission !== null)!,
  );
}
