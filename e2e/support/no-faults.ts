import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { animationsEnd } from './animations.js';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

/** What holds of every page, frames of plugins too: axe finds nothing, in light and dark, and it fits on a phone. */
export async function noFaults(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  const waiting = (): Promise<number[]> => Promise.all(page.frames().map((one) => one.getByText('Loading…').count()));
  await expect.poll(async () => (await waiting()).every((count) => count === 0), name).toBe(true);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await animationsEnd(page);
    // An admin tab is a document of its own with a main landmark of its own; axe counts those of both together.
    const axe = new AxeBuilder({ page }).disableRules('landmark-unique');
    // Nothing but colours differs between the two.
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize(PHONE);
  // Frames take their new size from their page, and the page its height from them.
  await expect.poll(() => stickingOut(page), { message: `${name} on a phone` }).toEqual([]);
  await page.setViewportSize(DESK);
}

/** What is wider than its document, with the first elements that make it so. */
async function stickingOut(page: Page): Promise<string[]> {
  const found = page.frames().map((frame) =>
    frame.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const wide = [...document.querySelectorAll('body *')].filter(
        (one) => one.getBoundingClientRect().right > clientWidth,
      );
      const names = wide.slice(0, 5).map(({ localName, className }) => `${localName}.${String(className)}`);
      return [`${scrollWidth - clientWidth} pixels too wide: ${names.join(', ')}`];
    }),
  );
  return (await Promise.all(found)).flat();
}
