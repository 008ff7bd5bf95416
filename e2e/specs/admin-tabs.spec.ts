import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';
import { Sink } from '../support/sink.js';

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  for (const id of ['admin-tools', 'frame-attacker']) {
    await panel.dropFixture(id);
    expect((await admin.activate(id)).status).toBe(200);
  }
  await admin.activate('hello');
});
test.afterAll(() => panel.dispose());
test.beforeEach(({ context }) => logIn(context, panel));

const inFrame = (page: Page): FrameLocator => page.frameLocator('iframe.so-plugin-frame');

async function openTab(page: Page, plugin: string, tab: string): Promise<void> {
  await page.goto(`${panel.url}/admin/plugins/${plugin}?tab=${tab}`);
}

test.describe('a friendly plugin', () => {
  test('its tabs stand on its page, as declared, filtered by its backend and renamed by its client', async ({
    page,
  }) => {
    await page.goto(`${panel.url}/admin/plugins/admin-tools`);
    const tabs = page.getByRole('navigation', { name: 'Parts of this plugin' });
    await expect(tabs.locator('.so-tab-own')).toHaveText(['Notes', 'About']);
    expect(await page.locator('iframe').count()).toBe(0);
    await tabs.getByRole('link', { name: 'Notes' }).click();
    await expect(inFrame(page).getByRole('heading', { name: 'Notes: open' })).toBeVisible();
    await expect(tabs.locator('.so-tab-own')).toHaveText(['Notes', 'About this']);
    await page.getByRole('navigation', { name: 'Notes' }).getByRole('link', { name: 'Done' }).click();
    await expect(inFrame(page).getByRole('heading', { name: 'Notes: done' })).toBeVisible();
    await page.goBack();
    await expect(inFrame(page).getByRole('heading', { name: 'Notes: open' })).toBeVisible();
  });

  test('on a phone, the one that is open is in view', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openTab(page, 'admin-tools', 'about');
    await expect(page.locator('.so-tabs [aria-current=page]', { hasText: 'About this' })).toBeInViewport({ ratio: 1 });
    await page.goto(`${panel.url}/admin/plugins/admin-tools`);
    await expect(page.locator('.so-tabs [aria-current=page]')).toBeInViewport({ ratio: 1 });
  });

  test('forms, own routes, storage, toasts and questions work', async ({ page }) => {
    await openTab(page, 'admin-tools', 'notes');
    const frame = inFrame(page);
    await expect(frame.locator('#who')).toHaveText('ada admin null');
    await frame.getByLabel('Text').fill('Buy milk');
    await frame.getByRole('button', { name: 'Add' }).click();
    await expect(frame.getByRole('listitem')).toHaveText(['Buy milk']);
    await expect(page.getByText('Admin tools: Noted')).toBeVisible();
    await frame.getByRole('button', { name: 'Forget' }).click();
    await expect(page.getByText('Forget all notes?')).toBeVisible();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(frame.locator('#answer')).toHaveText('true');
  });

  test('it is as high as its content, follows the theme, and lets keys and links through', async ({ page }) => {
    await openTab(page, 'admin-tools', 'about');
    const frame = page.locator('iframe.so-plugin-frame');
    await expect.poll(async () => (await frame.boundingBox())?.height).toBeGreaterThan(900);
    expect((await frame.boundingBox())!.height).toBeLessThan(1200);

    await page.getByRole('link', { name: 'Notes', exact: true }).click();
    await expect(inFrame(page).locator('#mode')).toHaveText('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(inFrame(page).locator('#mode')).toHaveText('dark');
    const background = (root: Element): string => getComputedStyle(root).getPropertyValue('--sodium-color-surface');
    expect(await inFrame(page).locator('html').evaluate(background)).toBe(
      await page.locator('html').evaluate(background),
    );

    await page.getByRole('navigation', { name: 'Notes' }).getByRole('link', { name: 'Done' }).focus();
    await page.keyboard.press('Tab');
    await expect(inFrame(page).getByLabel('Text')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: 'Notes', exact: true })).toBeFocused();

    await page.getByRole('link', { name: 'About this' }).click();
    await inFrame(page).getByRole('link', { name: 'To the servers' }).click();
    await expect(page).toHaveURL(`${panel.url}/servers`);
  });

  test('its frame ends with the page, the plugin and the session', async ({ page, context }) => {
    const address = async (): Promise<string> => {
      await openTab(page, 'admin-tools', 'notes');
      await expect(inFrame(page).getByLabel('Text')).toBeVisible();
      return panel.url + (await page.locator('iframe.so-plugin-frame').getAttribute('src'));
    };
    const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;
    const left = await address();
    expect(await statusOf(left)).toBe(200);
    await page.getByRole('link', { name: 'Overview' }).last().click();
    await expect.poll(() => statusOf(left)).toBe(404);

    const deactivated = await address();
    await admin.post('/api/admin/plugins/admin-tools/deactivate');
    expect(await statusOf(deactivated)).toBe(404);
    await expect(page.locator('iframe')).toHaveCount(0);
    await admin.activate('admin-tools');

    const loggedOut = await address();
    await context.request.post(`${panel.url}/api/auth/logout`);
    expect(await statusOf(loggedOut)).toBe(404);
    // The page goes too; a trace that is taken would wait for what a page on its way out never gives.
    await expect(page).toHaveURL(/\/login/);
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  });
});

