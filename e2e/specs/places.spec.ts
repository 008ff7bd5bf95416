import { expect, test, type Page } from '@playwright/test';
import { axeFinds } from '../support/axe.js';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

const BOB = { username: 'bob', email: 'bob@example.com', password: 'correct horse battery' };

const MANIFEST = {
  id: 'places',
  name: 'Places',
  version: '1.0.0',
  type: 'feature',
  sodium: '>=1.0.0',
  permissions: ['ui:pages', 'ui:sidebar', 'servers:read'],
  contributes: {
    pages: [
      { path: '/places', title: 'All places' },
      { path: '/places/:id', title: 'One place' },
      { path: '/places/:id/rooms/:room', title: 'A room' },
      { path: '/places/new', title: 'New place' },
      { path: '/places/keys', title: 'Keys', admin: true },
    ],
    sidebar: [
      { label: 'Places', href: '/places', group: 'Estate', element: true },
      { label: 'Keys', href: '/places/keys', group: 'Estate' },
      { label: 'Newest place', href: '/places/new', position: 'first' },
    ],
    tabs: [{ id: 'watch', label: 'Watch' }],
  },
};

const CLIENT = `export default (sodium) => {
  const { html, LitElement } = sodium.lit;
  const said = (text) => () => html\`<p>\${text}</p>\`;
  sodium.ui.registerPages({
    '/places': { title: 'All places', render: () => html\`<h2>Places</h2><a href="/places/7?from=list">The seventh</a>\` },
    '/places/:id': { title: 'One place', render: ({ params, query }) =>
      html\`<p>Place \${params.id} from \${query.from ?? 'nowhere'}</p><a href="/places/\${params.id}/rooms/blue%20one">Room</a>\` },
    '/places/:id/rooms/:room': { title: 'The room of a place', render: ({ params }) => html\`<p>Room \${params.room} of \${params.id}</p>\` },
    '/places/new': { title: 'New place', render: said('A new one') },
    '/places/keys': { title: 'Keys', admin: true, render: said('The keys of all places') },
  });
  class Watch extends LitElement {
    static properties = { live: {}, serverId: {}, heard: { state: true } };
    connectedCallback() {
      super.connectedCallback();
      this.heard = [];
      this.leave = this.live.subscribe(({ server }) => {
        if (this.heard.at(-1) !== server.state) this.heard = [...this.heard, server.state];
      });
    }
    disconnectedCallback() { super.disconnectedCallback(); this.leave(); }
    render() { return html\`<p>\${this.serverId} is \${this.live.server.state}</p><p>heard: \${this.heard.join(' ')}</p>\`; }
  }
  class Meter extends LitElement {
    static properties = { count: { state: true } };
    constructor() { super(); this.count = 3; }
    render() { return html\`<button @click=\${() => (this.count += 1)}>\${this.count} free</button>\`; }
  }
  class Torn extends LitElement {
    render() { throw new Error('the meter is torn'); }
  }
  sodium.ui.addSidebarItem({ label: 'Places', href: '/places', element: Meter });
  sodium.ui.addSidebarItem({ label: 'Keys', href: '/places/keys', element: Torn });
  sodium.ui.addServerTab({ id: 'watch', label: 'Watch', element: Watch });
};`;

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  expect((await new Client(panel).post('/api/auth/register', BOB)).status).toBe(201);
  await panel.drop('places', { 'plugin.json': MANIFEST, 'client.js': CLIENT });
  expect((await admin.activate('places')).status).toBe(200);
});
test.afterAll(() => panel.dispose());

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Panel' });

