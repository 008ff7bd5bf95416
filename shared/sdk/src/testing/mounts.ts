import type { Browser, BrowserContext, Locator, Page } from 'playwright';
import type { HostedPlugin } from './host-types.js';
import type { MountedContribution, MountOptions, MountPlace } from './mount-types.js';
import { acquireBrowser, releaseBrowser } from './shared-browser.js';

const VIEWPORTS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const READY_MS = 20_000;

/** The contributions of one plugin that tests have on screen. */
export class Mounts {
  readonly #open = new Set<MountedContribution>();
  #browser: Promise<Browser> | null = null;

  constructor(private readonly plugin: HostedPlugin) {}

  readonly mount = async (place: MountPlace, options: MountOptions = {}): Promise<MountedContribution> => {
    const { facts, url } = this.plugin;
    this.#browser ??= acquireBrowser();
    const context = await newContext(await this.#browser, options);
    const page = await context.newPage();
    const mounted: MountedContribution = {
      page,
      root: rootOf(page, this.plugin.id, place),
      errors: errorsOf(page),
      dispose: async () => {
        this.#open.delete(mounted);
        await context.close();
      },
      [Symbol.asyncDispose]: () => mounted.dispose(),
    };
    this.#open.add(mounted);
    const user = options.user ?? ('adminTab' in place ? facts.firstAdmin() : facts.firstUser());
    await context.addCookies([{ ...(await facts.cookie(user)), url }]);
    await page.goto(url + addressOf(place, this.plugin));
    await shown(mounted, place);
    return mounted;
  };

  async dispose(): Promise<void> {
    await Promise.all([...this.#open].map((mounted) => mounted.dispose()));
    if (this.#browser) await releaseBrowser();
    this.#browser = null;
  }
}

function newContext(
  browser: Browser,
  { theme = 'light', viewport = 'desktop' }: MountOptions,
): Promise<BrowserContext> {
  return browser.newContext({
    colorScheme: theme,
    locale: 'en-US',
    viewport: typeof viewport === 'string' ? VIEWPORTS[viewport] : viewport,
  });
}

function addressOf(place: MountPlace, { id, facts }: HostedPlugin): string {
  if ('page' in place) return place.page;
  if ('widget' in place) return '/';
  if ('tab' in place) return `/servers/${encodeURIComponent(place.server ?? facts.firstServer())}/${id}.${place.tab}`;
  return `/admin/plugins/${id}?tab=${encodeURIComponent(place.adminTab)}`;
}

function rootOf(page: Page, plugin: string, place: MountPlace): Locator {
  if ('page' in place) return page.locator(`sodium-contribution[data-contribution^="${plugin}/page/"]`);
  if ('widget' in place)
    return page.locator(`sodium-contribution[data-contribution="${plugin}/widget/${place.widget}"]`);
  if ('tab' in place) return page.locator(`sodium-contribution[data-contribution="${plugin}/tab/${place.tab}"]`);
  return page
    .frameLocator('iframe.so-plugin-frame')
    .locator(`sodium-contribution[data-contribution="${plugin}/adminTab/${place.adminTab}"]`);
}

/** Waits until the contribution is there. */
async function shown({ root, page, errors, dispose }: MountedContribution, place: MountPlace): Promise<void> {
  const what = JSON.stringify(place);
  try {
    await root.waitFor({ state: 'attached', timeout: READY_MS });
    await root.scrollIntoViewIfNeeded();
    const settled = root.locator('xpath=self::*[@data-state="mounted" or @data-state="failed"]');
    await settled.waitFor({ state: 'attached', timeout: READY_MS });
  } catch (error) {
    const seen = [`The contribution ${what} did not appear at ${page.url()}.`, ...errors].join('\n');
    await dispose();
    throw new Error(seen, { cause: error });
  }
  if ((await root.getAttribute('data-state')) !== 'failed') return;
  const card = await root.locator('[part="error"] .error-title').textContent();
  await dispose();
  throw new Error(`The contribution ${what} failed: ${card?.trim()}`);
}

function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}
