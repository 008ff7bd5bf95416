import { readdir, readFile } from 'node:fs/promises';
import { getTasks } from 'node-cron';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, TestPanel } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel.dispose());

const CYCLES = 200;
const SERVER = `export default (sodium) => {
  sodium.db.registerCollections(['notes']);
  sodium.hooks.on('server:*', () => {});
  sodium.hooks.on('db:afterSave', () => {});
  sodium.cron.register('task', '0 0 * * *', () => {});
  sodium.config.onChange(() => {});
  setInterval(() => {}, 1000);
  sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json(sodium.db.insert('notes', { at: Date.now() }))));
}`;
const PERMISSIONS = ['db:own', 'http:routes', 'cron:register', 'servers:read', 'db:watch'];

test(
  '200 activations and deactivations leave no process, timer, listener or file behind',
  { timeout: 240_000 },
  async () => {
    await panel.drop('cycled', {
      manifest: { permissions: PERMISSIONS, hooks: ['server:*', 'db:afterSave'] },
      server: SERVER,
    });
    const cycle = async (use: boolean): Promise<void> => {
      const answer = await panel.admin.post('/api/admin/plugins/cycled/activate', { permissions: PERMISSIONS });
      if (answer.status !== 200) throw new Error(answer.text);
      if (use) expect((await panel.user.get('/api/plugins/cycled/')).status).toBe(200);
      await panel.deactivate('cycled');
    };
    // What is made once and kept is made by now.
    for (let n = 0; n < 5; n++) await cycle(true);
    const before = await settled();
    for (let n = 0; n < CYCLES; n++) await cycle(n % 10 === 0);
    await eventually(settled, (now) => expectNoMore(now, before), 5000);
    expect((await panel.row('cycled')).state).toBe('inactive');
  },
);

test('previews that are opened and discarded leave nothing either', { timeout: 120_000 }, async () => {
  const cycle = async (): Promise<void> => {
    const { status, json } = await panel.admin.post('/api/admin/plugins/cycled/preview');
    expect(status).toBe(200);
    expect((await panel.nobody.get(`${json.url}api/plugins/cycled/`)).status).toBe(200);
    expect((await panel.admin.get('/api/admin/plugins/cycled/preview/report')).json.documents.counts.added).toBe(1);
    expect((await panel.admin.delete('/api/admin/plugins/cycled/preview')).status).toBe(204);
  };
  for (let n = 0; n < 3; n++) await cycle();
  const before = await settled();
  for (let n = 0; n < 20; n++) await cycle();
  await eventually(settled, (now) => expectNoMore(now, before), 5000);
});

function expectNoMore(now: Settled, before: Settled): void {
  for (const [what, count] of Object.entries(before) as [keyof Settled, number][])
    expect([what, now[what] <= count + SLACK[what]]).toEqual([what, true]);
}

/** The spare process may be there or not, connections of the test's own client come and go. */
const SLACK = { processes: 1, timers: 3, files: 8, listeners: 1, journals: 1, tasks: 0 };

type Settled = Record<keyof typeof SLACK, number>;

async function settled(): Promise<Settled> {
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').then(
    (text) => text.trim().split(' ').filter(Boolean),
    () => [],
  );
  const files = (await readdir('/proc/self/fd')).length;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const journals = (await readdir(`${panel.data}/db/plugins_cycled`)).length;
  return { processes: children.length, timers, files, listeners, journals, tasks: getTasks().size };
}
