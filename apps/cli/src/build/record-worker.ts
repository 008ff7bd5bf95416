import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as sdk from '@sodium/sdk';
import { packageOf, SHARED_MODULES } from '@sodium/federation';
import { installedVersions } from '@sodium/federation/installed-versions';
import { Window } from 'happy-dom';
import type { RecordJob } from './record-contributions.js';
import { RecordingSodium } from './recording-sodium.js';

type Client = (sodium: unknown) => unknown;
type Scope = Record<string, Record<string, { get(): Promise<() => unknown>; loaded: 1; from: string }>>;

// One job per process; see record-contributions.ts. Whatever goes wrong means that nothing is known.
process.once('message', (job: RecordJob) => {
  const end = (): void => process.exit(0);
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  record(job).then((found) => process.send!(found, end), end);
});

async function record(job: RecordJob): Promise<unknown> {
  becomeDocument();
  const lit: unknown = await importShared('lit', job.folder);
  const client = await openClient(job);
  const asAdmin = new RecordingSodium('admin', lit);
  const asUser = new RecordingSodium('user', lit);
  await client(asAdmin.sodium);
  await client(asUser.sodium);
  if (asAdmin.listens || asUser.listens || !isDeepStrictEqual(asAdmin.contributes, asUser.contributes)) return null;
  return asAdmin.contributes;
}

/** Clients define elements and look at the document while they are loaded. */
function becomeDocument(): void {
  const window = new Window({ url: 'http://panel.invalid/' });
  const target = globalThis as unknown as Record<string, unknown>;
  const source = window as unknown as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(window)) if (!(name in target)) target[name] = source[name];
  target.window = target.self = globalThis;
}

async function openClient({ client, folder }: RecordJob): Promise<Client> {
  const module = (await import(pathToFileURL(client).href)) as Record<string, unknown>;
  if (typeof module.init !== 'function' || typeof module.get !== 'function') return functionOf(module);
  await module.init(shareScope(folder));
  const factory = (await module.get('./plugin')) as () => unknown;
  return functionOf(factory());
}

function functionOf(exported: unknown): Client {
  return (typeof exported === 'function' ? exported : (exported as { default: unknown }).default) as Client;
}

function shareScope(folder: string): Scope {
  const versions = installedVersions(folder) as Record<string, string>;
  return Object.fromEntries(
    SHARED_MODULES.map((name) => {
      const get = async (): Promise<() => unknown> => {
        const module = await importShared(name, folder);
        return () => module;
      };
      return [name, { [versions[packageOf(name)]!]: { get, loaded: 1 as const, from: 'sodium' } }];
    }),
  );
}

/** The author's own copy. The SDK comes with the command. */
async function importShared(name: string, folder: string): Promise<unknown> {
  if (name === '@sodium/sdk') return sdk;
  return import(pathToFileURL(createRequire(join(folder, 'plugin.json')).resolve(name)).href);
}
