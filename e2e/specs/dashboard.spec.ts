import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';
import { dropWidgets } from '../support/widgets.js';

// Tall enough that what is dragged and where to are in view together.
test.use({ viewport: { width: 1280, height: 1200 } });

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  await dropWidgets(panel, 'trio', { Alpha: 'small', Beta: 'medium', Gamma: 'large' });
  expect((await admin.activate('trio')).status).toBe(200);
});
test.afterAll(() => panel.dispose());
test.beforeEach(async ({ context }) => {
  await admin.put('/api/account/dashboard', { items: [] });
  await logIn(context, panel);
});

const cards = (page: Page): Locator => page.locator('sodium-widget-card');
const order = (page: Page) => expect.poll(() => cards(page).locator('h2').allInnerTexts());
const handle = (page: Page, title: string): Locator => page.getByRole('button', { name: `Move ${title}`, exact: true });
const said = (page: Page): Locator => page.locator('sodium-dashboard-widgets [role=status]');
const kept = async (): Promise<{ key: string; size?: string; hidden?: boolean }[]> =>
  (await admin.get('/api/account/dashboard')).body.items;
const keyOf = (name: string): string => `trio/widget/${name}`;

async function open(page: Page, arrange = true): Promise<void> {
  await page.goto(`${panel.url}/`);
  // What is far below the screen, as on a phone, is not loaded before it comes near.
  if (arrange) await cards(page).filter({ hasText: 'Gamma' }).scrollIntoViewIfNeeded();
  await expect(page.getByText('Gamma made 1')).toBeAttached();
  if (arrange) await page.getByRole('button', { name: 'Arrange widgets' }).click();
}

/** Grabs a widget's handle and leads the pointer, in steps, to the middle of another. */
async function drag(page: Page, from: string, to: string): Promise<void> {
  const grip = (await handle(page, from).boundingBox())!;
  const goal = (await cards(page).filter({ hasText: to }).boundingBox())!;
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
  await page.mouse.down();
  await page.mouse.move(goal.x + goal.width / 2, goal.y + goal.height / 2, { steps: 12 });
}

test('by keyboard: arrows move a widget, the focus stays, a voice says where it is, and the plugin’s view lives on', async ({
  page,
}) => {
  const faults = faultsOf(page);
  await open(page);
  await expect(handle(page, 'Alpha')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await order(page).toEqual(['Beta', 'Alpha', 'Gamma']);
  await expect(said(page)).toHaveText('Alpha is at place 2 of 3.');
  await expect(handle(page, 'Alpha')).toBeFocused();
  await page.keyboard.press('End');
  await order(page).toEqual(['Beta', 'Gamma', 'Alpha']);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await order(page).toEqual(['Alpha', 'Beta', 'Gamma']);
  await page.keyboard.press('ArrowDown');
  await order(page).toEqual(['Beta', 'Alpha', 'Gamma']);
  await expect(handle(page, 'Alpha')).toBeFocused();
  for (const name of ['Alpha made 1 small', 'Beta made 1 medium', 'Gamma made 1 large'])
    await expect(page.getByText(name)).toBeAttached();
  await expect(page.getByText('has left')).toHaveCount(0);

  await page.getByRole('button', { name: 'Done' }).click();
  await expect(handle(page, 'Alpha')).toHaveCount(0);
  await page.reload();
  await order(page).toEqual(['Beta', 'Alpha', 'Gamma']);
  expect((await kept()).map(({ key }) => key)).toEqual(['beta', 'alpha', 'gamma'].map(keyOf));
  expect(faults).toEqual([]);
});

test('by mouse: a widget follows the pointer and stays where it is dropped', async ({ page }) => {
  await open(page);
  await drag(page, 'Alpha', 'Beta');
  await expect(page.locator('.so-widget-dragged')).toHaveCount(1);
  await page.mouse.up();
  await order(page).toEqual(['Beta', 'Alpha', 'Gamma']);
  await expect(page.locator('.so-widget-dragged')).toHaveCount(0);
  await drag(page, 'Gamma', 'Beta');
  await page.mouse.up();
  await order(page).toEqual(['Gamma', 'Beta', 'Alpha']);
  await expect(page.getByText('Gamma made 1')).toBeAttached();
  await expect.poll(async () => (await kept()).map(({ key }) => key)).toEqual(['gamma', 'beta', 'alpha'].map(keyOf));
});

test('with reduced motion too, a widget stays under the pointer at every step', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  const grip = (await handle(page, 'Gamma').boundingBox())!;
  const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const step of [20, 40, 60, 80]) {
    await page.mouse.move(x + step, y - step);
    await expect
      .poll(async () => {
        const { left, top } = await handle(page, 'Gamma').evaluate((element) => element.getBoundingClientRect());
        return [Math.round(left - grip.x), Math.round(top - grip.y)];
      })
      .toEqual([step, -step]);
  }
  await page.mouse.up();
});

test('by mouse: Escape puts a widget back', async ({ page }) => {
  await open(page);
  await drag(page, 'Alpha', 'Gamma');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await order(page).toEqual(['Alpha', 'Beta', 'Gamma']);
  await expect(page.locator('.so-widget-dragged')).toHaveCount(0);
  expect(await kept()).toEqual([]);
});

