/* eslint-disable @typescript-eslint/no-unused-vars -- names here are for the compiler only */
// What must not compile. The compiler is the test: an expected error that does not come is an error.
import { defineClient, definePlugin, type HookContexts, type HookName, type Permission } from './index.js';
import { SodiumElement } from './element/index.js';
import type { TestPlugin } from './testing/index.js';

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => undefined;

export const plugin = definePlugin((sodium) => {
  sodium.hooks.on('server:beforeCreate', (ctx) => {
    holds<Equals<typeof ctx, HookContexts['server:beforeCreate']>>();
    ctx.server.name = `${ctx.user.username}-${ctx.user.serverCount}`;
    ctx.deny('because');
    // @ts-expect-error -- the template is not among the fields that a handler may change
    ctx.server.template = 'other';
    // @ts-expect-error -- there is no such field
    void ctx.server.nickname;
    // @ts-expect-error -- a reason is text
    ctx.deny(42);
  });
  // @ts-expect-error -- a typo in the name of a hook
  sodium.hooks.on('server:beforeCrate', () => undefined);
  sodium.hooks.on('server:onCreate', (ctx) => {
    // @ts-expect-error -- what has happened cannot be denied
    ctx.deny('too late');
  });
  sodium.hooks.on('server:*', (ctx) => {
    // @ts-expect-error -- a glob receives several contexts: not all of them have a usage
    void ctx.usage;
  });
  sodium.hooks.on('server:resourceUsage', ({ usage }) => holds<Equals<typeof usage.memoryBytes, number>>());
  // @ts-expect-error -- no such power action
  void sodium.servers.power('id', 'reboot');
  // @ts-expect-error -- documents sort by 1 or -1
  sodium.db.find('todos', {}, { sort: { at: 'desc' } });
  sodium.http.registerRoutes((router) => {
    router.get('/', (req, res) => {
      // @ts-expect-error -- nobody may be logged in
      void req.user.id;
      // @ts-expect-error -- the session's cookie never reaches a plugin
      void req.cookies;
      res.status(200).json({});
    });
    // @ts-expect-error -- no such method
    router.fetch('/', () => undefined);
  });
  // @ts-expect-error -- a task has a name, an expression and a handler
  sodium.cron.register('nightly', () => undefined);
  // @ts-expect-error -- a backend has no DOM
  void sodium.toast;
});

// @ts-expect-error -- the default export is a function
definePlugin({ name: 'todo' });

interface Todo {
  text: string;
  done: boolean;
}

export const shaped = definePlugin<{ collections: { todos: Todo }; settings: { limit: number } }>((sodium) => {
  sodium.db.registerCollections(['todos', { name: 'todos', indexes: ['done'] }]);
  const todo = sodium.db.insert('todos', { text: 'Water the plants', done: false });
  holds<Equals<typeof todo.id, string>>();
  const limit = sodium.config.get('limit');
  holds<Equals<typeof limit, number>>();
  // @ts-expect-error -- no such collection
  sodium.db.registerCollections(['todo']);
  // @ts-expect-error -- no such collection
  sodium.db.find('todo');
  // @ts-expect-error -- a document lacks a field
  sodium.db.insert('todos', { text: 'Water the plants' });
  // @ts-expect-error -- documents have no such field
  sodium.db.update('todos', todo.id, { finished: true });
  // @ts-expect-error -- no such setting
  sodium.config.get('limits');
  // @ts-expect-error -- a setting of another type
  void sodium.config.set('limit', 'many');
  // @ts-expect-error -- a typo in the name of a hook, here too
  sodium.hooks.on('server:beforeCrate', () => undefined);
});

export const untyped = definePlugin((sodium) => {
  const found = sodium.db.find('anything');
  holds<Equals<(typeof found)[number]['done'], unknown>>();
  holds<Equals<ReturnType<typeof sodium.config.getAll>, Record<string, unknown>>>();
  // @ts-expect-error -- no such method
  void sodium.db.remove;
  // @ts-expect-error -- users are read only
  void sodium.users.delete;
});

class Card extends SodiumElement {
  override connectedCallback(): void {
    super.connectedCallback();
    this.onLive<{ id: string }>('server:state', ({ id }) => this.sodium.toast(id));
    // @ts-expect-error -- no such live event
    this.onLive('server:states', () => undefined);
    holds<Equals<typeof this.mode, 'light' | 'dark'>>();
  }
}

export const client = defineClient((sodium) => {
  sodium.ui.registerPages({ '/todos/:id': { title: 'Todo', render: ({ params }) => params.id } });
  sodium.ui.addDashboardWidget({ id: 'card', title: 'Card', size: 'small', element: Card });
  sodium.ui.addServerTab({ id: 'cost', label: 'Cost', render: (serverId, live) => `${serverId} ${live.server.state}` });
  // @ts-expect-error -- no such size
  sodium.ui.addDashboardWidget({ id: 'card', title: 'Card', size: 'huge', element: Card });
  // @ts-expect-error -- either an element or a render function
  sodium.ui.registerPages({ '/both': { title: 'Both', element: Card, render: () => '' } });
  // @ts-expect-error -- a page has a title
  sodium.ui.registerPages({ '/untitled': { render: () => '' } });
  // @ts-expect-error -- a client can listen to two hooks only
  sodium.hooks.on('server:onCreate', () => []);
  // @ts-expect-error -- a client has no collections
  void sodium.db;
  // @ts-expect-error -- a sidebar item leads somewhere
  sodium.ui.addSidebarItem({ label: 'Todo' });
  // @ts-expect-error -- an admin tab gets no server
  sodium.ui.addAdminTab({ id: 'all', label: 'All', render: ({ serverId }) => serverId });
  // @ts-expect-error -- no such variant
  sodium.toast('Done', { variant: 'good' });
  // @ts-expect-error -- no such live event
  sodium.live.on('server:started', () => undefined);
});

holds<Equals<'db:own' extends Permission ? true : false, true>>();
// @ts-expect-error -- no such permission
export const permission: Permission = 'db:all';
// @ts-expect-error -- no such hook
export const hook: HookName = 'server:created';

export async function kit(test: TestPlugin): Promise<void> {
  await test.fire('server:beforeCreate', { user: 'ann', server: { name: 'one' } });
  const { context } = await test.fire('server:resourceUsage', { server: 'one', usage: { cpu: 5 } });
  holds<Equals<typeof context.usage.cpu, number>>();
  // @ts-expect-error -- no such permission
  await test.revoke(['db:all']);
  // @ts-expect-error -- no such hook
  await test.fire('server:beforeCrate');
  // @ts-expect-error -- no such field
  await test.fire('server:resourceUsage', { load: 5 });
  // @ts-expect-error -- one place at a time
  await test.mount({ place: '/todos' });
  // @ts-expect-error -- no such theme
  await test.mount({ page: '/todos' }, { theme: 'sepia' });
}