test.describe('a hostile plugin', () => {
  test('whatever it tries from its frame, it reaches nothing', async ({ page, browser }) => {
    test.setTimeout(150_000);
    const sink = await Sink.open();
    await openTab(page, 'frame-attacker', 'probe');
    const goals = { panel: panel.url, sink: sink.url, udp: sink.udp };
    await expect(inFrame(page).getByText('Ready')).toBeVisible();
    await page.evaluate(
      (value) => document.querySelector('iframe')!.contentWindow!.postMessage({ goals: value }, '*'),
      goals,
    );
    await expect(inFrame(page).locator('#results')).toBeAttached({ timeout: 120_000 });
    const results = JSON.parse(await inFrame(page).locator('#results').innerText()) as Record<string, string>;
    expect(Object.keys(results).length).toBeGreaterThan(35);
    const leaks = Object.entries(results).filter(([, result]) => !/^(refused|silence)/.test(result));
    expect(leaks).toEqual([]);
    expect(sink.reached).toEqual([]);

    // It asked for pages that it may not open, and nobody had clicked.
    await expect(page).toHaveURL(`${panel.url}/admin/plugins/frame-attacker?tab=probe`);
    expect((await page.locator('iframe.so-plugin-frame').boundingBox())!.height).toBeLessThanOrEqual(8_000);
    expect((await page.request.get(`${panel.url}/api/auth/me`)).status()).toBe(200);
    expect((await admin.get('/api/admin/plugins/frame-attacker')).body.state).toBe('active');

    // The sink does notice what comes from a page that is not sealed.
    const open = await browser.newPage();
    await open.goto(sink.url);
    await open.evaluate(async (port) => {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
      connection.createDataChannel('x');
      await connection.setLocalDescription(await connection.createOffer());
    }, sink.udp);
    await expect.poll(() => new Set(sink.reached)).toContain('datagram');
    expect(sink.reached).toContain('connection');
    await open.close();
    sink.close();
  });

  for (const tab of ['self', 'page', 'picture', 'route', 'panel', 'form']) {
    test(`a frame that leaves its page for "${tab}" is taken away, and nothing ran there`, async ({ page }) => {
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await openTab(page, 'frame-attacker', tab);
      await expect(page.getByText('The tab of “Frame attacker” was closed')).toBeVisible({ timeout: 30_000 });
      await expect(page.locator('iframe')).toHaveCount(0);
      await expect(page.getByText('escaped')).toBeHidden();
      expect(asked.filter((path) => path === '/api/auth/me')).toHaveLength(1);
    });
  }

  test('a frame that floods the page or hangs is taken away; the page works on', async ({ page }) => {
    for (const tab of ['flood', 'hang']) {
      await openTab(page, 'frame-attacker', tab);
      await expect(page.getByText('The tab of “Frame attacker” was closed')).toBeVisible({ timeout: 40_000 });
      await page.getByRole('link', { name: 'Overview' }).last().click();
      await expect(page.getByRole('heading', { name: 'About' })).toBeVisible();
    }
    const { body } = await admin.get('/api/admin/plugins/frame-attacker/logs');
    const texts = (body.items as { text: string }[]).map(({ text }) => text).join('\n');
    expect(texts).toContain('more messages than any tab needs');
    expect(texts).toContain('did not answer any more');
  });

  test('a frame leads nowhere unless somebody clicked in it', async ({ page }) => {
    await openTab(page, 'frame-attacker', 'navigate');
    await page.getByRole('heading', { name: 'Frame attacker' }).click();
    await expect(page.getByText('navigated')).toBeVisible();
    await expect(page).toHaveURL(/tab=navigate$/);
  });

  test('what was clicked just before a frame opens is not in it', async ({ page }) => {
    let click = (): void => undefined;
    const clicked = new Promise<void>((resolve) => (click = resolve));
    await page.route('**/api/admin/tabs', (route) => clicked.then(() => route.continue()));
    await openTab(page, 'frame-attacker', 'navigate');
    await page.getByRole('heading', { name: 'Frame attacker' }).click();
    click();
    await expect(page.getByText('navigated')).toBeVisible();
    await expect(page).toHaveURL(/tab=navigate$/);
  });

  test('a frame that was taken away opens again', async ({ page }) => {
    await openTab(page, 'admin-tools', 'notes');
    await expect(inFrame(page).getByLabel('Text')).toBeVisible();
    await page.evaluate(() => (document.querySelector('iframe')!.src = 'about:blank'));
    await page.getByRole('button', { name: 'Open it again' }).click();
    await expect(inFrame(page).getByLabel('Text')).toBeVisible();
  });

  test('a frame does not get the keyboard unless it is given to it', async ({ page }) => {
    await openTab(page, 'frame-attacker', 'focus');
    await expect(inFrame(page).getByText('Soon')).toBeVisible();
    const link = page.getByRole('link', { name: 'Overview' }).last();
    await page.getByRole('heading', { name: 'Frame attacker' }).click();
    await link.focus();
    // Each key would go to whoever has the keyboard.
    for (let count = 0; count < 10; count += 1) {
      await page.keyboard.press('Shift');
      await expect(link).toBeFocused();
    }
  });

  test('a frame cannot grow without end', async ({ page }) => {
    await openTab(page, 'frame-attacker', 'huge');
    await expect.poll(async () => (await page.locator('iframe.so-plugin-frame').boundingBox())?.height).toBe(8_000);
  });

  test('nothing of it is on the page while the admin is asked for consent', async ({ page }) => {
    await panel.drop('frame-attacker', { 'assets/new.txt': String(Math.random()) });
    await openTab(page, 'frame-attacker', 'huge');
    await expect(page.locator('iframe.so-plugin-frame')).toHaveCount(1);
    await page.getByRole('button', { name: /Update to/ }).click();
    await expect(page.getByRole('button', { name: 'Allow and update' })).toBeVisible();
    await expect(page.locator('iframe')).toHaveCount(0);
  });
});