test('sizes, hiding and showing are kept; reset forgets them', async ({ page }) => {
  await open(page);
  await page.getByRole('group', { name: 'Size of Alpha' }).getByRole('button', { name: 'Large' }).click();
  await expect(said(page)).toHaveText('Alpha is large now.');
  await expect(page.getByText(/^Alpha made \d+ large$/)).toBeAttached();
  await page.getByRole('button', { name: 'Hide Beta' }).click();
  await order(page).toEqual(['Alpha', 'Gamma']);
  await expect(handle(page, 'Gamma')).toBeFocused();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await order(page).toEqual(['Alpha', 'Gamma']);
  const widths = await cards(page).evaluateAll((all) =>
    all.map((card) => Math.round(card.getBoundingClientRect().width)),
  );
  expect(widths[0]).toBe(widths[1]);

  await page.getByRole('button', { name: 'Arrange widgets' }).click();
  await page.getByRole('button', { name: 'Show Beta' }).click();
  await order(page).toEqual(['Alpha', 'Beta', 'Gamma']);
  await expect(handle(page, 'Beta')).toBeFocused();
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Reset' }).click();
  await expect.poll(kept).toEqual([]);
  await expect(page.getByText(/^Alpha made \d+ small$/)).toBeAttached();
});

test('all hidden: the way back stays', async ({ page }) => {
  await admin.put('/api/account/dashboard', {
    items: ['alpha', 'beta', 'gamma'].map((name) => ({ key: keyOf(name), hidden: true })),
  });
  await page.goto(`${panel.url}/`);
  await page.getByRole('button', { name: 'Arrange widgets' }).click();
  await page.getByRole('button', { name: 'Show Gamma' }).click();
  await order(page).toEqual(['Gamma']);
});

test('new widgets come last, and one whose plugin was away finds its place again', async ({ page }) => {
  await admin.put('/api/account/dashboard', {
    items: [{ key: keyOf('gamma') }, { key: 'late/widget/delta', size: 'large' }, { key: keyOf('alpha') }],
  });
  await open(page);
  await order(page).toEqual(['Gamma', 'Alpha', 'Beta']);
  await handle(page, 'Alpha').press('ArrowLeft');
  await dropWidgets(panel, 'late', { Delta: 'small' });
  expect((await admin.activate('late')).status).toBe(200);
  await order(page).toEqual(['Alpha', 'Delta', 'Gamma', 'Beta']);
  await expect(page.getByText('Delta made 1 large')).toBeAttached();
  await admin.post('/api/admin/plugins/late/deactivate');
  await order(page).toEqual(['Alpha', 'Gamma', 'Beta']);
});

test('a widget that arrives moves nothing on the page', async ({ page }) => {
  await admin.put('/api/account/dashboard', {
    items: [{ key: keyOf('gamma') }, { key: keyOf('beta'), size: 'small' }, { key: keyOf('alpha') }],
  });
  await page.addInitScript(() => {
    const shifts: { value: number; moved: (string | undefined)[] }[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { value: number; sources: { node: Element | null }[] }[]) {
        shifts.push({ value: entry.value, moved: entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)) });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await open(page, false);
  await page.waitForLoadState('networkidle');
  const shifts = await page.evaluate(
    () => (window as unknown as { shifts: { value: number; moved: string[] }[] }).shifts,
  );
  expect(shifts.filter(({ moved }) => moved.some((node) => /widget/.test(node ?? '')))).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('by touch: a widget is moved by its handle, in one column', async ({ page }) => {
    await open(page);
    const lefts = await cards(page).evaluateAll((all) =>
      all.map((card) => Math.round(card.getBoundingClientRect().left)),
    );
    expect(new Set(lefts).size).toBe(1);
    await cards(page)
      .nth(1)
      .evaluate((card) => card.scrollIntoView({ block: 'center', behavior: 'instant' }));
    const grip = (await handle(page, 'Alpha').boundingBox())!;
    const goal = (await cards(page).filter({ hasText: 'Beta' }).boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const at = (x: number, y: number) => ({ touchPoints: [{ x, y }] });
    const from = { x: grip.x + grip.width / 2, y: grip.y + grip.height / 2 };
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from.x, from.y) });
    for (let step = 1; step <= 12; step += 1) {
      await session.send('Input.dispatchTouchEvent', {
        type: 'touchMove',
        ...at(from.x, from.y + ((goal.y + goal.height / 2 - from.y) * step) / 12),
      });
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await order(page).toEqual(['Beta', 'Alpha', 'Gamma']);
    await expect.poll(async () => (await kept()).map(({ key }) => key)).toEqual(['beta', 'alpha', 'gamma'].map(keyOf));
  });

  test('nothing is wider than the screen while arranging', async ({ page }) => {
    await open(page);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
  });
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing while arranging (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await admin.put('/api/account/dashboard', { items: [{ key: keyOf('beta'), hidden: true }] });
    await open(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(
        (found) =>
          `${found.id}: ${found.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join(', ')}`,
      ),
    ).toEqual([]);
  });
}
