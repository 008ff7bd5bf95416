import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PluginPackage } from './host-types.js';
import type { InlinePlugin } from './plugin-source.js';

const run = promisify(execFile);
const NOT_SOURCES = /^(dist|node_modules|test-results|\..*)$|\.test\.[jt]s$/;
const LOCK_POLL_MS = 50;
const LOCK_DEADLINE_MS = 120_000;

/** What a test names as a plugin, as a package that can be installed. Builds a folder whose `dist` is missing or older. */
export async function pluginPackage(source: string | URL | InlinePlugin): Promise<PluginPackage> {
  if (typeof source === 'object' && !(source instanceof URL)) return { inline: source };
  const folder = path.resolve(typeof source === 'string' ? source : fileURLToPath(source));
  if (!existsSync(path.join(folder, 'plugin.json')))
    throw new Error(`"${folder}" is no plugin: it has no plugin.json. Name the folder that holds it.`);
  if (!needsBuild(folder)) return { folder };
  const dist = path.join(folder, 'dist');
  if (!isBuilt(folder, dist)) await locked(dist, async () => void (isBuilt(folder, dist) || (await build(folder))));
  return { folder: dist };
}

function needsBuild(folder: string): boolean {
  return (
    existsSync(path.join(folder, 'src')) ||
    ['client.ts', 'server.ts'].some((file) => existsSync(path.join(folder, file)))
  );
}

function isBuilt(folder: string, dist: string): boolean {
  const manifest = path.join(dist, 'plugin.json');
  return existsSync(manifest) && statSync(manifest).mtimeMs >= newest(folder);
}

function newest(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !NOT_SOURCES.test(name));
  return Math.max(
    0,
    ...entries.map((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? newest(file) : statSync(file).mtimeMs;
    }),
  );
}

async function build(folder: string): Promise<void> {
  try {
    await run(process.execPath, [findCommand(folder), 'build', folder]);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`The plugin in "${folder}" could not be built: ${stderr?.trim() || message}`, { cause: error });
  }
}

/** The `sodium` command that is installed for the plugin. */
function findCommand(folder: string): string {
  for (let current = folder; ; current = path.dirname(current)) {
    const manifest = path.join(current, 'node_modules/@sodium/cli/package.json');
    if (existsSync(manifest)) {
      const { bin } = createRequire(manifest)('./package.json') as { bin: { sodium: string } };
      const file = path.join(path.dirname(manifest), bin.sodium);
      if (existsSync(file)) return file;
      throw new Error(`${file} is missing. Build the command first: npm run build.`);
    }
    if (current === path.dirname(current))
      throw new Error(`@sodium/cli is not installed for it. Add it: npm install --save-dev @sodium/cli.`);
  }
}

/** Test files run side by side: one of them builds, the others wait. */
async function locked(target: string, work: () => Promise<void>): Promise<void> {
  const lock = `${target}.lock`;
  const end = Date.now() + LOCK_DEADLINE_MS;
  while (!take(lock)) {
    if (Date.now() > end) throw new Error(`"${lock}" is held by another build. Remove it if none runs.`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A lock whose holder has gone is taken over. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock: string): boolean {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    return holder === 0 || process.kill(holder, 0);
  } catch {
    return false;
  }
}
