import type { Page } from '@playwright/test';

/** A token's value as the page has it now. */
export function token(page: Page, name: string): Promise<string> {
  return page.evaluate(
    (property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim(),
    `--sodium-${name}`,
  );
}

export interface FirstPaint {
  theme: string | undefined;
  skin: string | undefined;
  background: string;
}

/** Notes what the document looked like at its first frame, before any module of the shell has run. */
export async function watchFirstFrame(page: Page): Promise<() => Promise<FirstPaint>> {
  await page.addInitScript(() => {
    const note = (): void => {
      if (!document.body) return void requestAnimationFrame(note);
      const { theme, skin } = document.documentElement.dataset;
      const background = getComputedStyle(document.documentElement)
        .getPropertyValue('--sodium-color-background')
        .trim();
      Object.assign(window, { firstFrame: { theme, skin, background } });
    };
    requestAnimationFrame(note);
  });
  return async () => {
    await page.waitForFunction(() => 'firstFrame' in window);
    return page.evaluate(() => (window as unknown as { firstFrame: FirstPaint }).firstFrame);
  };
}