test('pages lie within each other, with params, queries and titles of their own', async ({ page, context }) => {
  await logIn(context, panel, BOB);
  const faults = faultsOf(page);
  await page.goto(`${panel.url}/places`);
  await expect(page.getByRole('heading', { name: 'Places', exact: true })).toBeVisible();
  await expect(page).toHaveTitle('All places · Sodium');
  await page.getByRole('link', { name: 'The seventh' }).click();
  await expect(page.getByText('Place 7 from list')).toBeVisible();
  await expect(page).toHaveTitle('One place · Sodium');
  await page.getByRole('link', { name: 'Room' }).click();
  await expect(page.getByText('Room blue one of 7')).toBeVisible();
  // What the code says wins over what the manifest declares.
  await expect(page).toHaveTitle('The room of a place · Sodium');
  await page.goBack();
  await expect(page.getByText('Place 7 from list')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Place 7 from list')).toBeVisible();
  await page.goto(`${panel.url}/places/new`);
  await expect(page.getByText('A new one')).toBeVisible();
  expect(faults).toEqual([]);
});

test('a page for admins is a page that others do not have', async ({ page, context }) => {
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/places`);
  await expect(sidebar(page).getByRole('link', { name: 'Newest place' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Places', exact: true })).toBeVisible();
  await expect(sidebar(page).getByRole('link', { name: 'Keys' })).toHaveCount(0);
  // Nor is it "/places/:id" with the id "keys".
  await page.goto(`${panel.url}/places/keys`);
  await expect(page.getByText('There is nothing at this address')).toBeVisible();
  await expect(page).toHaveTitle('Not found · Sodium');

  await context.clearCookies();
  await logIn(context, panel);
  await page.goto(`${panel.url}/places`);
  await sidebar(page).getByRole('link', { name: 'Keys' }).click();
  await expect(page.getByText('The keys of all places')).toBeVisible();
});

test('the sidebar has groups, marks where one is, and keeps its order once the code has run', async ({
  page,
  context,
}) => {
  await logIn(context, panel);
  await page.goto(`${panel.url}/servers`);
  const links = () => sidebar(page).getByRole('listitem').allInnerTexts();
  const order = ['Newest place', 'Dashboard', 'Servers', 'Places', 'Keys'];
  await expect.poll(links).toEqual(order);
  const group = sidebar(page).getByRole('list').nth(1);
  await expect(sidebar(page).getByRole('heading', { name: 'Estate' })).toBeVisible();
  await expect(group.getByRole('listitem')).toHaveText([/Places/, /Keys/]);
  await group.getByRole('link', { name: 'Places' }).click();
  await expect(page.getByRole('heading', { name: 'Places', exact: true })).toBeVisible();
  await expect(group.getByRole('link', { name: 'Places' })).toHaveAttribute('aria-current', 'page');
  await expect.poll(links).toEqual(order);
});

test('a sidebar item has its own element beside its link, and a sign where that fails', async ({ page, context }) => {
  await logIn(context, panel);
  await page.goto(`${panel.url}/servers`);
  const meter = sidebar(page).getByRole('button', { name: '3 free' });
  await meter.click();
  await expect(sidebar(page).getByRole('button', { name: '4 free' })).toBeVisible();
  await expect(page).toHaveURL(`${panel.url}/servers`);
  await expect(sidebar(page).getByRole('img', { name: 'Places 1.0.0 failed: the meter is torn' })).toBeVisible();
  await sidebar(page).getByRole('link', { name: 'Places', exact: true }).click();
  await expect(page).toHaveURL(`${panel.url}/places`);
  await expect(sidebar(page).getByRole('button', { name: '4 free' })).toBeVisible();
  expect(await axeFinds(page)).toEqual([]);
});

test('a server tab follows its server without being made again', async ({ page, context }) => {
  await logIn(context, panel);
  const { id } = (await admin.post('/api/servers', { name: 'Web shop', template: 'nodejs' })).body;
  await expect.poll(async () => (await admin.get(`/api/servers/${id}`)).body.state).toBe('offline');
  await page.goto(`${panel.url}/servers/${id}`);
  await page.getByRole('link', { name: 'Watch' }).click();
  await expect(page.getByText(`${id} is offline`)).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText(`${id} is running`)).toBeVisible({ timeout: 20_000 });
  await admin.post(`/api/servers/${id}/power`, { action: 'stop' });
  await expect(page.getByText(`${id} is offline`)).toBeVisible({ timeout: 20_000 });
  // One element heard all of it.
  await expect(page.getByText(/heard: starting running stopping offline/)).toBeVisible();
});
