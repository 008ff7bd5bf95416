import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostedPlugin, TestHostOptions } from '@sodium/sdk/testing/host';
import { createPanel, type PanelParts } from '../../create-panel.js';
import type { PluginManager } from '../../plugins/manager.js';
import { EgressRecorder } from './egress-recorder.js';
import { HostedTestPlugin } from './hosted-test-plugin.js';
import { MemoryRuntime } from './memory-runtime.js';
import { placePackage } from './package-folder.js';
import { addStored } from './stored-documents.js';
import { TestPeople } from './test-people.js';
import { WriteTap } from './write-tap.js';

const TEST = { id: null, username: 'test' };
/** Tests call routes faster than people do, and plugins under test talk to servers of the test. */
const CONFIG = {
  plugins: { http: { requestsPerMinute: 1_000_000 }, network: { allowPrivate: true } },
};
/** The sandbox and the shell lie beside this file once it is built. */
const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts a panel for one test and the plugin on it. Nothing stays when the plugin does not start. */
export async function startTestPlugin(options: TestHostOptions): Promise<HostedPlugin> {
  const data = await mkdtemp(path.join(tmpdir(), 'sodium-plugin-test-'));
  const remove = (): Promise<void> => rm(data, { recursive: true, force: true, maxRetries: 10 });
  const runtime = new MemoryRuntime();
  const clock = { offsetMs: options.now === undefined ? 0 : new Date(options.now).getTime() - Date.now() };
  const writes = new WriteTap();
  await writeFile(path.join(data, 'config.json'), JSON.stringify(CONFIG));
  const panel = await createPanel({
    ...panelOptions(data),
    runtime,
    pluginClockOffset: () => clock.offsetMs,
    onPluginWrite: writes.told,
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const close = async (): Promise<void> => {
    await panel.close();
    await remove();
  };
  try {
    const { parts, url } = panel;
    const people = await TestPeople.create(parts.storage, runtime, options.users, options.servers);
    const recorder = recordEgress(parts, options);
    const id = await install(parts, options);
    return new HostedTestPlugin({ id, url, panel: parts, people, runtime, recorder, clock, writes, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function panelOptions(data: string) {
  const shell = beside('shell');
  return {
    port: 0,
    host: '127.0.0.1',
    dataDirectory: data,
    safeMode: false,
    trustProxy: false,
    logLevel: 'silent',
    quiet: true,
    shellDirectory: existsSync(shell) ? shell : path.join(data, 'no-shell'),
    sandboxDirectory: beside('sandbox'),
    shippedPlugins: path.join(data, 'no-plugins'),
    docsDirectory: path.join(data, 'no-docs'),
    packagesDirectory: path.join(data, 'no-packages'),
  };
}

function recordEgress({ hosting, kernel }: PanelParts, { answers = {} }: TestHostOptions): EgressRecorder {
  const recorder = new EgressRecorder(kernel.manager.deps.egress.allowedHosts);
  hosting.capabilities['fetch'] = recorder.around(hosting.capabilities['fetch']!);
  for (const [host, handler] of Object.entries(answers)) recorder.answer(host, handler);
  return recorder;
}

/** Others first: the plugin under test may need them. */
async function install({ kernel: { manager } }: PanelParts, options: TestHostOptions): Promise<string> {
  const directory = manager.deps.discovery.directory;
  for (const other of options.others) await activate(manager, await placePackage(directory, other));
  const placed = await placePackage(directory, options.package);
  const store = path.join(manager.deps.databaseDirectory, `plugins_${placed.id}`);
  for (const [collection, documents] of Object.entries(options.documents ?? {}))
    await addStored(store, collection, documents);
  await activate(manager, placed, options.settings);
  return placed.id;
}

async function activate(
  manager: PluginManager,
  { id, permissions }: { id: string; permissions: string[] },
  settings?: Record<string, unknown>,
): Promise<void> {
  if (settings) {
    const found = await manager.deps.discovery.scanOne(id);
    // A package that is not sound is refused below, with the reasons.
    if (found?.kind === 'sound') await manager.deps.settings.update(id, found.manifest.settings, settings, 'admin');
  }
  await manager.activate(id, permissions, TEST);
  const state = manager.state(id);
  if (state.kind !== 'active')
    throw new Error(`"${id}" did not start: ${'reason' in state ? state.reason : `it is ${state.kind}`}`);
}
