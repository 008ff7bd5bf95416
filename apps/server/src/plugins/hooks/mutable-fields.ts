import { HOOKS, type HookName } from '@sodium/sdk';

type Fields = Record<string, unknown>;

/** Takes from what a handler returned only the fields that its hook lets it change. Returns a new context. */
export function applyChanges<T>(event: HookName, context: T, changes: unknown): T {
  const mutable = HOOKS[event].mutable ?? [];
  if (mutable.length === 0 || typeof changes !== 'object' || changes === null) return context;
  const next = structuredClone(context) as Fields;
  for (const field of mutable) {
    const value = read(changes as Fields, field.split('.'));
    if (value !== undefined) write(next, field.split('.'), value);
  }
  return next as T;
}

function read(source: Fields, path: string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Fields)[key]
      : undefined;
  }, source);
}

function write(target: Fields, path: string[], value: unknown): void {
  const last = path[path.length - 1]!;
  const parent = path.slice(0, -1).reduce<Fields>((object, key) => object[key] as Fields, target);
  parent[last] = value;
}
