import type { Browser } from 'playwright';
import { findChromium } from './find-chromium.js';

let users = 0;
let browser: Promise<Browser> | null = null;

/** One browser for all tests of this process. Give it back with `releaseBrowser`: the last one closes it. */
export function acquireBrowser(): Promise<Browser> {
  users += 1;
  return (browser ??= launch());
}

export async function releaseBrowser(): Promise<void> {
  users -= 1;
  if (users > 0) return;
  const last = browser;
  browser = null;
  await (await last?.catch(() => null))?.close();
}

async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright').catch((error: unknown) => {
    throw new Error('mount() needs the package "playwright". Add it: npm install --save-dev playwright.', {
      cause: error,
    });
  });
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: findChromium(chromium.executablePath()),
    args: [...(root ? ['--no-sandbox'] : []), '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}
