import { expect, test } from 'vitest';
import type { HookName } from '@sodium/sdk';
import type { HookOutcome } from '../sandbox/types.js';
import { deniedWhenAbsent, HookBus, type HookSubscriber } from './hook-bus.js';

type Call = (context: { server: { name: string } }) => Promise<HookOutcome>;

function subscriber(
  plugin: string,
  call: Call,
  options: Partial<HookSubscriber> & { pattern?: string; priority?: number } = {},
): HookSubscriber {
  return {
    plugin,
    name: plugin.toUpperCase(),
    order: 1,
    handlers: [{ pattern: options.pattern ?? 'server:beforeCreate', priority: options.priority ?? 10 }],
    mayListen: () => true,
    onError: () => 'deny',
    warn: () => undefined,
    call: (_handler, _event, context) => call(context as never),
    ...options,
  };
}

const draft = () => ({
  user: { id: 'u', username: 'ann', role: 'user' as const, serverCount: 0 },
  server: { name: 'a', template: 't', limits: {}, variables: {} },
});
const pass: Call = async () => ({ kind: 'passed' });

test('handlers run by priority, then by activation order, and see the changes of those before', async () => {
  const bus = new HookBus();
  const seen: string[] = [];
  const append =
    (letter: string): Call =>
    async ({ server }) => {
      seen.push(letter);
      return { kind: 'passed', changes: { server: { name: server.name + letter } } };
    };
  bus.subscribe(subscriber('late', append('c'), { priority: 20 }));
  bus.subscribe(subscriber('second', append('b'), { order: 2 }));
  bus.subscribe(subscriber('first', append('a'), { order: 1 }));
  const result = await bus.before('server:beforeCreate', draft());
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(result).toMatchObject({ kind: 'allowed', context: { server: { name: 'aabc' } } });
});

test('the first denial ends the chain and names its plugin', async () => {
  const bus = new HookBus();
  let asked = false;
  bus.subscribe(subscriber('strict', async () => ({ kind: 'denied', reason: 'No more servers.' })));
  bus.subscribe(subscriber('later', async () => ((asked = true), { kind: 'passed' }), { priority: 11 }));
  expect(await bus.before('server:beforeCreate', draft())).toEqual({
    kind: 'denied',
    plugin: 'strict',
    reason: 'No more servers.',
  });
  expect(asked).toBe(false);
});

test('a handler that fails denies, unless its manifest allows', async () => {
  const bus = new HookBus();
  const fails: Call = () => Promise.reject(new Error('boom'));
  const dispose = bus.subscribe(subscriber('broken', fails));
  expect(await bus.before('server:beforeCreate', draft())).toMatchObject({ kind: 'denied', plugin: 'broken' });
  dispose();
  bus.subscribe(subscriber('broken', fails, { onError: () => 'allow' }));
  expect(await bus.before('server:beforeCreate', draft())).toMatchObject({ kind: 'allowed' });
});

test('only the fields that the hook names can be changed', async () => {
  const bus = new HookBus();
  const changes = { server: { name: 'b', template: 'evil' }, user: { role: 'admin' }, __proto__: { x: 1 } };
  bus.subscribe(subscriber('greedy', async () => ({ kind: 'passed', changes })));
  const result = await bus.before('server:beforeCreate', draft());
  expect(result).toMatchObject({
    kind: 'allowed',
    context: { server: { name: 'b', template: 't' }, user: { role: 'user' } },
  });
});

test('a plugin that cannot answer denies until it is deactivated', async () => {
  const bus = new HookBus();
  const dispose = bus.markAbsent({
    plugin: 'gone',
    name: 'Gone',
    reason: 'it failed',
    denies: new Set(['server:beforeCreate']),
  });
  expect(await bus.before('server:beforeCreate', draft())).toMatchObject({ kind: 'denied', plugin: 'gone' });
  dispose();
  expect(await bus.before('server:beforeCreate', draft())).toMatchObject({ kind: 'allowed' });
});

test('a revoked permission ends the listening', async () => {
  const bus = new HookBus();
  bus.subscribe(
    subscriber('revoked', async () => ({ kind: 'denied', reason: 'never asked' }), { mayListen: () => false }),
  );
  expect(await bus.before('server:beforeCreate', draft())).toMatchObject({ kind: 'allowed' });
});

test('after hooks return at once, keep their order, and coalesce usage by server', async () => {
  const bus = new HookBus();
  const seen: unknown[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const done = new Promise<void>((resolve) => {
    const call = async (_handler: number, event: HookName, context: unknown): Promise<HookOutcome> => {
      await gate;
      seen.push([event, (context as { usage?: { cpu: number } }).usage?.cpu]);
      if (event === 'server:onDelete') resolve();
      return { kind: 'passed' };
    };
    bus.subscribe(subscriber('watcher', pass, { handlers: [{ pattern: 'server:*', priority: 10 }], call }));
  });
  const usage = (cpu: number) => () =>
    ({ server: { id: 's' }, usage: { cpu, memoryBytes: 0, diskBytes: 0, uptimeMs: 0 } }) as never;
  for (const cpu of [1, 2, 3, 4]) bus.after('server:resourceUsage', usage(cpu));
  bus.after('server:onDelete', () => ({ server: { id: 's' } }) as never);
  expect(seen).toEqual([]);
  open();
  await done;
  expect(seen).toEqual([
    ['server:resourceUsage', 1],
    ['server:resourceUsage', 4],
    ['server:onDelete', undefined],
  ]);
});

test('the last events of each kind are kept, also when nobody listens', async () => {
  const bus = new HookBus();
  for (let n = 1; n <= 7; n++) bus.after('route:register', () => ({ plugin: `p${n}`, method: 'GET', path: '/' }));
  await bus.before('server:beforeDelete', { user: 'somebody' } as never);
  expect(bus.history.list('route:register').map(({ context }) => context.plugin)).toEqual([
    'p3',
    'p4',
    'p5',
    'p6',
    'p7',
  ]);
  expect(bus.history.list('server:beforeDelete')).toHaveLength(1);
  expect(bus.history.list('auth:afterLogin')).toEqual([]);
});

test('globs of the manifest count as before-hooks when a plugin is absent', () => {
  expect([...deniedWhenAbsent([{ event: '*:before*', onError: 'deny' }])]).toEqual([
    'server:beforeCreate',
    'server:beforeStart',
    'server:beforeDelete',
  ]);
  expect([
    ...deniedWhenAbsent([
      { event: '*:before*', onError: 'deny' },
      { event: 'server:beforeStart', onError: 'allow' },
    ]),
  ]).toEqual(['server:beforeCreate', 'server:beforeDelete']);
  expect([...deniedWhenAbsent([{ event: 'server:on*', onError: 'deny' }])]).toEqual([]);
});
