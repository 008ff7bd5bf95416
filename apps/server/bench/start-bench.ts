import { figures, type Bench, type Figure } from './figure.js';
import { PanelProcess, type BenchPlugin } from './panel-process.js';
import { pluginProcesses, memoryOf, until, untilQuiet } from './processes.js';
import { interleave, median } from './statistics.js';

const ROUNDS = 5;
const PLUGINS = 100;
const DOCUMENTS = 10_000;
const { atMost, told } = figures('start');

/** How soon things are there: the panel with many plugins, and the first answer of a plugin whose process does not run. */
export const startBench: Bench = {
  name: 'start',
  run: async () => [...(await panelStart()), ...(await firstRequest()), ...(await firstAnswerWithDocuments())],
};

async function panelStart(): Promise<Figure[]> {
  const empty = await PanelProcess.create();
  const full = await PanelProcess.create();
  try {
    await full.install(Array.from({ length: PLUGINS }, (_, n) => typicalPlugin(`plugin-${n}`)));
    const first = await full.start();
    await full.stop();
    await empty.start();
    await empty.stop();
    const memory: Record<'empty' | 'full', number[]> = { empty: [], full: [] };
    const timed = async (panel: PanelProcess, name: 'empty' | 'full'): Promise<number> => {
      const ms = await panel.start();
      memory[name].push(memoryOf(panel.pid).privateMb);
      await panel.stop();
      return ms;
    };
    const starts = await interleave(ROUNDS, { full: () => timed(full, 'full'), empty: () => timed(empty, 'empty') });
    const from = { [`ms with ${PLUGINS}`]: starts.of('full'), 'ms with 0': starts.of('empty') };
    return [
      atMost(
        `panel start with ${PLUGINS} active plugins against 0, to /readyz`,
        starts.ratio('full', 'empty'),
        'x',
        1.2,
        { from },
      ),
      told(
        `the panel's own memory per active plugin that idles`,
        (median(memory.full) - median(memory.empty)) / PLUGINS,
        'MB',
      ),
      told(`the first start after ${PLUGINS} ids were written into config.json`, first / 1000, 's'),
    ];
  } finally {
    await Promise.all([empty.end(), full.end()]);
  }
}

/** Plugins that the panel knows and whose processes do not run: each one's first request. */
async function firstRequest(): Promise<Figure[]> {
  const panel = await PanelProcess.create();
  const ids = Array.from({ length: 2 * ROUNDS + 1 }, (_, n) => `lazy-${n}`);
  try {
    await panel.install(ids.map((id) => typicalPlugin(id)));
    await panel.start();
    await panel.stop();
    await panel.start();
    await panel.login();
    const first = (id: string): Promise<number> => panel.timed(`/api/plugins/${id}/ping`);
    await first(ids.pop()!);
    const warm: number[] = [];
    const cold: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await spareReady(panel, 1 + warm.length + cold.length);
      warm.push(await first(ids.pop()!));
      // The next spare process is not there yet.
      cold.push(await first(ids.pop()!));
    }
    return [
      atMost('first request of a lazily started plugin, warm spare', median(warm), 'ms', 15),
      told('the same without a spare process', median(cold), 'ms'),
    ];
  } finally {
    await panel.end();
  }
}

/** Waits until there is one process more than plugins run, and it has booted. */
async function spareReady(panel: PanelProcess, running: number): Promise<void> {
  await until('a spare process', () => pluginProcesses(panel.pid).length > running);
  await untilQuiet(pluginProcesses(panel.pid).at(-1)!);
}

async function firstAnswerWithDocuments(): Promise<Figure[]> {
  const panel = await PanelProcess.create();
  try {
    await panel.install([{ id: 'store', manifest: { http: { public: ['/count'] } }, server: STORE_SERVER }]);
    await panel.start();
    await panel.login();
    for (let from = 0; from < DOCUMENTS; from += 1000)
      await panel.request('POST', '/api/plugins/store/fill', { from, count: 1000 });
    await panel.stop();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await panel.start();
      times.push(await panel.timed('/api/plugins/store/count'));
      await panel.stop();
    }
    return [
      atMost(
        `first answer of a lazily started plugin with ${DOCUMENTS} documents, panel just started`,
        median(times),
        'ms',
        350,
      ),
    ];
  } finally {
    await panel.end();
  }
}

const STORE_SERVER = `export default (sodium) => {
  sodium.db.registerCollections([{ name: 'invoices', indexes: ['user_id'] }]);
  sodium.http.registerRoutes((router) => {
    router.get('/count', (req, res) => res.json({ total: sodium.db.count('invoices'), some: sodium.db.find('invoices', { user_id: '7' }) }));
    router.post('/fill', (req, res) => {
      for (let n = req.body.from; n < req.body.from + req.body.count; n++) {
        sodium.db.insert('invoices', { id: 'inv_' + n, user_id: String(n % 1000), number: 'INV-2024-' + n, status: 'paid', total: n / 100, currency: 'EUR', note: 'x'.repeat(38) });
      }
      res.json({ total: sodium.db.count('invoices') });
    });
  });
};`;

/** A plugin of a common size: routes, a hook, a task, settings, and a client of a few kilobytes. */
function typicalPlugin(id: string): BenchPlugin {
  const routes = Array.from(
    { length: 20 },
    (_, n) =>
      `router.get('/route-${n}/:id', (req, res) => res.json({ id: req.params.id, route: ${n}, query: req.query }));`,
  );
  const server = `export default (sodium) => {
    sodium.db.registerCollections(['notes']);
    sodium.hooks.on('server:onCreate', (ctx) => sodium.logger.info('created ' + ctx.server.name));
    sodium.cron.register('${id}:clean', '0 4 * * *', () => undefined);
    sodium.http.registerRoutes((router) => {
      router.get('/ping', (req, res) => res.json({ ok: true }));
      ${routes.join('\n      ')}
    });
  };`;
  const parts = Array.from(
    { length: 30 },
    (_, n) =>
      `const part${n} = (items) => items.filter((item) => item.size > ${n}).map((item) => ({ ...item, label: \`\${item.name} (\${item.size})\`, order: ${n} }));`,
  );
  const client = `${parts.join('\n')}
export default (sodium) => {
  const { html } = sodium.lit;
  sodium.ui.registerPages({ '/${id}': { title: '${id}', render: () => html\`<h1>${id}</h1><p>\${part3([{ name: 'a', size: 4 }]).length}</p>\` } });
};`;
  const manifest = {
    permissions: ['http:routes', 'db:own', 'servers:read', 'cron:register', 'ui:pages', 'ui:sidebar'],
    hooks: ['server:onCreate'],
    settings: { greeting: { type: 'string', label: 'Greeting', default: 'Hello' } },
    contributes: { pages: [{ path: `/${id}`, title: id }], sidebar: [{ id, label: id, href: `/${id}` }] },
  };
  return { id, manifest, server, client };
}
