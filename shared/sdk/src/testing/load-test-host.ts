import type { TestPluginOptions } from './plugin-source.js';
import type { TestPlugin } from './test-plugin-types.js';

interface TestHost {
  startTestPlugin(options: TestPluginOptions): Promise<TestPlugin>;
}

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
  const { existsSync } = await import('node:fs');
  const sources = new URL('../../../../apps/server/build-test-kit.mjs', import.meta.url);
  const bundled = new URL('./host/plugin-test-host.js', import.meta.url);
  if (existsSync(bundled)) return (await import(/* @vite-ignore */ bundled.href)) as TestHost;
  const build = (await import(/* @vite-ignore */ sources.href)) as TestKitBuild;
  const { pathToFileURL } = await import('node:url');
  return (await import(/* @vite-ignore */ pathToFileURL(await build.builtTestHost()).href)) as TestHost;
}
