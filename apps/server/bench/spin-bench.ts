import { setTimeout as sleep } from 'node:timers/promises';
import { figures, type Bench, type Figure } from './figure.js';
import { PanelProcess } from './panel-process.js';
import { until } from './processes.js';
import { interleave, median } from './statistics.js';

const ROUNDS = 5;
const WINDOW_MS = 900;
const SPINNERS = ['spin-0', 'spin-1', 'spin-2', 'spin-3'];
const SERVER = `export default (sodium) => {
  sodium.http.registerRoutes((router) => {
    router.get('/ping', (req, res) => res.json({ ok: true }));
    router.get('/spin', () => { for (;;); });
  });
};`;

/** Plugins in endless loops: what the panel feels of them, and how soon they serve again. */
export const spinBench: Bench = {
  name: 'spin',
  async run() {
    const panel = await PanelProcess.create();
    try {
      await panel.install(SPINNERS.map((id) => ({ id, server: SERVER })));
      await panel.start();
      await panel.login();
      return [...(await recovery(panel)), ...(await loopDelay(panel))];
    } finally {
      await panel.end();
    }
  },
};

async function loopDelay(panel: PanelProcess): Promise<Figure[]> {
  const delays = await interleave(ROUNDS, {
    idle: () => panel.loopDelay(() => sleep(WINDOW_MS)),
    spinning: async () => {
      for (const id of SPINNERS) await fresh(panel, id);
      const spins = SPINNERS.map((id) => panel.attempt('GET', `/api/plugins/${id}/spin`));
      const p99 = await panel.loopDelay(() => sleep(WINDOW_MS));
      await Promise.all(spins);
      for (const id of SPINNERS) await serving(panel, id);
      return p99;
    },
  });
  const from = { 'ms spinning': delays.of('spinning'), 'ms idle': delays.of('idle') };
  return [
    figures('spin').atMost(
      'event loop p99 of the panel while 4 plugins spin, against idle',
      delays.ratio('spinning', 'idle'),
      'x',
      2,
      { from },
    ),
  ];
}

async function recovery(panel: PanelProcess): Promise<Figure[]> {
  const times: number[] = [];
  const id = SPINNERS[0]!;
  for (let round = 0; round < ROUNDS; round++) {
    await fresh(panel, id);
    const began = performance.now();
    const answer = await panel.attempt('GET', `/api/plugins/${id}/spin`);
    if (answer.ok) throw new Error('The endless loop ended.');
    await serving(panel, id);
    times.push(performance.now() - began);
  }
  return [
    figures('spin').atMost(
      'recovery of a spinning plugin: ended, started and serving again',
      median(times) / 1000,
      's',
      2,
    ),
  ];
}

/** A new process with no failures on record: a plugin that keeps failing is quarantined. */
async function fresh(panel: PanelProcess, id: string): Promise<void> {
  await panel.request('POST', `/api/admin/plugins/${id}/restart`);
  await serving(panel, id);
}

const serving = (panel: PanelProcess, id: string): Promise<void> =>
  until(`"${id}" to serve`, async () => (await panel.attempt('GET', `/api/plugins/${id}/ping`)).ok, 20_000, 10);
