import { existsSync } from 'node:fs';
import { run } from './run.mjs';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a Chromium: the one named, one that is installed, or one installed now. */
export async function findChromium() {
  const found = await installed();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  } else await run('npx', ['playwright', 'install', 'chromium']);
  const now = await installed();
  if (now) return now;
  throw new Error('No Chromium was found. Install one, or name it in SODIUM_CHROMIUM.');
}

async function installed() {
  if (process.env.SODIUM_CHROMIUM) return process.env.SODIUM_CHROMIUM;
  const { chromium } = await import('playwright');
  return [...KNOWN, chromium.executablePath()].find((file) => existsSync(file));
}
