import type { RegistryEntry } from '@sodium/contract';
import type { ClientPlugin, ClientSodium, SidebarEntry } from '@sodium/sdk';
import { html, LitElement, render } from 'lit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SodiumContribution } from '../slots/index.js';
import '../slots/index.js';
import type { ShellHost } from '../slots/types.js';
import { createPluginRuntime, type PluginRuntime } from './index.js';

// Only the network is replaced: what `import()` of a plugin's client would give.
const clients = new Map<string, (attempt: number) => Promise<ClientPlugin> | ClientPlugin>();
vi.mock('./client-module.js', () => ({
  loadClient: async (entry: RegistryEntry, attempt: number) => clients.get(`${entry.id} ${entry.version}`)!(attempt),
}));

let registry: RegistryEntry[];
let panelFilter: ((items: SidebarEntry[]) => { items: SidebarEntry[] }) | null;
let requests: { method: string; path: string; body: unknown }[];
let live: Map<string, Set<(data: never) => void>>;
let runtime: PluginRuntime;

const all = { pages: true, tabs: true, widgets: true, sidebar: true, admin: true };
function install(
  id: string,
  client: (sodium: ClientSodium, attempt: number) => unknown,
  more: Partial<RegistryEntry> = {},
): RegistryEntry {
  const version = more.version ?? '1.0.0';
  const base = `/plugins/${id}/${version}/`;
  clients.set(`${id} ${version}`, (attempt) => (sodium) => client(sodium, attempt));
  const defaults = {
    name: id,
    version,
    type: 'feature',
    hash: `abc${version}`,
    base,
    client: `${base}client.js`,
    styles: [],
    contributes: {},
  } as const;
  return { id, ...defaults, styles: [], theme: null, ui: all, shared: {}, ...more };
}

function createHost(): ShellHost {
  return {
    user: { id: 'u', username: 'ada', role: 'admin' },
    navigate: vi.fn(),
    toast: vi.fn(),
    confirm: async () => true,
    request: async (method, path, body) => {
      requests.push({ method, path, body });
      if (path === '/api/registry')
        return {
          items: structuredClone(registry),
          filters: { sidebar: panelFilter !== null },
          version: JSON.stringify(registry),
        };
      return path === '/api/registry/sidebar' ? panelFilter!((body as { items: SidebarEntry[] }).items) : { ok: true };
    },
    live: {
      on(event, listener) {
        const listeners = live.get(event) ?? new Set();
        live.set(event, listeners.add(listener));
        return () => listeners.delete(listener);
      },
    },
    theme: { mode: 'light', subscribe: () => () => undefined },
  };
}

beforeEach(() => {
  registry = [];
  panelFilter = null;
  requests = [];
  live = new Map();
  runtime = createPluginRuntime(createHost(), { deadlineMs: 200 });
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  runtime.dispose();
  render(null, document.body);
  vi.restoreAllMocks();
});

const page = (path: string) => ({ pages: [{ path, title: 'Declared' }] });
const reports = () =>
  requests
    .filter(({ path }) => path === '/api/client-errors')
    .map(({ body }) => body as { plugin: string; message: string });

/** Shows a page as the router does, and returns what stands in its place once it is settled. */
async function show(path: string): Promise<SodiumContribution> {
  const found = runtime.store.matchPage(path)!;
  render(
    html`<sodium-contribution
      .contribution=${found.contribution}
      .args=${[{ params: found.params, query: {} }]}
    ></sodium-contribution>`,
    document.body,
  );
  const element = document.body.querySelector('sodium-contribution')!;
  await element.updateComplete;
  await vi.waitFor(() => expect(element.shadowRoot!.querySelector('.skeleton')).toBeNull());
  return element;
}
const textOf = (element: Element): string => element.shadowRoot!.textContent!.replace(/\s+/g, ' ').trim();

