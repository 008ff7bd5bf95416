import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { figures, type Bench } from './figure.js';
import { PanelProcess } from './panel-process.js';
import { interleave } from './statistics.js';

const EXPRESS = fileURLToPath(new URL('./bare-express.mjs', import.meta.url));
const ROUNDS = 5;
const SECONDS = 2;
const CONNECTIONS = 32;

/** The handlers of `bare-express.ts`, as a plugin has them. */
const SERVER = `export default (sodium) => {
  sodium.db.registerCollections([{ name: 'invoices', indexes: ['user_id'] }]);
  if (sodium.db.count('invoices') === 0) {
    for (let n = 0; n < 1000; n++) sodium.db.insert('invoices', { id: 'inv_' + n, user_id: String(n % 50), status: n % 3 ? 'paid' : 'open', total: n / 100 });
  }
  sodium.http.registerRoutes((router) => {
    router.get('/ping', (req, res) => res.json({ ok: true }));
    router.get('/invoices', (req, res) => res.json({ items: sodium.db.find('invoices', { user_id: req.query.user_id }) }));
  });
};`;

/** Plugin routes, through sessions, limits and the sandbox, against the same handlers in plain Express. */
export const routeBench: Bench = {
  name: 'routes',
  async run() {
    const panel = await PanelProcess.create();
    const express = fork(EXPRESS, { serialization: 'json' });
    try {
      const [{ port }] = (await once(express, 'message')) as [{ port: number }];
      await panel.install([{ id: 'bench', manifest: { http: { public: ['/ping', '/invoices'] } }, server: SERVER }]);
      await panel.start();
      return await measure(`${panel.url}/api/plugins/bench`, `http://127.0.0.1:${port}`);
    } finally {
      express.kill();
      await panel.end();
    }
  },
};

async function measure(plugin: string, bare: string) {
  const { atLeast, told } = figures('routes');
  const rows = [];
  for (const [name, route] of [
    ['a plugin route', '/ping'],
    ['a plugin route that lists 20 of 1 000 documents', '/invoices?user_id=7'],
  ] as const) {
    await rate(plugin + route, 1);
    await rate(bare + route, 1);
    const rates = await interleave(ROUNDS, { plugin: () => rate(plugin + route), bare: () => rate(bare + route) });
    const from = { 'plugin/s': rates.of('plugin'), 'express/s': rates.of('bare') };
    const ratio = rates.ratio('plugin', 'bare');
    rows.push(
      route === '/ping'
        ? atLeast(`requests/s of ${name}, against bare Express`, ratio, 'x', 0.9, { from })
        : told(`requests/s of ${name}, against bare Express`, ratio, 'x', { from }),
    );
  }
  return rows;
}

async function rate(url: string, duration = SECONDS): Promise<number> {
  const result = await autocannon({ url, duration, connections: CONNECTIONS });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests to ${url} failed.`);
  return result.requests.total / result.duration;
}
