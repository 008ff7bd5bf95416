import * as lit from 'lit';
import type { RegistryEntry } from '@sodium/contract';
import type { ClientApi, ClientSodium } from '@sodium/sdk';
import type { ContributionStore } from '../slots/contribution-store.js';
import type { PluginHandle, ShellHost } from '../slots/types.js';
import type { ClientHook, ClientHooks } from './client-hooks.js';
import { createUi, PermissionError } from './client-ui.js';
import { defineElement, giveSodium } from './define-element.js';
import type { Disposables } from './disposables.js';

/** What a plugin may listen to: what its user sees anyway. */
const LIVE_EVENTS = ['server:state', 'server:usage', 'server:created', 'server:deleted'];

export interface ClientContext {
  readonly host: ShellHost;
  readonly store: ContributionStore;
  readonly hooks: ClientHooks;
  readonly handle: PluginHandle;
  /** Everything the client registers; disposed with the plugin. */
  readonly owned: Disposables;
  /** Called after the client changed something through its own routes. */
  onChanged(): void;
}

/** The object that one plugin's client receives. */
export function createClientSodium(context: ClientContext): ClientSodium {
  const { host, handle, owned } = context;
  const { entry } = handle;
  const { id, name, version } = entry;
  const sodium = Object.freeze<ClientSodium>({
    meta: Object.freeze({ id, name, version }),
    ui: createUi(handle, context.store, owned),
    api: createApi(context),
    user: Object.freeze({ ...host.user }),
    navigate: (path) => host.navigate(localPath(path)),
    toast: (message, options) => host.toast(String(message), options?.variant ?? 'info'),
    confirm: (options) => host.confirm(options),
    asset: (path) => assetUrl(entry, path),
    lit,
    define: (tag, element) => {
      giveSodium(element, sodium);
      return defineElement(entry, tag, element);
    },
    theme: Object.freeze<ClientSodium['theme']>({
      get mode() {
        return host.theme.mode;
      },
      subscribe: (listener) => owned.add(host.theme.subscribe(listener)),
    }),
    live: Object.freeze<ClientSodium['live']>({
      on(event, listener) {
        if (!LIVE_EVENTS.includes(event))
          throw new Error(`There is no live event "${event}". The events are: ${LIVE_EVENTS.join(', ')}.`);
        return owned.add(host.live.on(event, listener as (data: never) => void));
      },
    }),
    hooks: Object.freeze<ClientSodium['hooks']>({
      on: (event: ClientHook, handler: (context: never) => unknown) => listen(context, event, handler),
    }),
  });
  return sodium;
}

function createApi({ host, handle, onChanged }: ClientContext): ClientApi {
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await host.request(method, routePath(handle.entry.id, path), body);
    if (method !== 'GET') onChanged();
    return answer as T;
  };
  return Object.freeze<ClientApi>({
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    put: (path, body) => request('PUT', path, body),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path, body) => request('DELETE', path, body),
  });
}

/** A plugin's own routes and no others: `..` does not lead out. */
function routePath(id: string, path: string): string {
  const root = `/api/plugins/${id}`;
  const url = new URL(root + (path.startsWith('/') ? path : `/${path}`), 'http://panel.invalid');
  if (url.pathname !== root && !url.pathname.startsWith(`${root}/`)) {
    throw new Error(`sodium.api reaches the plugin’s own routes only, and "${path}" leads out of them.`);
  }
  return url.pathname + url.search;
}

function assetUrl(entry: RegistryEntry, path: string): string {
  const parts = path.replace(/^\/?(assets\/)?/, '').split('/');
  if (parts.includes('..')) throw new Error(`sodium.asset("${path}"): the path must stay inside assets/.`);
  return `${entry.base}assets/${parts.join('/')}`;
}

function localPath(path: string): string {
  if (/^\/(?![/\\])/.test(path)) return path;
  throw new Error(`sodium.navigate("${path}"): the path starts with one "/", such as "/servers".`);
}

function listen(
  { handle, hooks, owned }: ClientContext,
  event: ClientHook,
  handler: (context: never) => unknown,
): () => void {
  const { id, ui } = handle.entry;
  const permission = { 'sidebar:items': 'ui:sidebar', 'admin:tabs': 'ui:admin' }[event];
  if (!permission)
    throw new Error(`A client can listen to "sidebar:items" and "admin:tabs", not to "${String(event)}".`);
  if (!(event === 'sidebar:items' ? ui.sidebar : ui.admin)) {
    throw new PermissionError(
      `Plugin "${id}" may not filter "${event}": it lacks the permission "${permission}". Add "${permission}" to "permissions" in its plugin.json.`,
    );
  }
  const onError = (error: unknown): void => handle.report(error, event);
  return owned.add(hooks.on(event, { handler: handler as (context: unknown) => unknown, onError }));
}
