import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The pictures that the reference plugins ship: three quarters of a desktop, to be small and still readable. */
const VIEW = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 0.75, reducedMotion: 'reduce' };
const PICTURES = [
  { plugin: 'billing', name: 'overview', address: () => '/billing' },
  { plugin: 'billing', name: 'plans', address: () => '/billing/plans' },
  { plugin: 'server-stats', name: 'all-servers', address: () => '/stats' },
  { plugin: 'server-stats', name: 'one-server', address: (server) => `/servers/${server}/server-stats.stats` },
  { plugin: 'discord-alerts', name: 'messages', prepare: editMessage },
  { plugin: 'theme-corporate', name: 'dashboard', mode: 'light', address: () => '/' },
  { plugin: 'theme-neon', name: 'dashboard', mode: 'dark', address: () => '/' },
  { plugin: 'theme-contrast', name: 'dashboard', mode: 'dark', address: () => '/' },
];

/** An hour of what servers used. Call it before the plugin runs: it reads its collections when it starts. */
export function writeHistory(data, servers) {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const samples = servers.flatMap(({ id: server, load }, i) =>
    Array.from({ length: HOUR_MS / MINUTE_MS }, (_, minute) => {
      const at = now - HOUR_MS + minute * MINUTE_MS;
      // It leads to what is measured now.
      const left = HOUR_MS / MINUTE_MS - minute;
      const wave = Math.sin(left / (9 - i)) + Math.sin(left / 3.1) / 4;
      const cpu = load.cpu + 14 * wave;
      const memoryBytes = Math.round((load.megabytes + 30 * Math.sin(left / (14 + 4 * i))) * 1024 * 1024);
      return { id: `${server}:${at}`, server, at, cpu, memoryBytes };
    }),
  );
  const folder = path.join(data, 'db/plugins_server-stats');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'samples.json'), JSON.stringify(samples));
}

/** Plans, of which one is chosen and paid. */
export async function fillBilling(call) {
  const plans = [
    { name: 'Starter', description: 'For a first server and its friends.', price: 500, maxServers: 2, memoryMb: 2048 },
    { name: 'Studio', description: 'For a handful of sites and games.', price: 1900, maxServers: 10, memoryMb: 8192 },
    { name: 'By the hour', description: 'Pays for what runs, and nothing else.', price: 2, cycle: 'hourly' },
  ];
  const added = [];
  for (const plan of plans)
    added.push(await call('POST', '/api/plugins/billing/admin/plans', { cycle: 'monthly', ...plan }));
  await call('POST', '/api/plugins/billing/subscription', { plan: added[1].id });
  const { id: user } = await call('GET', '/api/auth/me');
  const payment = { id: crypto.randomUUID(), user, amount: 2500, note: 'Bank transfer' };
  await call('POST', '/api/plugins/billing/admin/payments', payment);
}

/** Takes them, each into its plugin's `assets`, with `settle` called before each. */
export async function takePluginPictures(browser, url, { logIn, settle, server }) {
  for (const { plugin, name, mode = 'light', address, prepare } of PICTURES) {
    const context = await browser.newContext({ ...VIEW, colorScheme: mode });
    await logIn(context);
    const theme = plugin.startsWith('theme-') ? plugin : null;
    await context.request.put(`${url}/api/account/preferences`, { data: { theme, mode: 'system' } });
    const page = await context.newPage();
    if (address) await page.goto(url + address(server));
    await prepare?.(page, url);
    await settle(page);
    const file = inRoot(`plugins/${plugin}/assets/${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    console.log(`Took plugins/${plugin}/assets/${name}.png`);
    await context.request.put(`${url}/api/account/preferences`, { data: { theme: null, mode: 'system' } });
    await context.close();
  }
}

async function editMessage(page, url) {
  await page.goto(`${url}/admin/plugins/discord-alerts?tab=discord&subtab=messages`);
  const frame = page.frameLocator('iframe.so-plugin-frame');
  await frame.getByRole('button', { name: /Edit/ }).nth(4).click();
  await frame.getByLabel('Title').scrollIntoViewIfNeeded();
}
