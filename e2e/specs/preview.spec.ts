import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';
import { Sink } from '../support/sink.js';

// So wide that the frame is drawn in its full size: Playwright does not find its way into a frame that is drawn smaller.
test.use({ viewport: { width: 2100, height: 1000 } });

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  const templates = (await admin.get('/api/templates')).body.items as { id: string }[];
  const template = templates.find(({ id }) => id.includes('node'))!.id;
  expect((await admin.post('/api/servers', { name: 'Real name of a server', template })).status).toBe(201);
  for (const id of ['preview-sampler', 'frame-attacker']) await panel.dropFixture(id);
});
test.afterAll(() => panel.dispose());
test.beforeEach(({ context }) => logIn(context, panel));

const inFrame = (page: Page): FrameLocator => page.frameLocator('.so-preview-screen iframe');
const sidebar = (page: Page, name: string) =>
  inFrame(page).getByRole('navigation', { name: 'Panel' }).first().getByRole('link', { name, exact: true });
const part = (page: Page, title: string) =>
  page.locator('.so-preview-part').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

/** How often the page asks a frame whether it is alive. */
const HEARTBEAT_MS = 4_000;

/** From the moment that a test sets `hurry`, what happens once in so many milliseconds happens sixteen times. */
function hurryBeats(slow: number): void {
  const every = window.setInterval.bind(window);
  const hurried = (tell: () => void, ms: number): number => {
    let beats = 0;
    if (ms !== slow) return every(tell, ms);
    return every(() => {
      beats += 1;
      if ((window as { hurry?: boolean }).hurry || beats % 16 === 0) tell();
    }, slow / 16);
  };
  window.setInterval = hurried as typeof window.setInterval;
}

async function openPreview(page: Page, id: string): Promise<void> {
  await page.goto(`${panel.url}/admin/plugins/${id}/preview`);
  await expect(inFrame(page).getByRole('heading', { level: 1 }).first()).toBeVisible();
}

/** The frame is made anew for somebody else. */
async function viewAs(page: Page, role: 'Admin' | 'User'): Promise<void> {
  const radio = page.getByRole('radio', { name: role });
  if (await radio.isChecked()) return;
  await page.locator('.so-preview-screen iframe').evaluate((frame) => frame.setAttribute('data-before', ''));
  await radio.check({ force: true });
  await expect(page.locator('.so-preview-screen iframe:not([data-before])')).toHaveCount(1);
}

test('a plugin is tried with all that it adds, and what it does is reported and not done', async ({ page }) => {
  await page.goto(`${panel.url}/admin/plugins/preview-sampler`);
  await page.getByRole('link', { name: 'Preview' }).click();
  await expect(inFrame(page).getByText(/^Widget (small|medium|large)/)).toBeVisible();

  await sidebar(page, 'Sampler').click();
  const frame = inFrame(page);
  await expect(frame.getByRole('heading', { name: 'Hello from Sampler' })).toBeVisible();
  await expect(frame.locator('#servers')).not.toBeEmpty();
  await expect(frame.locator('#servers')).not.toContainText('Real name');
  await expect(frame.locator('#users')).not.toContainText('ada');
  const [servers] = await frame.locator('#servers').allInnerTexts();

  await frame.getByRole('button', { name: 'Note it' }).click();
  await expect(frame.locator('#notes')).toHaveText('remember the milk');
  await expect(frame.locator('#told')).toHaveText('200');
  await expect(part(page, 'Documents')).toContainText('notes/first');
  await expect(part(page, 'Requests to the outside')).toContainText('POST hooks.example.com/told');
  await expect(part(page, 'Hooks')).toContainText('server:beforeCreate');

  // The same names stand in the panel around it, and nothing there can be changed.
  await sidebar(page, 'Servers').click();
  await expect(frame.getByRole('link', { name: servers!.split(', ')[0]! })).toBeVisible();
  await frame.getByRole('button', { name: 'Start' }).first().click();
  await expect(frame.getByText('Nothing is changed in a preview.')).toBeVisible();
  await frame.locator('main a[href^="/servers/"]').first().click();
  await frame.getByRole('link', { name: 'Sample', exact: true }).click();
  await expect(frame.getByText(/Tab of \d+ signs/)).toBeVisible();

  // Of the users none has a server, so one sees made-up ones.
  await viewAs(page, 'User');
  await expect(frame.getByText('This server does not exist')).toBeVisible();
  await expect(sidebar(page, 'Board')).toHaveCount(0);
  await sidebar(page, 'Servers').click();
  await expect(frame.getByRole('link', { name: 'Demo: survival' })).toBeVisible();
  await viewAs(page, 'Admin');
  await sidebar(page, 'Board').click();
  await expect(frame.getByText('Only for admins')).toBeVisible();

  await part(page, 'Schedules').getByRole('button', { name: 'Run now' }).click();
  await expect(part(page, 'Log')).toContainText('tidied');

  await page.reload();
  await expect(part(page, 'Documents')).toContainText('notes/first');
});

