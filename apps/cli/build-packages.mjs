// Packs what authors install: `@sodium/sdk` and `@sodium/cli`, as files that npm takes from a folder or from a panel's
// `/packages/`. The command brings a panel for `sodium dev`, and the SDK to put into new plugins.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { buildTestKit } from '../server/build-test-kit.mjs';
import { buildServer } from '../tasks/lib/build-server.mjs';
import { SELF_CONTAINED } from '../tasks/lib/self-contained.mjs';
import { bundleCliInto } from './bundle-cli.mjs';
import { thirdPartyLicenses } from './third-party-licenses.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const staging = join(root, 'apps/cli/dist/staging');
const packages = join(root, 'apps/cli/dist/packages');
const run = promisify(execFile);
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Writes both packages into `apps/cli/dist/packages`. */
export async function buildPackages() {
  rmSync(staging, { recursive: true, force: true });
  rmSync(packages, { recursive: true, force: true });
  mkdirSync(packages, { recursive: true });
  await stageSdk(join(staging, 'sdk'));
  await pack(join(staging, 'sdk'));
  await stageCli(join(staging, 'cli'));
  await pack(join(staging, 'cli'));
  rmSync(staging, { recursive: true, force: true });
}

async function pack(folder) {
  await run('npm', ['pack', folder, '--pack-destination', packages, '--loglevel', 'error']);
}

/** The SDK as JavaScript with declarations: every file by itself, so that each finds what lies beside it. */
async function stageSdk(folder) {
  const manifest = readJson('shared/sdk/package.json');
  await build({
    entryPoints: sourcesIn(join(root, 'shared/sdk/src')),
    outbase: join(root, 'shared/sdk/src'),
    outdir: join(folder, 'dist'),
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
  });
  await run('npx', ['tsc', '-b', 'shared/sdk'], { cwd: root });
  copy('shared/sdk/dist/types', join(folder, 'dist'), (path) => !/\.test(-d)?\.d\.ts/.test(path));
  await buildTestKit(join(folder, 'dist/testing'));
  for (const name of ['README.md', 'VERSIONING.md', 'schema']) copy(`shared/sdk/${name}`, join(folder, name));
  writePackage(folder, { ...manifest, exports: publicExports(manifest.exports) });
}

/** `./src/theme/index.ts` becomes what was made of it. */
function publicExports(exports) {
  const entries = Object.entries(exports).map(([name, target]) => {
    if (typeof target !== 'string' || !target.endsWith('.ts')) return [name, target];
    const file = target.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '');
    return [name, { types: `${file}.d.ts`, default: `${file}.js` }];
  });
  return { ...Object.fromEntries(entries), './package.json': './package.json' };
}

/** What cannot go into a bundle: tools with programs or modules of their own, and code for one kind of processor. */
const INSTALLED = ['@node-rs/argon2', '@originjs/vite-plugin-federation', 'esbuild', 'vite'];

/** The command, the templates, the panel as built, and the SDK for new plugins. */
async function stageCli(folder) {
  const manifest = readJson('apps/cli/package.json');
  const server = readJson('apps/server/package.json');
  const dependencies = { ...server.dependencies, ...manifest.dependencies };
  const options = { ...SELF_CONTAINED, external: [...SELF_CONTAINED.external, ...INSTALLED], metafile: true };
  const bundles = [
    await bundleCliInto(join(folder, 'dist'), { ...options, absWorkingDir: root }),
    await buildServer({
      ...options,
      absWorkingDir: root,
      outfile: join(folder, 'panel/apps/server/dist/main.js'),
      sourcemap: false,
    }),
  ];
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), `${thirdPartyLicenses(inputs, root)}\n`);
  copy('apps/cli/templates', join(folder, 'templates'), (path) => !path.endsWith('templates/tsconfig.json'));
  copy('apps/cli/dist/packages', join(folder, 'packages'));
  const notMaps = (path) => !path.endsWith('.map');
  for (const path of ['apps/server/dist/sandbox', 'apps/shell/dist/web', 'apps/docs/dist/site'])
    copy(path, join(folder, 'panel', path), notMaps);
  writePackage(folder, {
    ...manifest,
    dependencies: Object.fromEntries(INSTALLED.map((name) => [name, dependencies[name]])),
  });
}

function writePackage(folder, manifest) {
  const published = { ...manifest, engines: readJson('package.json').engines };
  delete published.private;
  delete published.devDependencies;
  // What belongs to this repository is inside the bundles.
  published.dependencies = Object.fromEntries(
    Object.entries(published.dependencies).filter(([name]) => !name.startsWith('@sodium/')),
  );
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

function copy(path, target, filter = () => true) {
  const source = join(root, path);
  if (existsSync(source))
    cpSync(source, target, { recursive: true, filter: (file) => filter(relative(root, file).replaceAll('\\', '/')) });
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !/\.(?:test|test-d|d)\.ts$/.test(name))
    .map((name) => join(folder, name));
}
