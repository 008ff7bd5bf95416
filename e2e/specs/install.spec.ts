import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
});
test.afterAll(() => panel.dispose());

const PERMISSIONS = ['http:routes', 'db:own'];
const SERVER = `export default (sodium) => {
  sodium.db.registerCollections(['notes']);
  sodium.http.registerRoutes((r) => {
    r.post('/', (req, res) => res.json(sodium.db.insert('notes', { text: 'x' })));
    r.get('/', (req, res) => res.json({ version: sodium.meta.version, count: sodium.db.count('notes') }));
  });
};`;

function packed(
  version: string,
  files: Record<string, string> = {},
): { name: string; mimeType: string; buffer: Buffer } {
  const manifest = {
    id: 'notes',
    name: 'Notes',
    version,
    type: 'feature',
    sodium: '>=1.0.0',
    permissions: PERMISSIONS,
  };
  const all = { 'plugin.json': JSON.stringify(manifest), 'server.js': SERVER, ...files };
  const zip = zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, strToU8(text)])));
  return { name: `notes-${version}.zip`, mimeType: 'application/zip', buffer: Buffer.from(zip) };
}

const upload = async (page: Page, file: ReturnType<typeof packed>): Promise<void> => {
  await page.goto(`${panel.url}/admin/plugins`);
  await page.locator('sodium-plugin-upload input[type=file]').setInputFiles(file);
};
const state = async (): Promise<unknown> => (await admin.get('/api/plugins/notes/')).body;

test('an admin installs, updates, rolls back and removes a plugin, and takes permissions back', async ({
  page,
  context,
}) => {
  await logIn(context, panel);
  const faults = faultsOf(page);

  await test.step('a package that is not sound is refused with what to do', async () => {
    await upload(page, packed('1.0.0', { 'server.js': 'import fs from "node:fs"; export default () => {};' }));
    await expect(page.locator('sodium-plugin-upload')).toContainText('server.js:1:1: cannot import "node:fs"');
    expect((await admin.get('/api/admin/plugins/notes')).status).toBe(404);
    // The browser's own word on the refused upload.
    faults.length = 0;
  });

  await test.step('a sound one leads to its page, inactive', async () => {
    await page.locator('sodium-plugin-upload input[type=file]').setInputFiles(packed('1.0.0'));
    await expect(page).toHaveURL(/\/admin\/plugins\/notes$/);
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('button', { name: 'Allow and activate' }).click();
    await expect(page.getByText('The plugin is active.')).toBeVisible();
    await admin.post('/api/plugins/notes/');
    expect(await state()).toEqual({ version: '1.0.0', count: 1 });
  });

  await test.step('an update, and back again with the data', async () => {
    await upload(page, packed('2.0.0'));
    await expect(page.getByText(/Version 2\.0\.0 of .+ is offered as an update\./)).toBeVisible();
    await page.getByRole('button', { name: 'Update to 2.0.0' }).click();
    await page.getByRole('button', { name: 'Allow and update' }).click();
    await expect(page.getByText('Version 2.0.0 is active.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Back to 1.0.0' })).toBeVisible();
    await admin.post('/api/plugins/notes/');
    expect(await state()).toEqual({ version: '2.0.0', count: 2 });
    await page.getByRole('button', { name: 'Back to 1.0.0' }).click();
    await page.getByRole('button', { name: 'Bring back' }).click();
    await expect(page.getByText('Version 1.0.0 is active.')).toBeVisible();
    expect(await state()).toEqual({ version: '1.0.0', count: 1 });
  });

  await test.step('a permission is taken back and given back', async () => {
    await page.getByRole('link', { name: 'Permissions', exact: true }).click();
    const routes = page.getByRole('switch', { name: 'Allow http:routes' });
    const control = page.locator('wa-switch').filter({ hasText: 'Allow http:routes' });
    await expect(routes).toBeChecked();
    await control.click();
    await expect.poll(async () => (await admin.get('/api/plugins/notes/')).status).toBe(403);
    // The answer of the panel that was just asked for.
    await expect(routes).not.toBeChecked();
    await expect(routes).toBeEnabled();
    await control.click();
    await expect.poll(async () => (await admin.get('/api/plugins/notes/')).status).toBe(200);
  });

  expect(faults).toEqual([]);

  await test.step('its data is exported, then it is removed with everything', async () => {
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.locator('sodium-remove-dialog');
    await expect(dialog).toContainText('of earlier versions');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export the data first' }).click(),
    ]);
    expect(Object.keys(unzipSync(new Uint8Array(await readFile(await download.path()))))).toContain(
      'collections/notes.json',
    );
    await dialog.getByRole('radio', { name: /Delete the data/ }).check();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(page).toHaveURL(/\/admin\/plugins$/);
    expect((await admin.get('/api/admin/plugins/notes/data')).status).toBe(404);
  });
});
