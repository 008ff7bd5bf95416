import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { UsageError } from '../commands/command-context.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the packages lie: beside the command as installed, or among what the panel's build has made. */
const PLACES = ['../packages', './packages'].map(here);

export const TEMPLATES = here('../templates');

/** The panel that `sodium dev` starts: the one that came with the command, or the one it was built with. */
export const PANEL_MAIN = ['../panel/apps/server/dist/main.js', '../../server/dist/main.js'].map(here);

/**
 * Copies `@sodium/sdk` and `@sodium/cli` into a folder of a new plugin: it then builds on any machine, whether a panel
 * is there or not. Returns the names of the files.
 */
export async function copyPackages(folder: string): Promise<{ sdk: string; cli: string }> {
  mkdirSync(folder, { recursive: true });
  const place = PLACES.find(existsSync);
  const files = place ? readdirSync(place) : [];
  const sdk = files.find((name) => /^sodium-sdk-.*\.tgz$/.test(name));
  if (!place || !sdk)
    throw new UsageError(
      'The packages for new plugins have not been built.',
      'Run "npm run build" in the panel’s folder.',
    );
  copyFileSync(join(place, sdk), join(folder, sdk));
  const cli = files.find((name) => /^sodium-cli-.*\.tgz$/.test(name));
  if (cli) copyFileSync(join(place, cli), join(folder, cli));
  return { sdk, cli: cli ?? (await packSelf(folder)) };
}

/** As installed, the command does not hold its own package: npm makes it again. */
async function packSelf(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', here('..'), '--pack-destination', folder, '--loglevel', 'error'],
    { shell: process.platform === 'win32' },
  );
  return stdout.trim().split('\n').at(-1)!;
}
