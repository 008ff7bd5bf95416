import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TestHost } from './host-types.js';

interface TestKitBuild {
  /** Builds the host when its sources have changed. Resolves to its file. */
  builtTestHost(): Promise<string>;
}

let loaded: Promise<TestHost> | null = null;

/** The panel that tests run on. The package brings it built; where the panel's sources are at hand, they are built. */
export function loadTestHost(): Promise<TestHost> {
  return (loaded ??= load());
}

async function load(): Promise<TestHost> {
  const build = fileURLToPath(new URL('../../../../apps/server/build-test-kit.mjs', import.meta.url));
  const file = existsSync(build)
    ? await ((await importFile(build)) as TestKitBuild).builtTestHost()
    : fileURLToPath(new URL('./plugin-test-host.js', import.meta.url));
  return (await importFile(file)) as TestHost;
}

/** The name is known at run time only, and bundlers leave it alone. */
function importFile(file: string): Promise<unknown> {
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}