test('what the outside answers and how the plugin is set is chosen by the admin, and seen at once', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await openPreview(page, 'preview-sampler');
  const frame = inFrame(page);
  await sidebar(page, 'Sampler').click();
  await expect(frame.locator('#told')).toBeAttached();
  const answers = part(page, 'Answers');
  await answers.getByRole('heading').click();
  await answers.getByLabel('Status').fill('503');
  await answers.getByRole('button', { name: 'Answer so' }).click();
  await expect(answers.getByRole('list', { name: 'Chosen answers' })).toHaveText('Every host: 503');
  await answers.getByLabel('Host').fill('hooks.example.com');
  await answers.getByLabel('Status').fill('404');
  await answers.getByRole('button', { name: 'Answer so' }).click();
  await expect(answers.getByRole('listitem')).toHaveText([/hooks\.example\.com\s+404/, 'Every other host: 503']);

  await answers.getByRole('button', { name: 'Remove the answer of hooks.example.com' }).click();
  await expect(answers.getByRole('listitem')).toHaveText(['Every host: 503']);
  await frame.getByRole('button', { name: 'Note it' }).dispatchEvent('click');
  await expect(frame.locator('#told')).toHaveText('503');

  const settings = part(page, 'Settings to try');
  await settings.getByRole('heading').click();
  // What cannot be is said at once, where it stands, and goes nowhere.
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.url().endsWith('/preview/settings'))));
  await settings.getByLabel('Link').fill('nowhere');
  await settings.getByRole('button', { name: 'Try with these' }).click();
  await expect(settings.getByText('Must be an address')).toBeVisible();
  expect(sent).toBe(0);
  await settings.getByLabel('Link').fill('');
  await settings.getByLabel('Greeting').fill('Ahoy');
  await settings.getByRole('button', { name: 'Try with these' }).click();
  await expect(frame.getByRole('heading', { name: 'Ahoy from Sampler' })).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('it is activated from its preview, on a screen that shows nothing of it', async ({ page }) => {
  await openPreview(page, 'preview-sampler');
  const src = panel.url + (await page.locator('.so-preview-screen iframe').getAttribute('src'));
  expect((await fetch(src)).status).toBe(200);
  await page.getByRole('button', { name: 'Activate' }).click();
  await expect(page.getByRole('button', { name: 'Allow and activate' })).toBeVisible();
  expect(await page.locator('iframe').count()).toBe(0);
  expect((await fetch(src)).status).toBe(404);
  await page.getByRole('button', { name: 'Allow and activate' }).click();
  await expect(page).toHaveURL(`${panel.url}/admin/plugins/preview-sampler`);
  const { body } = await admin.get('/api/plugins/preview-sampler/state');
  expect(body).toMatchObject({ servers: ['Real name of a server'], notes: [] });
  await admin.post('/api/admin/plugins/preview-sampler/deactivate');
});