test('every answer below a frame’s address is sealed, and nobody else’s token opens it', async () => {
  const opened = await admin.post('/api/admin/plugins/frame-attacker/frames');
  expect(opened.status).toBe(201);
  const base = panel.url + opened.body.url;
  const hash = (await admin.get('/api/registry')).body.items.find(
    (entry: { id: string }) => entry.id === 'frame-attacker',
  ).hash;
  const document = await fetch(base, { headers: { 'sec-fetch-dest': 'iframe' } });
  expect(document.status).toBe(200);
  expect(document.headers.get('content-security-policy')).toContain('sandbox allow-scripts allow-forms');
  expect(document.headers.get('connection-allowlist')).toContain(base);
  expect((await fetch(base, { headers: { 'sec-fetch-dest': 'document' } })).status).toBe(403);
  for (const [path, status] of [
    [`plugins/frame-attacker/${hash}/client.js`, 200],
    [`plugins/frame-attacker/${hash}/assets/picture.svg`, 200],
    [`plugins/frame-attacker/${hash}/server.js`, 404],
    [`plugins/hello/${hash}/client.js`, 404],
    ['icons/puzzle.svg', 200],
    ['assets/nothing.js', 404],
    ['index.html', 404],
    ['admin.html', 404],
    ['..%2f..%2fadmin.html', 404],
    ['assets/..%2f..%2fadmin.html', 404],
    ['api/plugins/frame-attacker/headers', 200],
    ['api/plugins/frame-attacker/away?to=/', 302],
    ['api/plugins/frame-attacker/nothing', 404],
    ['api/plugins/hello/greetings', 404],
    ['api/admin/plugins', 404],
    ['api/registry', 404],
  ] as const) {
    const answer = await fetch(base + path, {
      redirect: 'manual',
      headers: { origin: 'null', cookie: 'sodium_session=whatever' },
    });
    expect([path, answer.status === 403 ? 404 : answer.status]).toEqual([path, status]);
    expect([path, answer.headers.get('content-security-policy')]).toEqual([path, "default-src 'none'; sandbox"]);
    expect([path, answer.headers.get('connection-allowlist')]).toEqual([path, '()']);
    expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, '*']);
    for (const name of ['link', 'refresh', 'location', 'set-cookie'])
      expect([path, name, answer.headers.get(name)]).toEqual([path, name, null]);
  }
  const route = await (
    await fetch(`${base}api/plugins/frame-attacker/headers`, { headers: { cookie: 'sodium_session=x' } })
  ).json();
  expect(route.user).toMatchObject({ username: 'ada', role: 'admin' });
  expect(route.headers).not.toContain('cookie');
  expect((await fetch(`${panel.url}/preview/${'a'.repeat(43)}/`)).status).toBe(404);
  for (const path of ['/api/auth/me', '/api/admin/plugins', '/api/registry', '/api/servers']) {
    expect((await admin.get(path, { origin: 'null' })).status, path).toBe(403);
  }

  const bob = new Client(panel);
  await bob.post('/api/auth/register', { username: 'bob', email: 'bob@example.com', password: 'another password' });
  expect((await bob.post('/api/admin/plugins/frame-attacker/frames')).status).toBe(403);
  const other = new Client(panel);
  await other.post('/api/auth/login', { username: 'ada', password: 'correct horse battery' });
  expect((await other.put(`/api/admin/plugins/frame-attacker/frames/${opened.body.token}`)).status).toBe(404);
  await other.delete(`/api/admin/plugins/frame-attacker/frames/${opened.body.token}`);
  expect((await fetch(base)).status).toBe(200);
  await admin.delete(`/api/admin/plugins/frame-attacker/frames/${opened.body.token}`);
  expect((await fetch(base)).status).toBe(404);
});
