import type { RegistryEntry } from '@sodium/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { PluginHost } from './plugin-host.js';
import type { ShellHost } from './slots/types.js';

// Only the network is replaced: what `import()` of a plugin's client would give.
let client: () => Promise<() => void>;
vi.mock('./plugins/client-module.js', () => ({ loadClient: () => client() }));

const host = {
  user: { id: 'u', username: 'ada', role: 'user' },
  request: async (_method: string, path: string) =>
    path === '/api/registry' ? { items: [ENTRY], version: 'one' } : { ok: true },
  live: { on: () => () => undefined },
  theme: { mode: 'light', subscribe: () => () => undefined },
} as unknown as ShellHost;
const ENTRY = {
  id: 'todo',
  name: 'Todo',
  version: '1.0.0',
  type: 'feature',
  hash: 'abc',
  base: '/plugins/todo/abc/',
  client: '/plugins/todo/abc/client.js',
  styles: [],
  contributes: {},
  theme: null,
  ui: { pages: true, tabs: true, widgets: true, sidebar: true, admin: true },
  shared: {},
} as RegistryEntry;

afterEach(() => vi.restoreAllMocks());

async function open(): Promise<PluginHost> {
  const plugins = new PluginHost(host);
  await plugins.start();
  return plugins;
}

test('a page waits for code that comes soon', async () => {
  const runs = vi.fn();
  client = async () => runs;
  await (await open()).loadSoon('todo');
  expect(runs).toHaveBeenCalledOnce();
});

test('it does not wait for code that takes its time, nor for one that fails', async () => {
  let arrive = (_client: () => void): void => undefined;
  client = () => new Promise((resolve) => (arrive = resolve));
  const slow = await open();
  const runs = vi.fn();
  await slow.loadSoon('todo');
  expect(runs).not.toHaveBeenCalled();
  // It comes all the same.
  arrive(runs);
  await vi.waitFor(() => expect(runs).toHaveBeenCalledOnce());

  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  client = () => Promise.reject(new Error('away'));
  await (await open()).loadSoon('todo');
  await (await open()).loadSoon('nobody');
});
