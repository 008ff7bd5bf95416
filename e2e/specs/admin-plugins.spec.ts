import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.js';
import { ADMIN, Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

const SHOWCASE = fileURLToPath(new URL('../fixtures/showcase', import.meta.url));
const USER = { username: 'bob', email: 'bob@example.com', password: 'correct horse battery' };

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  await new Client(panel).post('/api/auth/register', USER);
  await panel.drop('wreck', { 'plugin.json': '{ "id": ', 'README.md': '# Wreck' });
  await panel.dropFixture('showcase');
});
test.afterAll(() => panel.dispose());
test.beforeEach(({ context }) => logIn(context, panel));

const open = (page: Page, address: string): Promise<unknown> => page.goto(`${panel.url}/admin/plugins${address}`);
const rows = (page: Page) => page.locator('.so-plugin-table tbody tr');

test('the list is searched, filtered and sorted, its address says how, and a broken row hides no other', async ({
  page,
}) => {
  const all = (await admin.get('/api/admin/plugins')).body.items.length;
  await open(page, '');
  await expect(rows(page)).toHaveCount(all);
  await expect(rows(page).filter({ hasText: 'wreck' })).toContainText('plugin.json: expected valid JSON');
  await page.getByRole('searchbox', { name: 'Search plugins' }).fill('ann showc');
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/\?q=ann\+showc$/);
  await expect(rows(page).getByRole('link', { name: 'Permissions: 6' })).toBeVisible();
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue('ann showc');
  await page.getByRole('combobox', { name: 'Type' }).selectOption('theme');
  await expect(page.getByRole('heading', { name: 'No plugin is like that' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/\/admin\/plugins$/);
  await page.getByRole('combobox', { name: 'State' }).selectOption('attention');
  await expect(rows(page)).toHaveText([/wreck/]);
  await page.getByRole('combobox', { name: 'State' }).selectOption('');
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption('state');
  await expect(rows(page).first()).toContainText('wreck');
  await panel.drop('late', {
    'plugin.json': { id: 'late', name: 'Late', version: '1.0.0', type: 'theme', sodium: '>=1.0.0' },
    'assets/theme.css': ':root { --sodium-radius-md: 2px; }',
  });
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(rows(page)).toHaveCount(all + 1);
  await page.getByRole('link', { name: 'Showcase', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/plugins\/showcase$/);
});

test('a readme is shown whole, runs nothing, loads nothing from elsewhere, and is no part of the page', async ({
  page,
}) => {
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(panel.url) && !/^(blob|data):/.test(request.url())) elsewhere.push(request.url());
  });
  await open(page, '/showcase');
  const readme = page.locator('sodium-plugin-text').first();
  await expect(readme.getByRole('heading', { name: 'Showcase', level: 3 })).toBeVisible();
  const picture = readme.getByRole('img', { name: 'The overview' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  await expect(readme.getByText('From afar')).toBeVisible();
  await expect(readme.getByRole('link')).toHaveCount(1);
  await expect(readme.getByRole('link', { name: 'The guide' })).toHaveAttribute('rel', 'noreferrer noopener');
  await expect(readme.getByText('Plain text stays')).toBeVisible();
  await expect(
    readme.locator('script, style, iframe, form, button, svg, [id], [style], .so-card, .so-toast'),
  ).toHaveCount(0);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(elsewhere).toEqual([]);

  await page.getByRole('button', { name: 'Show light overview large' }).click();
  await expect(page.locator('wa-dialog').getByRole('img', { name: 'light overview' })).toBeVisible();
  await page.keyboard.press('Escape');
  const main = page.getByRole('main');
  for (const text of [
    '/api/plugins/showcase/webhooks/paid',
    'without login',
    'refused if it fails',
    'api.showcase.example',
  ])
    await expect(main.getByText(text).first()).toBeVisible();
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await expect(page).toHaveURL(/\?tab=files$/);
  await expect(page.getByRole('row', { name: /server\.js/ })).toBeVisible();
});

test('what cannot be parsed is explained, readable and removable', async ({ page }) => {
  await open(page, '/wreck');
  await expect(page.getByRole('heading', { name: 'What is wrong with its folder' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Wreck', exact: true, level: 3 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Activate' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Remove' })).toBeVisible();
});

test('a folder is installed as it is, leads on, and is discarded again', async ({ page }) => {
  await open(page, '');
  const pick = async (folder: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose folder' }).click();
    await (await chooser).setFiles(folder);
  };
  await pick(path.join(SHOWCASE, 'assets'));
  await expect(page.locator('sodium-plugin-upload')).toContainText('“assets” holds no plugin.json');
  expect((await admin.delete('/api/admin/plugins/showcase')).status).toBe(204);
  await pick(SHOWCASE);
  await expect(page).toHaveURL(/\/admin\/plugins\/showcase$/);
  const installed = (await admin.get('/api/admin/plugins/showcase')).body;
  expect(installed.files.map((file: { path: string }) => file.path)).toEqual(
    expect.arrayContaining(['README.md', 'assets/light-overview.png', 'plugin.json', 'server.js']),
  );
  await expect(page.getByRole('link', { name: 'Look at it first' })).toHaveAttribute(
    'href',
    '/admin/plugins/showcase/preview',
  );
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(/\/admin\/plugins$/);
  expect((await admin.get('/api/admin/plugins/showcase')).status).toBe(404);
  await panel.dropFixture('showcase');
});

test('settings of every kind are set, checked on both sides, tried, and reset', async ({ page }) => {
  const faults = faultsOf(page);
  let saves = 0;
  page.on('request', (request) => (saves += request.method() === 'PUT' ? 1 : 0));
  await open(page, '/showcase?tab=settings');
  const form = page.locator('sodium-plugin-settings form');
  const save = form.getByRole('button', { name: 'Save' });
  const saved = async () => (await admin.get('/api/admin/plugins/showcase/settings')).body.values;
  const refused = ['Must match [A-Z]{3}.', 'Must be 10 or less.', 'Must be a cron expression such as "0 3 * * *".'];

  await test.step('what does not fit is named by its field, and the panel is not even asked', async () => {
    await expect(form.getByLabel('Where to')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Test', exact: true })).toHaveCount(0);
    await form.getByRole('switch', { name: 'Notify somebody' }).focus();
    await page.keyboard.press('Space');
    await form.getByLabel('Where to').fill('ftp://nowhere');
    await form.getByLabel('Limit').fill('99');
    await form.getByLabel('Title').fill('');
    await form.getByLabel('When').fill('61 3 * * *');
    await form.getByLabel('Code').fill('abc');
    await form.getByLabel('Token').fill('short');
    await save.click();
    for (const words of [
      ...refused,
      'This is required.',
      'Must be an address that begins with https:// or http://.',
      'Needs at least 8 characters.',
    ])
      await expect(form.getByText(words, { exact: true })).toBeVisible();
    await expect(form.getByLabel('Title')).toBeFocused();
    expect(saves).toBe(0);
    // The panel would say the same.
    const answer = await admin.put('/api/admin/plugins/showcase/settings', {
      values: { code: 'abc', limit: 99, when: '61 3 * * *' },
    });
    expect(answer.body.error.details.map(({ message }: { message: string }) => message)).toEqual(refused);
  });

  await test.step('what is mended is no longer named', async () => {
    await form.getByLabel('Code').fill('ABC');
    await expect(form.getByText(refused[0]!, { exact: true })).toHaveCount(0);
    await form.getByLabel('Where to').fill('https://shop.example/hook');
    await form.getByLabel('Limit').fill('7');
    await form.getByLabel('Title').fill('Corner shop');
    await form.getByLabel('When').fill('30 4 * * 1');
    await form.getByLabel('Token').fill('MARKER-token-value');
    await expect(form.locator('.so-invalid')).toHaveCount(0);
  });

  await test.step('a pattern that takes for ever freezes neither the page nor the panel', async () => {
    await form.getByLabel('Serial').fill(`${'a'.repeat(60)}!`);
    await save.click();
    await expect(form.getByText('Must match (a+)+b.', { exact: true })).toBeVisible();
    expect(saves).toBe(1);
    // The browser's own word on the refused values.
    faults.length = 0;
    await form.getByLabel('Serial').fill('');
  });

  await form.getByLabel('Greeting').fill('Hello\nthere');
  await form.getByRole('combobox', { name: 'Plan' }).click();
  await form.getByRole('option', { name: 'Large one' }).click();
  await form.locator('wa-color-picker [part~="trigger"]').click();
  await form.locator('wa-color-picker').getByRole('textbox').fill('rgb(17, 34, 51)');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Overview', exact: true }).last().click();
  await expect(page.getByText('Leave without saving?')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await save.click();
  await expect(page.getByText('The settings were saved.')).toBeVisible();
  const values = {
    title: 'Corner shop',
    code: 'ABC',
    greeting: 'Hello\nthere',
    token: { set: true },
    limit: 7,
    notify: true,
    target: 'https://shop.example/hook',
    plan: 'large',
    accent: '#112233',
    when: '30 4 * * 1',
  };
  expect(await saved()).toMatchObject(values);
  await expect(form.getByLabel('Token')).toHaveValue('');
  expect(await page.content()).not.toContain('MARKER');

  await test.step('a secret is replaced and removed, and a field goes with what it hangs on', async () => {
    expect((await admin.activate('showcase')).status).toBe(200);
    const tell = page.getByRole('button', { name: 'Test', exact: true });
    await tell.click();
    await expect(page.getByText('The shop “Corner shop” answers to •••.')).toBeVisible();
    const sent = page.waitForRequest((request) => request.method() === 'PUT');
    await form.getByLabel('Token').fill('MARKER-another');
    await form.getByRole('switch', { name: 'Notify somebody' }).focus();
    await page.keyboard.press('Space');
    await expect(form.getByLabel('Where to')).toHaveCount(0);
    await save.click();
    expect((await sent).postDataJSON()).toEqual({
      values: { token: 'MARKER-another', notify: false },
      seen: { token: { set: true }, notify: true },
    });
    await expect(form.getByText('Not saved yet')).toHaveCount(0);
    await form.getByRole('button', { name: 'Remove' }).click();
    await expect(form.getByText('Will be removed when you save.')).toBeVisible();
    await save.click();
    await expect.poll(saved).toMatchObject({ ...values, token: { set: false }, notify: false });
    await tell.click();
    await expect(page.getByText('There is no token yet.')).toBeVisible();
  });

  await form.getByRole('button', { name: 'Reset to defaults' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByText('The settings are as they were at first.')).toBeVisible();
  expect(await saved()).toMatchObject({ title: 'Shop', limit: 5, plan: 'small', accent: '#3366ff', target: null });
  expect(faults).toEqual([]);
});

test('what a plugin refuses or breaks names it with its version, and leads an admin to its page', async ({
  page,
  browser,
}) => {
  expect((await admin.activate('showcase')).status).toBe(200);
  const guest = new Client(panel);
  await guest.post('/api/auth/login', USER);
  const toAdmin = /Open (it|Showcase) in the admin area/;
  const start = (target: Page): Promise<void> => target.getByRole('button', { name: 'Start' }).click();
  const named = 'This came from the plugin “Showcase 1.2.0”.';

  const blamed = async (target: Page, mine: Client, isAdmin: boolean): Promise<void> => {
    const says = async (...words: string[]): Promise<void> => {
      const place = target.getByRole('alert').filter({ hasText: words[0]! });
      for (const text of words) await expect(place).toContainText(text);
      await expect(place.getByRole('link', { name: toAdmin })).toHaveCount(isAdmin ? 1 : 0);
    };
    await target.goto(`${panel.url}/servers/new`);
    await target.getByText('Node.js app').first().click();
    await target.getByLabel('Name', { exact: true }).fill('forbidden');
    await target.getByRole('button', { name: 'Create the server' }).click();
    await says('This name is taken by the shop.', named);
    const { id } = (await mine.post('/api/servers', { name: 'unpaid', template: 'nodejs' })).body;
    await target.goto(`${panel.url}/servers/${id}`);
    await start(target);
    await says('This server is not paid for.', named);
    await target.goto(`${panel.url}/showcase/closed`);
    await says('Showcase 1.2.0 failed', 'the shop is closed');
    await target.goto(`${panel.url}/`);
    await says('Showcase 1.2.0 failed: the till is stuck');
  };

  const other = await browser.newContext();
  await logIn(other, panel, USER);
  await blamed(await other.newPage(), guest, false);
  await other.close();
  await blamed(page, admin, true);
  await page.getByRole('link', { name: toAdmin }).click();
  await expect(page).toHaveURL(/\/admin\/plugins\/showcase$/);
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText('The plugin is inactive.')).toBeVisible();
  expect((await admin.get('/api/plugins/showcase/broken')).status).toBe(404);
});

test('an update shows what it changes before it is agreed to; what was never used is taken back', async ({ page }) => {
  await admin.activate('showcase');
  const manifest = JSON.parse(await readFile(path.join(SHOWCASE, 'plugin.json'), 'utf8'));
  await panel.drop('showcase', {
    'plugin.json': { ...manifest, version: '2.0.0', permissions: [...manifest.permissions, 'users:read'] },
    'CHANGELOG.md': '# Changelog\n\n## 2.0.0\n\n- Knows your users\n\n## 1.2.0\n\n- Webhooks\n',
  });
  await open(page, '/showcase');
  const update = page.locator('sodium-plugin-update');
  await expect(update.getByRole('heading', { name: 'Update: 1.2.0 to 2.0.0' })).toBeVisible();
  await expect(update.getByText('See all users')).toBeVisible();
  await expect(update.getByText('Knows your users')).toBeVisible();
  await expect(update.getByText('Webhooks')).toHaveCount(0);
  await expect(update.getByText('Files: 2 changed, 0 new, 0 gone')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Update to 2.0.0' }).click();
  const question = page.locator('wa-dialog[open]');
  await expect(question.getByText('Showcase 2.0.0 by Ann Author asks to:')).toBeVisible();
  await expect(question.getByRole('listitem').first()).toContainText(/See all users\s+new/);
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Permissions', exact: true }).click();
  const takeBack = page.getByRole('button', { name: 'Take back what it never used' });
  await expect(takeBack).toBeVisible();
  // What a user sees of it meanwhile is used too, although no code of its backend ran for that.
  const user = await page.context().newPage();
  await user.goto(`${panel.url}/showcase`);
  const permissions = async () => (await admin.get('/api/admin/plugins/showcase')).body.permissions;
  await expect.poll(async () => Object.keys((await permissions()).receipts)).toEqual(expect.arrayContaining(['ui:pages', 'ui:sidebar'])); // prettier-ignore
  await user.close();
  await takeBack.click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Take back' }).click();
  await expect.poll(async () => (await permissions()).revoked).toContain('webhooks:send');
  expect((await permissions()).revoked).not.toEqual(expect.arrayContaining(['ui:pages']));
  expect((await permissions()).revoked).not.toEqual(expect.arrayContaining(['ui:sidebar']));

  await page.getByRole('link', { name: 'Overview', exact: true }).last().click();
  await update.getByRole('button', { name: 'Discard this version' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('Version 2.0.0 was discarded.')).toBeVisible();
  await expect(update).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Update to 2.0.0' })).toHaveCount(0);
  const now = (await admin.get('/api/admin/plugins/showcase')).body;
  expect([now.version, now.state, now.update]).toEqual(['1.2.0', 'active', undefined]);
});

test('over plain HTTP and a network name the admin area says what is less safe there', async () => {
  const browser = await chromium.launch({
    executablePath: process.env.SODIUM_CHROMIUM,
    args: ['--no-sandbox', '--host-resolver-rules=MAP panel.test 127.0.0.1'],
  });
  try {
    const page = await browser.newPage();
    const named = panel.url.replace('127.0.0.1', 'panel.test');
    await page.goto(`${named}/login`);
    const status = await page.evaluate(
      async (body) =>
        (
          await fetch('/api/auth/login', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          })
        ).status,
      ADMIN,
    );
    expect(status).toBe(200);
    for (const address of ['/admin', '/admin/plugins']) {
      await page.goto(named + address);
      await expect(page.getByText('This connection is not encrypted')).toBeVisible();
    }
    await expect(page.getByRole('link', { name: 'Put the panel behind HTTPS' })).toHaveAttribute(
      'href',
      '/docs/operate/reverse-proxy',
    );
  } finally {
    await browser.close();
  }
});

test('when another admin is faster, the page says what is now', async ({ page }) => {
  await panel.drop('shared', {
    'plugin.json': {
      id: 'shared',
      name: 'Shared',
      version: '1.0.0',
      type: 'feature',
      sodium: '>=1.0.0',
      settings: { note: { type: 'string', label: 'Note' } },
    },
    'server.js': 'export default () => {};',
  });
  await open(page, '/shared?tab=settings');
  await page.getByLabel('Note').fill('mine');
  await admin.activate('shared');
  await expect(page.getByRole('button', { name: 'Deactivate' })).toBeVisible();
  // What was typed is still there.
  await expect(page.getByLabel('Note')).toHaveValue('mine');
  await admin.put('/api/admin/plugins/shared/settings', { values: { note: 'theirs' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Somebody else made it “theirs” meanwhile.')).toBeVisible();
  const note = async (): Promise<string> => (await admin.get('/api/admin/plugins/shared/settings')).body.values.note;
  expect(await note()).toBe('theirs');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(note).toBe('mine');
  expect((await admin.delete('/api/admin/plugins/shared?data=delete')).status).toBe(204);
  await expect(page.getByRole('heading', { name: 'There is no plugin “shared”' })).toBeVisible();
});

test('nothing that axe finds, light or dark, and nothing wider than a phone', async ({ page }) => {
  test.setTimeout(120_000);
  for (const address of [
    '',
    '?q=nothing-like-it',
    '/showcase',
    '/showcase?tab=permissions',
    '/showcase?tab=settings',
    '/showcase?tab=files',
    '/wreck',
  ]) {
    await open(page, address);
    await expectAccessible(page, address);
  }
});