test('the page is painted from the registry, and code runs when a page of it is shown', async () => {
  const client = vi.fn((sodium: ClientSodium) =>
    sodium.ui.registerPages({ '/todo/:id': { title: 'Own', render: ({ params }) => html`<b>todo ${params.id}</b>` } }),
  );
  registry = [install('todo', client, { contributes: page('/todo/:id') })];
  await runtime.start();
  expect(runtime.store.pages[0]?.title).toBe('Declared');
  expect(client).not.toHaveBeenCalled();
  expect(textOf(await show('/todo/7'))).toBe('todo 7');
  expect(runtime.store.pages[0]?.title).toBe('Own');
});

test('a plugin that declares nothing is loaded at idle, and what it registers appears', async () => {
  registry = [
    install('quiet', (sodium) => sodium.ui.addServerTab({ id: 'logs', label: 'Logs', render: () => 'x' }), {
      contributes: null,
    }),
  ];
  await runtime.start();
  await vi.waitFor(() => expect(runtime.store.tabs[0]?.label).toBe('Logs'), 3000);
});

test('what is announced is read once: nothing twice, nothing missed, also what changes while it is being read', async () => {
  const announce = (): void => {
    const event = { etag: JSON.stringify(registry) } as never;
    live.get('registry:changed')!.forEach((listener) => listener(event));
  };
  const reads = (): number => requests.filter(({ path }) => path === '/api/registry').length;
  const started = runtime.start();
  announce();
  await started;
  announce();
  expect(reads()).toBe(1);

  registry = [install('first', () => undefined, { contributes: page('/first') })];
  announce();
  registry = [...registry, install('second', () => undefined, { contributes: page('/second') })];
  announce();
  await vi.waitFor(() => expect(runtime.store.pages.map(({ path }) => path)).toEqual(['/first', '/second']));
  expect(reads()).toBeLessThanOrEqual(3);
});

