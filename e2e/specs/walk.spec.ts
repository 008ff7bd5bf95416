import { expect, test, type Page } from '@playwright/test';
import { Panel } from '../support/panel.js';

// The whole way once, as a person goes it: a new panel, a server, two plugins, a veto, and the power cut at the end.

const PASSWORD = 'correct horse battery';
let panel: Panel;

test.beforeAll(async () => {
  panel = await Panel.start();
});
test.afterAll(() => panel.dispose());

async function activate(page: Page, name: string): Promise<void> {
  await page.goto(`${panel.url}/admin/plugins`);
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Activate', exact: true }).click();
  await expect(page.getByText('runs with the rights of the user')).toBeVisible();
  await page.getByRole('button', { name: 'Allow and activate' }).click();
  await expect(page.getByText('The plugin is active.')).toBeVisible();
}

test('from an empty folder to plugins that work, and back after a power cut', async ({ page }) => {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[13]/.test(message.text())) faults.push(message.text());
  });

  await test.step('every address of a new panel leads to its setup', async () => {
    await page.goto(`${panel.url}/servers`);
    await expect(page).toHaveURL(/\/setup/);
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Email').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page).toHaveURL(`${panel.url}/`);
  });

  await test.step('a Node.js server starts and talks', async () => {
    await page.getByRole('link', { name: 'Servers', exact: true }).first().click();
    await page
      .getByRole('link', { name: /new server|create/i })
      .first()
      .click();
    await page.getByText('Node.js app').first().click();
    await page.getByLabel('Name', { exact: true }).fill('Web shop');
    await page.getByRole('button', { name: 'Create the server' }).click();
    await expect(page.getByRole('heading', { name: 'Web shop' })).toBeVisible();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByText('Running').first()).toBeVisible();
    await expect(page.locator('.xterm')).toContainText(/listen|ready|http/i);
  });
  const server = new URL(page.url()).pathname.split('/')[2]!;

  await test.step('two plugins are activated in the admin area', async () => {
    await activate(page, 'Hello');
    await activate(page, 'Server stats');
  });

  await test.step('page, item with badge, widget and tab appear', async () => {
    await page.goto(`${panel.url}/`);
    await expect(page.getByText('Fleet')).toBeVisible();
    await page.getByRole('link', { name: 'Hello' }).click();
    await expect(page).toHaveURL(`${panel.url}/hello`);
    await page.getByLabel(/greeting/i).fill('Good morning');
    await page.getByLabel(/greeting/i).press('Enter');
    await expect(page.getByText('Good morning')).toBeVisible();
    await expect(page.getByRole('navigation').getByRole('link', { name: /Hello/ })).toContainText('1');
    await page.goto(`${panel.url}/servers/${server}`);
    await page
      .getByRole('tab', { name: 'Stats' })
      .or(page.getByRole('link', { name: 'Stats', exact: true }).last())
      .click();
    await expect(page.getByText('CPU').first()).toBeVisible();
  });

  await test.step('Lit exists once on the page', async () => {
    expect(
      await page.evaluate(() => (globalThis as unknown as { litElementVersions: string[] }).litElementVersions.length),
    ).toBe(1);
  });

  await test.step('the veto is switched on, and refuses with its reason', async () => {
    await page.goto(`${panel.url}/admin/plugins/hello?tab=settings`);
    await page.getByRole('switch', { name: 'Nobody may create servers' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The settings were saved.')).toBeVisible();
    await page.goto(`${panel.url}/servers/new`);
    await page.getByText('Node.js app').first().click();
    await page.getByLabel('Name', { exact: true }).fill('One too many');
    await page.getByRole('button', { name: 'Create the server' }).click();
    await expect(page.getByText('New servers are paused for now.')).toBeVisible();
    await page.goto(`${panel.url}/servers`);
    await expect(page.getByText('Web shop').first()).toBeVisible();
    await expect(page.getByText('One too many')).toBeHidden();
  });
  expect(faults).toEqual([]);

  await test.step('after a power cut everything is there', async () => {
    const port = Number(new URL(panel.url).port);
    await panel.kill();
    panel = await Panel.start({ data: panel.data, port });
    await page.goto(`${panel.url}/hello`);
    await expect(page.getByText('Good morning')).toBeVisible();
    await page.goto(`${panel.url}/servers/${server}`);
    await expect(page.getByText('Running').first()).toBeVisible();
    await page.goto(`${panel.url}/admin/plugins/hello`);
    await expect(page.getByText('Active', { exact: true }).first()).toBeVisible();
  });
});
