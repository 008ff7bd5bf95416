/* global document -- evaluated in the page */
// `npm run screenshots`: the pictures of the README, the guide and the reference plugins, taken from a panel with demo
// data. `npm run screenshots -- plugins` takes those of the plugins alone.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium } from './lib/chromium.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { fillBilling, takePluginPictures, writeHistory } from './lib/plugin-pictures.mjs';
import { main } from './lib/run.mjs';

const ADMIN = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' };
/** What works uses so much of one processor, and of memory: their history is written to fit. */
const SERVERS = [
  { name: 'Survival', load: { cpu: 34, megabytes: 180 } },
  { name: 'Web shop', load: { cpu: 46, megabytes: 270 } },
  { name: 'Test bench', load: null },
];
/** Without consent yet: what a plugin asks for is seen before it runs. */
const TRIED = 'discord-alerts';
const ACTIVE = ['server-stats', 'billing', 'theme-corporate', 'theme-neon', 'theme-contrast'];
const SIZE = { width: 1280, height: 800 };
const MEASURED = 6;
const NODE_ITSELF_MEGABYTES = 42;
const target = inRoot('apps/docs/pictures');

main(async () => {
  await ensureInstalled();
  await (await import('./lib/build-steps.mjs')).build();
  const data = mkdtempSync(path.join(os.tmpdir(), 'sodium-pictures-'));
  const { child, url } = await startPanel(data);
  try {
    const call = await logIn(url);
    const servers = await fill(call, data);
    const browser = await launch();
    try {
      if (!process.argv.includes('plugins')) await takePictures(browser, url);
      // Where its tab can be seen, it has to run.
      await activate(call, TRIED);
      await fillBilling(call);
      const logIn = (context) => context.request.post(`${url}/api/auth/login`, { data: ADMIN });
      await takePluginPictures(browser, url, { logIn, settle, server: servers[0].id });
    } finally {
      await browser.close();
    }
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
    rmSync(data, { recursive: true, force: true });
  }
});

async function startPanel(data) {
  const env = { ...process.env, PORT: '0', SODIUM_DATA: data };
  const child = spawn(process.execPath, [inRoot('apps/server/dist/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    const found = /listens on (http:\/\/[^\s/]+)/.exec((said += String(chunk)));
    if (found) {
      child.stdout.resume();
      return { child, url: found[1] };
    }
  }
  throw new Error(`The panel did not start:\n${said}`);
}

/** Gives a function that calls the API as the admin. */
async function logIn(url) {
  let cookie = '';
  const call = async (method, route, body) => {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(url + route, { method, headers, body: body && JSON.stringify(body) });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return answer.json().catch(() => null);
  };
  await call('POST', '/api/auth/register', ADMIN);
  await call('POST', '/api/auth/login', ADMIN);
  return call;
}

async function fill(call, data) {
  const running = [];
  for (const { name, load } of SERVERS) {
    const { id } = await call('POST', '/api/servers', { name, template: 'nodejs' });
    if (!load) continue;
    const state = async () => (await call('GET', `/api/servers/${id}`)).state;
    while ((await state()) !== 'offline') await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(path.join(data, 'servers', id, 'index.js'), working(load));
    await call('POST', `/api/servers/${id}/power`, { action: 'start' });
    running.push({ id, load });
  }
  writeHistory(data, running);
  for (const id of ACTIVE) await activate(call, id);
  // Charts of what servers use are empty until it was measured a few times.
  for (const { id } of running)
    while ((await call('GET', `/api/servers/${id}/resources`)).history.length < MEASURED)
      await new Promise((resolve) => setTimeout(resolve, 500));
  return running;
}

/** A server's program that has something to do. */
const working = ({ cpu, megabytes }) => `
const kept = Buffer.alloc(${megabytes - NODE_ITSELF_MEGABYTES} * 1024 * 1024, 1);
setInterval(() => {
  const end = performance.now() + ${cpu};
  while (performance.now() < end);
}, 100);
console.log('Ready with', kept.length, 'bytes');
`;

async function activate(call, id) {
  const asked = await call('POST', `/api/admin/plugins/${id}/activate`, {});
  const permissions = asked?.error?.details?.permissions;
  if (permissions) await call('POST', `/api/admin/plugins/${id}/activate`, { permissions });
}

async function launch() {
  const { chromium } = await import('playwright');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: await findChromium(), args });
}

async function takePictures(browser, url) {
  mkdirSync(target, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: SIZE, colorScheme, reducedMotion: 'reduce' });
    await context.request.post(`${url}/api/auth/login`, { data: ADMIN });
    const page = await context.newPage();
    await picture(page, url, colorScheme === 'light' ? 'dashboard' : 'dashboard-dark');
    if (colorScheme === 'light') await adminPictures(page, url, context);
    await context.close();
  }
}

async function adminPictures(page, url, context) {
  await picture(page, `${url}/admin/plugins/billing?tab=permissions`, 'permissions');
  await page.goto(`${url}/admin/plugins/${TRIED}/preview`);
  await page.locator('.so-preview-screen iframe').waitFor();
  await picture(page, null, 'preview');
  await context.request.put(`${url}/api/account/preferences`, { data: { theme: 'theme-neon', mode: 'dark' } });
  await picture(page, url, 'theme');
  await context.request.put(`${url}/api/account/preferences`, { data: { theme: null, mode: 'system' } });
}

async function picture(page, address, name) {
  if (address) await page.goto(address);
  await settle(page);
  await page.screenshot({ path: path.join(target, `${name}.png`), animations: 'disabled' });
  console.log(`Took ${name}.png`);
}

async function settle(page) {
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .so-skeleton'));
  await page.waitForTimeout(1000);
}
