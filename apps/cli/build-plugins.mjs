// Builds every folder of `plugins/` into an installable package in its `dist/`; unchanged ones are skipped.
// Run it (`node apps/cli/build-plugins.mjs`) or import `buildPlugins`.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleCli } from './bundle-cli.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stamps = join(root, 'node_modules/.cache/sodium-plugins');
const run = promisify(execFile);

/** Resolves to the ids that were built and those that were skipped. Rejects with the message of the first that failed. */
export async function buildPlugins({ log = console.log } = {}) {
  const cli = await bundleCli();
  const result = { built: [], skipped: [] };
  for (const id of readdirSync(join(root, 'plugins')).sort()) {
    const folder = join(root, 'plugins', id);
    if (!existsSync(join(folder, 'plugin.json'))) continue;
    const stamp = `${cli} ${hashFolder(folder)}`;
    const stampFile = join(stamps, id);
    if (
      existsSync(join(folder, 'dist/plugin.json')) &&
      existsSync(stampFile) &&
      readFileSync(stampFile, 'utf8') === stamp
    ) {
      result.skipped.push(id);
      continue;
    }
    const { stdout } = await run(process.execPath, [join(root, 'apps/cli/dist/sodium.js'), 'build', folder]).catch(
      (error) => {
        throw new Error(error.stderr || error.message);
      },
    );
    log(stdout.split('\n', 1)[0]);
    mkdirSync(stamps, { recursive: true });
    writeFileSync(stampFile, stamp);
    result.built.push(id);
  }
  return result;
}

function hashFolder(folder) {
  const hash = createHash('sha256');
  for (const file of listFiles(folder))
    hash
      .update(`${relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'dist' && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  buildPlugins().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
