import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HookName } from '@sodium/sdk';
import type { HookData } from '../hooks-port.js';
import { EventHistory } from './event-history.js';
import { RecentEvents } from './recent-events.js';

let folder: string;
let file: string;
const warnings: object[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sodium-events-'));
  file = path.join(folder, 'recent-events.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const route = (plugin: string, path = '/'): HookData<'route:register'> => ({ plugin, method: 'GET', path });
const plugins = (history: EventHistory): string[] =>
  history.list('route:register').map(({ context }) => context.plugin);

async function opened(): Promise<{ history: EventHistory; recent: RecentEvents }> {
  const history = new EventHistory();
  const strip = <E extends HookName>(_event: E, context: HookData<E>): HookData<E> =>
    JSON.parse(JSON.stringify(context).replaceAll('hunter2', '…')) as HookData<E>;
  const recent = new RecentEvents({
    file,
    history,
    strip,
    logger: { warn: (of: object) => warnings.push(of) } as never,
  });
  await recent.open();
  return { history, recent };
}

test('the last events of each kind are there after a restart, in their order and without secrets', async () => {
  const before = await opened();
  for (let n = 1; n <= 7; n++) before.history.note('route:register', route(`p${n}`));
  before.history.note('ws:message', { user: { id: 'u', username: 'ann', role: 'user' }, message: 'hunter2' });
  await before.recent.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain('hunter2');

  const { history, recent } = await opened();
  history.note('route:register', route('p8'));
  expect(plugins(history)).toEqual(['p4', 'p5', 'p6', 'p7', 'p8']);
  expect(history.list('ws:message')[0]!.context.user.username).toBe('ann');
  await recent.close();
  expect(plugins((await opened()).history)).toEqual(['p4', 'p5', 'p6', 'p7', 'p8']);
  expect(warnings).toEqual([]);
});

test('nothing is written while nothing happens, and no event without measure', async () => {
  const { history, recent } = await opened();
  await rm(file);
  await recent.save();
  await expect(stat(file)).rejects.toThrow('ENOENT');
  history.note('route:register', route('large', 'x'.repeat(20_000)));
  await recent.close();
  expect(plugins((await opened()).history)).toEqual(['p5', 'p6', 'p7', 'p8']);
});

test('a file that was torn, or is no such file, counts as none and is replaced by the next', async () => {
  const whole = await readFile(file, 'utf8');
  for (const text of [
    whole.slice(0, whole.length / 2),
    '',
    '[]',
    '{"version":1,"events":{"route:register":7}}',
    '\0\0',
  ]) {
    await writeFile(file, text);
    const { history, recent } = await opened();
    expect(plugins(history)).toEqual([]);
    history.note('route:register', route('new'));
    await recent.close();
    expect(plugins((await opened()).history)).toEqual(['new']);
  }
  expect(warnings).toHaveLength(5);
});
