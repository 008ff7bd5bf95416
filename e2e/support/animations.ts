import type { Page } from '@playwright/test';

/** Resolves when nothing of a page moves by itself any longer. What follows the scrolling stays for ever, and still. */
export async function animationsEnd(page: Page): Promise<void> {
  await page.evaluate(() => {
    const moving = document.getAnimations().filter(({ timeline }) => timeline === document.timeline);
    return Promise.all(moving.map(({ finished }) => finished.catch(() => undefined)));
  });
}
