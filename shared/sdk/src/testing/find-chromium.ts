import { existsSync } from 'node:fs';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that `SODIUM_CHROMIUM` names, the one that Playwright has installed, or one of the system. */
export function findChromium(ofPlaywright: string): string {
  const named = process.env['SODIUM_CHROMIUM'];
  if (named) return named;
  const found = [ofPlaywright, ...KNOWN].find((file) => existsSync(file));
  if (found) return found;
  throw new Error(
    'No Chromium was found. Install one with "npx playwright install chromium", or name yours in SODIUM_CHROMIUM.',
  );
}
