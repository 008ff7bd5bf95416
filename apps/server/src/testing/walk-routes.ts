import express, { type IRouter } from 'express';
import { vi } from 'vitest';

/** A route as its router has it. */
export interface KnownRoute {
  readonly method: string;
  readonly path: string;
}

interface Layer {
  handle: unknown;
  route?: { path: string; methods: Record<string, boolean> };
}
type Mounts = Map<unknown, { path: string; router: unknown }[]>;

/**
 * Runs `start` and returns every route that was made meanwhile. Express forgets under which path a router was mounted:
 * it is noted as it happens, by the panel's own code.
 */
export async function walkRoutes<T>(start: () => Promise<T>): Promise<{ started: T; routes: KnownRoute[] }> {
  const mounts: Mounts = new Map();
  const router = express.Router.prototype as IRouter;
  const use = router.use;
  const spy = vi.spyOn(router, 'use').mockImplementation(function (this: unknown, ...args: unknown[]) {
    const path = typeof args[0] === 'string' ? args[0] : '';
    mounts.set(this, [
      ...(mounts.get(this) ?? []),
      ...args.filter(isRouter).map((mounted) => ({ path, router: mounted })),
    ]);
    return (use as (...all: unknown[]) => never).apply(this, args);
  } as typeof use);
  const started = await start().finally(() => spy.mockRestore());
  const [root] = [...mounts].find(([, inside]) => inside.some(({ path }) => path === '/api/admin')) ?? [];
  return {
    started,
    routes: below(mounts, root, '').map(({ method, path }) => ({ method, path: path.replace(/^\/+/, '/') })),
  };
}

const isRouter = (value: unknown): value is { stack: Layer[] } =>
  typeof value === 'function' && Array.isArray((value as { stack?: unknown }).stack);

function below(mounts: Mounts, router: unknown, prefix: string): KnownRoute[] {
  const own = (router as { stack: Layer[] }).stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({
          method: method.toUpperCase(),
          path: `${prefix}${String(route.path)}`,
        }))
      : [],
  );
  const mounted = (mounts.get(router) ?? []).flatMap((mount) => below(mounts, mount.router, prefix + mount.path));
  return [...own, ...mounted];
}
