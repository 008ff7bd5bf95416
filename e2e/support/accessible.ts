import { expect, type Page } from '@playwright/test';
import { animationsEnd } from './animations.js';
import { axeFinds } from './axe.js';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

/** Waits until a page shows what it is about, and nothing moves. One that follows a log is never done with the network. */
export async function settled(page: Page): Promise<void> {
  const follows = (await page.getByRole('log').count()) > 0;
  await page.waitForLoadState(follows ? 'load' : 'networkidle');
  await expect(page.locator('h1').first()).toBeAttached();
  await expect(page.locator('[aria-busy="true"], .so-skeleton')).toHaveCount(0);
  await animationsEnd(page);
}

/** Nothing that axe finds in a page, light or dark, and nothing of it wider than a phone. `what` names it where it fails. */
export async function expectAccessible(page: Page, what = page.url()): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveClass(colorScheme === 'dark' ? /wa-dark/ : /^(?!.*wa-dark)/);
    await settled(page);
    expect.soft(await axeFinds(page), `${what}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize(PHONE);
  // What measures its own place follows a moment after the window.
  const wider = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.soft.poll(wider, { message: `${what}, as wide as a phone` }).toBeLessThanOrEqual(0);
  await page.setViewportSize(DESKTOP);
}