test('it is looked at in other colours, themes and sizes, on any screen, with a keyboard and without faults', async ({
  page,
}) => {
  await admin.activate('theme-neon');
  await openPreview(page, 'preview-sampler');
  const root = inFrame(page).locator('html');
  await page.getByRole('radio', { name: 'Dark', exact: true }).check({ force: true });
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.locator('.so-preview-toolbar').getByLabel('Theme').selectOption('theme-neon');
  await expect(root).toHaveAttribute('data-skin', 'theme-neon');
  await expect(root.locator('link#sodium-theme')).toHaveAttribute('href', /^\/preview\//);
  await page.getByRole('radio', { name: 'Phone' }).check({ force: true });
  await expect.poll(async () => (await page.locator('.so-preview-screen iframe').boundingBox())?.width).toBe(390);
  await admin.post('/api/admin/plugins/theme-neon/deactivate');

  for (const colorScheme of ['light', 'dark'] as const) {
    // A colour on its way to another is neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found = await new AxeBuilder({ page }).exclude('.so-preview-screen').analyze();
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  // What measures its own place follows a moment after the window.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test('a client that fails is told of before anybody opens its page', async ({ page }) => {
  const contributes = { pages: [{ path: '/unseen', title: 'Unseen' }] };
  const permissions = ['ui:pages'];
  const manifest = { id: 'unseen', name: 'Unseen', version: '1.0.0', type: 'feature', sodium: '>=1.0.0' };
  await panel.drop('unseen', {
    'plugin.json': { ...manifest, permissions, contributes },
    'client.js': "export default () => { throw new Error('cannot begin'); };",
  });
  await openPreview(page, 'unseen');
  await expect(part(page, 'Errors')).toContainText('cannot begin');
  await expect(part(page, 'Errors')).toContainText('client.js:1:');
  await expect(inFrame(page).getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(`${panel.url}/admin/plugins/unseen`);
});

test('a theme is worn by the preview from the start', async ({ page }) => {
  await openPreview(page, 'theme-corporate');
  await expect(inFrame(page).locator('html')).toHaveAttribute('data-skin', 'theme-corporate');
  await expect(page.locator('html')).not.toHaveAttribute('data-skin', 'theme-corporate');

  await page.getByRole('button', { name: 'Try it on this tab of yours' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-skin', 'theme-corporate');
  await page.goto(`${panel.url}/`);
  await expect(page.locator('html')).toHaveAttribute('data-skin', 'theme-corporate');
  await expect(page.getByText('You are trying the theme')).toBeVisible();
  await openPreview(page, 'theme-corporate');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-skin', 'theme-corporate');
});

test('what was discarded, or ended elsewhere, is gone', async ({ page }) => {
  await openPreview(page, 'preview-sampler');
  const src = panel.url + (await page.locator('.so-preview-screen iframe').getAttribute('src'));
  const token = await page.locator('meta[name="sodium-admin-token"]').getAttribute('content');
  await page.request.delete(`${panel.url}/api/admin/plugins/preview-sampler/preview`, {
    headers: { 'x-sodium-admin': token ?? '' },
  });
  await expect(page.getByText('This preview has ended')).toBeVisible();
  expect(await page.locator('iframe').count()).toBe(0);
  expect((await fetch(src)).status).toBe(404);
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(inFrame(page).getByRole('heading', { level: 1 }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(`${panel.url}/admin/plugins/preview-sampler`);
});

test('whatever a hostile plugin tries in a preview, it reaches nothing and changes nothing', async ({ page }) => {
  test.setTimeout(180_000);
  const sink = await Sink.open();
  const before = (await admin.get('/api/servers')).body;
  await openPreview(page, 'frame-attacker');
  await viewAs(page, 'Admin');
  await sidebar(page, 'Probe').click();
  await expect(inFrame(page).getByText('Ready')).toBeVisible();
  await page.evaluate((goals) => document.querySelector('iframe')!.contentWindow!.postMessage({ goals }, '*'), {
    panel: panel.url,
    sink: sink.url,
    udp: sink.udp,
  });
  await expect(inFrame(page).locator('#results')).toBeAttached({ timeout: 150_000 });
  const results = JSON.parse(await inFrame(page).locator('#results').innerText()) as Record<string, string>;
  expect(Object.keys(results).length).toBeGreaterThan(45);
  expect(Object.entries(results).filter(([, result]) => !/^(refused|silence)/.test(result))).toEqual([]);
  expect(sink.reached).toEqual([]);
  sink.close();
  await expect(page).toHaveURL(`${panel.url}/admin/plugins/frame-attacker/preview`);
  expect((await page.request.get(`${panel.url}/api/auth/me`)).status()).toBe(200);
  expect((await admin.get('/api/admin/plugins/frame-attacker')).body.state).toBe('inactive');
  expect((await admin.get('/api/servers')).body).toEqual(before);
});

test('a frame that leaves its page, floods or hangs is taken away; the page works on', async ({ page }) => {
  test.setTimeout(240_000);
  await page.addInitScript(hurryBeats, HEARTBEAT_MS);
  for (const tab of ['self', 'page', 'route', 'panel', 'form', 'flood', 'hang']) {
    await openPreview(page, 'frame-attacker');
    await viewAs(page, 'Admin');
    await sidebar(page, tab).click();
    if (tab === 'hang') await page.evaluate(() => ((window as { hurry?: boolean }).hurry = true));
    await expect(page.getByText('The frame was closed'), tab).toBeVisible({ timeout: 40_000 });
    await expect(page.locator('iframe')).toHaveCount(0);
    await expect(page.getByText('escaped')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Activate' })).toBeEnabled();
  }
});

test('a frame does not get the keyboard unless it is given to it', async ({ page }) => {
  await openPreview(page, 'frame-attacker');
  await viewAs(page, 'Admin');
  await sidebar(page, 'focus').click();
  await expect(inFrame(page).getByText('Soon')).toBeVisible();
  await page.getByRole('heading', { name: 'Preview' }).click();
  const button = page.getByRole('button', { name: 'Load the frame again' });
  await button.focus();
  for (let count = 0; count < 10; count += 1) {
    await page.keyboard.press('Shift');
    await expect(button).toBeFocused();
  }
});

test('its address opens one plugin, for reading, under other names, until it is discarded', async () => {
  const opened = await admin.post('/api/admin/plugins/preview-sampler/preview', {});
  const base = panel.url + opened.body.url;
  const document = await fetch(base, { headers: { 'sec-fetch-dest': 'iframe' } });
  expect(document.headers.get('content-security-policy')).toContain('sandbox allow-scripts allow-forms');
  const real = [...(await admin.get('/api/servers')).body.items, (await admin.get('/api/auth/me')).body] as {
    id: string;
  }[];
  const told = new RegExp(['Real name', 'ada@', '"ada"', 'ada&', ...real.map(({ id }) => id)].join('|'));
  expect(await document.text()).not.toMatch(told);
  expect((await fetch(base, { headers: { 'sec-fetch-dest': 'document' } })).status).toBe(403);
  for (const [method, path, status] of [
    ['GET', 'api/auth/me', 200],
    ['GET', 'api/registry', 200],
    ['GET', 'api/servers', 200],
    ['GET', 'api/live', 200],
    ['GET', 'api/plugins/preview-sampler/state', 200],
    ['GET', 'api/plugins/hello/greetings', 404],
    ['GET', 'api/admin/plugins', 404],
    ['GET', 'api/account', 404],
    ['GET', `plugins/preview-sampler/${opened.body.hash}/client.js`, 200],
    ['GET', `plugins/preview-sampler/${opened.body.hash}/server.js`, 404],
    ['GET', `plugins/preview-sampler/${opened.body.hash}/plugin.json`, 404],
    ['POST', 'api/servers', 403],
    ['PUT', 'api/account/preferences', 403],
    ['POST', 'api/auth/logout', 403],
    ['DELETE', 'api/admin/plugins/preview-sampler', 403],
  ] as const) {
    const answer = await fetch(base + path, { method, headers: { origin: 'null', cookie: 'sodium_session=x' } });
    expect([path, answer.status]).toEqual([path, status]);
    expect([path, answer.headers.get('content-security-policy')]).toEqual([path, "default-src 'none'; sandbox"]);
    expect([path, answer.headers.get('connection-allowlist')]).toEqual([path, '()']);
    const text = await answer.text();
    expect([path, told.test(text)]).toEqual([path, false]);
    if (status === 403) expect([path, text]).toEqual([path, expect.stringContaining('PREVIEW_READ_ONLY')]);
  }

  // Another admin has nothing to do with it.
  const other = new Client(panel);
  await other.post('/api/auth/login', { username: 'ada', password: 'correct horse battery' });
  expect((await other.get('/api/admin/plugins/preview-sampler/preview')).status).toBe(404);
  await other.delete('/api/admin/plugins/preview-sampler/preview');
  expect((await fetch(base)).status).toBe(200);
  await admin.delete('/api/admin/plugins/preview-sampler/preview');
  expect((await fetch(base)).status).toBe(404);
  expect((await fetch(`${base}api/servers`)).status).toBe(404);
});