class Broken extends LitElement {
  override render(): never {
    throw new Error('lit broke');
  }
}
class BrokenAtBirth extends LitElement {
  constructor() {
    super();
    throw new Error('birth broke');
  }
}
test.each<[string, (sodium: ClientSodium) => unknown]>([
  ['import broke', () => Promise.reject(new Error('import broke'))],
  [
    'registration broke',
    (s) => s.ui.registerPages({ '/x': { title: 'x', render: () => 1 } }) && thrower('registration broke')(),
  ],
  ['render broke', (s) => s.ui.registerPages({ '/x': { title: 'x', render: thrower('render broke') } })],
  [
    'promise broke',
    (s) => s.ui.registerPages({ '/x': { title: 'x', render: async () => thrower('promise broke')() } }),
  ],
  ['lit broke', (s) => s.ui.registerPages({ '/x': { title: 'x', element: Broken } })],
  ['birth broke', (s) => s.ui.registerPages({ '/x': { title: 'x', element: BrokenAtBirth } })],
  ['did not finish within 0.2 s', () => new Promise(() => undefined)],
  ['did not register it', () => undefined],
])('a fault is shown in its place only, with the plugin’s name: %s', async (message, client) => {
  registry = [
    install('bad', client, { contributes: page('/x') }),
    install('good', (s) => s.ui.registerPages({ '/good': { title: 'g', render: () => 'fine' } }), {
      contributes: page('/good'),
    }),
  ];
  await runtime.start();
  const text = textOf(await show('/x'));
  expect(text).toContain('bad 1.0.0 failed:');
  expect(text).toContain(message);
  expect(textOf(await show('/good'))).toBe('fine');
});
function thrower(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

test('a failed load can be tried again, and its report reaches the panel once', async () => {
  const client = (sodium: ClientSodium, attempt: number) => {
    if (attempt === 0) throw new Error('offline');
    sodium.ui.registerPages({ '/x': { title: 'x', render: () => 'back' } });
  };
  registry = [install('flaky', client, { contributes: page('/x') })];
  await runtime.start();
  const element = await show('/x');
  expect(reports().map(({ plugin, message }) => `${plugin}: ${message}`)).toEqual(['flaky: Error: offline']);
  element.shadowRoot!.querySelector('button')!.click();
  await vi.waitFor(() => expect(textOf(element)).toBe('back'));
});

test('deactivation takes back everything: pages, filters, live listeners', async () => {
  const client = (sodium: ClientSodium) => {
    sodium.live.on('server:state', () => undefined);
    sodium.hooks.on('sidebar:items', () => []);
    sodium.ui.registerPages({ '/extra': { title: 'x', render: () => 'x' } });
  };
  registry = [install('todo', client, { contributes: page('/extra') })];
  await runtime.start();
  await show('/extra');
  const items = [{ id: 'a', label: 'A', href: '/a' }];
  expect(await runtime.filterSidebar(items)).toEqual([]);
  registry = [];
  await runtime.refresh();
  expect(runtime.store.pages).toEqual([]);
  expect(live.get('server:state')?.size).toBe(0);
  expect(await runtime.filterSidebar(items)).toEqual(items);
});

test('the backends that filter the sidebar are asked, before the clients; without their answer it stays as it is', async () => {
  const items = ['a', 'b'].map((id) => ({ id, label: id, href: `/${id}` }));
  await runtime.start();
  expect(await runtime.filterSidebar(items)).toEqual(items);
  expect(requests.map(({ path }) => path)).not.toContain('/api/registry/sidebar');
  panelFilter = (all) => ({ items: all.filter(({ id }) => id !== 'a') });
  registry = [
    install(
      'todo',
      (sodium) => sodium.hooks.on('sidebar:items', (ctx) => ctx.items.map((item) => ({ ...item, label: 'mine' }))),
      { contributes: page('/extra') },
    ),
  ];
  await runtime.refresh();
  await show('/extra');
  expect(await runtime.filterSidebar(items)).toEqual([{ id: 'b', label: 'mine', href: '/b' }]);
  panelFilter = () => {
    throw new Error('offline');
  };
  expect((await runtime.filterSidebar(items)).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('an update replaces the old version on the open page', async () => {
  const view = (text: string) => (sodium: ClientSodium) =>
    sodium.ui.registerPages({ '/x': { title: 'x', render: () => text } });
  registry = [install('todo', view('old'), { contributes: page('/x') })];
  await runtime.start();
  expect(textOf(await show('/x'))).toBe('old');
  registry = [install('todo', view('new'), { contributes: page('/x'), version: '2.0.0' })];
  await runtime.refresh();
  expect(textOf(await show('/x'))).toBe('new');
});

test('a path that two plugins declare belongs to the first; the second gets it when the first leaves', async () => {
  const view = (sodium: ClientSodium) =>
    sodium.ui.registerPages({ '/x': { title: 'x', render: () => sodium.meta.id } });
  const [a, b] = [install('a', view, { contributes: page('/x') }), install('b', view, { contributes: page('/x') })];
  registry = [a, b];
  await runtime.start();
  expect(runtime.store.pages.map(({ plugin }) => plugin.id)).toEqual(['a']);
  expect(reports()[0]?.message).toMatch(/"b".*"\/x".*plugin "a"/);
  registry = [b];
  await runtime.refresh();
  expect(textOf(await show('/x'))).toBe('b');
});

test('what the permissions do not grant is refused with the line to add', async () => {
  const client = (sodium: ClientSodium) => sodium.ui.addSidebarItem({ label: 'x', href: '/x' });
  registry = [install('shy', client, { contributes: page('/x'), ui: { ...all, sidebar: false } })];
  await runtime.start();
  expect(textOf(await show('/x'))).toContain('Add "ui:sidebar" to "permissions" in its plugin.json');
});

test('a client reaches its own routes only', async () => {
  let sodium!: ClientSodium;
  registry = [install('todo', (s) => void (sodium = s), { contributes: page('/x') })];
  await runtime.start();
  await show('/x');
  await sodium.api.post('/list?x=1', { a: 1 });
  expect(requests.at(-1)).toEqual({ method: 'POST', path: '/api/plugins/todo/list?x=1', body: { a: 1 } });
  for (const path of ['/../other/secret', '/..%2f../admin', '/%2e%2e/other']) {
    const before = requests.length;
    await sodium.api.get(path).catch(() => undefined);
    expect(requests.slice(before).every((request) => request.path.startsWith('/api/plugins/todo/'))).toBe(true);
  }
  expect(() => sodium.navigate('//elsewhere.example')).toThrow(/starts with one/);
  expect(() => sodium.asset('../server.js')).toThrow(/inside assets/);
  expect(sodium.asset('logo.svg')).toBe('/plugins/todo/1.0.0/assets/logo.svg');
});

test('a client whose manifest names the hook filters from the start, without any of its views', async () => {
  const client = (sodium: ClientSodium) => sodium.hooks.on('sidebar:items', () => []);
  registry = [install('filter', client, { contributes: page('/x'), filtersSidebar: true })];
  await runtime.start();
  await vi.waitFor(async () => expect(await runtime.filterSidebar([{ id: 'a', label: 'A', href: '/a' }])).toEqual([]));
});

test('the first word on what failed stays, although it never finishes either', async () => {
  class Stuck extends HTMLElement {
    readonly updateComplete = new Promise(() => undefined);
  }
  registry = [
    install('stuck', (sodium) => sodium.ui.registerPages({ '/x': { title: 'X', element: Stuck } }), {
      contributes: page('/x'),
    }),
  ];
  await runtime.start();
  vi.useFakeTimers();
  try {
    const { contribution } = runtime.store.matchPage('/x')!;
    render(html`<sodium-contribution .contribution=${contribution}></sodium-contribution>`, document.body);
    const element = document.body.querySelector('sodium-contribution')!;
    await vi.waitFor(() => expect(element.dataset.state).toBe('mounting'));
    element.fail(new Error('broke when it was added'), 'runtime');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(textOf(element)).toContain('broke when it was added');
    expect(reports().map(({ message }) => message)).toEqual(['Error: broke when it was added']);
  } finally {
    vi.useRealTimers();
  }
});

test('a filter that is late or answers nonsense is left out', async () => {
  const items = [{ id: 'a', label: 'A', href: '/a' }];
  const client = (sodium: ClientSodium) => {
    sodium.hooks.on('sidebar:items', () => new Promise(() => undefined) as never);
    sodium.hooks.on('sidebar:items', () => [{ id: 'evil', label: 'E', href: 'javascript:alert(1)' }]);
    sodium.hooks.on('sidebar:items', (ctx) => {
      ctx.items.length = 0;
      throw new Error('half-way');
    });
    sodium.hooks.on('sidebar:items', (ctx) => [...ctx.items, { id: 'b', label: 'B', href: '/b' }]);
    sodium.hooks.on('sidebar:items', (ctx) => {
      ctx.items = [...ctx.items, { id: ctx.user.role, label: 'C', href: '/c' }];
      return ctx as never;
    });
  };
  registry = [install('filter', client, { contributes: page('/x') })];
  await runtime.start();
  await show('/x');
  expect((await runtime.filterSidebar(items)).map(({ id }) => id)).toEqual(['a', 'b', 'admin']);
});

test('a badge is asked for, and asked again when its plugin has changed something', async () => {
  let sodium!: ClientSodium;
  let count = 1;
  const client = (s: ClientSodium) => {
    sodium = s;
    s.ui.addSidebarItem({ label: 'Todo', href: '/todo', badge: async () => count });
  };
  registry = [
    install('todo', client, {
      contributes: { sidebar: [{ label: 'Todo', href: '/todo', badge: true, position: 'first' }] },
    }),
  ];
  await runtime.start();
  await vi.waitFor(() => expect(runtime.store.sidebar[0]?.badgeValue).toBe(1), 3000);
  expect(runtime.store.sidebar[0]?.position).toBe('first');
  count = 2;
  await sodium.api.post('/todos', {});
  await vi.waitFor(() => expect(runtime.store.sidebar[0]?.badgeValue).toBe(2), 3000);
});

test('an element gets a tag of its plugin and version, once', async () => {
  let sodium!: ClientSodium;
  registry = [install('todo', (s) => void (sodium = s), { contributes: page('/x') })];
  await runtime.start();
  await show('/x');
  const One = class extends HTMLElement {};
  const tag = sodium.define('list', One);
  expect(tag).toMatch(/^todo-list-abc100/);
  expect(sodium.define('list', One)).toBe(tag);
  expect(sodium.define('list', class extends HTMLElement {})).not.toBe(tag);
});
