import { setTimeout as sleep } from 'node:timers/promises';
import { figures, type Bench } from './figure.js';
import { PanelProcess } from './panel-process.js';
import { pluginProcesses, memoryOf, until, untilQuiet } from './processes.js';
import { median } from './statistics.js';

const PLUGINS = 8;
const SERVER = `export default (sodium) => {
  sodium.db.registerCollections(['notes']);
  sodium.http.registerRoutes((router) => {
    router.get('/notes', (req, res) => res.json({ items: sodium.db.find('notes', {}, { limit: 20 }) }));
    router.post('/notes', (req, res) => res.status(201).json(sodium.db.insert('notes', { text: req.body.text })));
  });
};`;

/** What plugins cost in memory: running ones, and those that wait for their first use. */
export const memoryBench: Bench = {
  name: 'memory',
  async run() {
    const panel = await PanelProcess.create();
    try {
      const ids = Array.from({ length: PLUGINS }, (_, n) => `memory-${n}`);
      await panel.install(ids.map((id) => ({ id, server: SERVER })));
      await panel.start();
      await panel.stop();
      await panel.start();
      await panel.login();
      // What is there for all plugins together does not count for one.
      const spare = await settledSpare(panel);
      const idle = pluginProcesses(panel.pid).length - spare.length;
      for (const id of ids) await panel.request('POST', `/api/plugins/${id}/notes`, { text: 'a note' });
      const started = await running(panel);
      for (const id of ids)
        for (let n = 0; n < 200; n++) await (await panel.request('GET', `/api/plugins/${id}/notes`)).arrayBuffer();
      const used = await running(panel);
      const { atMost, told } = figures('memory');
      return [
        atMost('private memory of a running plugin process', started.privateMb, 'MB', 13, {
          from: { 'shared MB': started.sharedMb },
        }),
        told('the same after 200 requests', used.privateMb, 'MB'),
        atMost('memory per idle plugin, in processes of its own', idle / PLUGINS, '', 0),
        told(
          'private memory of the one spare process',
          spare[0] === undefined ? 0 : memoryOf(spare[0]).privateMb,
          'MB',
        ),
      ];
    } finally {
      await panel.end();
    }
  },
};

/** The panel keeps one process ready; it starts a moment after the panel, or not before a plugin is used. */
async function settledSpare(panel: PanelProcess): Promise<number[]> {
  await sleep(1500);
  const spare = pluginProcesses(panel.pid).slice(0, 1);
  for (const pid of spare) await untilQuiet(pid);
  return spare;
}

/** The medians over all plugin processes, the spare one left out. */
async function running(panel: PanelProcess): Promise<{ privateMb: number; sharedMb: number }> {
  await until('every plugin and a spare process', () => pluginProcesses(panel.pid).length > PLUGINS);
  const all = pluginProcesses(panel.pid);
  for (const pid of all) await untilQuiet(pid);
  const plugins = all.map(memoryOf);
  return {
    privateMb: median(plugins.map((memory) => memory.privateMb)),
    sharedMb: median(plugins.map((memory) => memory.sharedMb)),
  };
}
