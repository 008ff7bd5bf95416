import type { RegistryEntry } from '@sodium/contract';
import type { ClientPlugin } from '@sodium/sdk';
import { checkSharedRanges } from './shared-ranges.js';
import { createShareScope, sharedVersions, type ShareScope } from './share-scope.js';

/** A federation remote: what builds produce. */
interface Container {
  init(scope: ShareScope): unknown;
  get(name: string): Promise<() => unknown>;
}

let scope: ShareScope | undefined;

/**
 * Fetches a plugin's client and returns its function. `attempt` above 0 asks past what the browser remembers: a failed
 * import stays failed under its address.
 */
export async function loadClient(entry: RegistryEntry, attempt: number): Promise<ClientPlugin> {
  if (entry.client === null) throw new Error('It has no client.js.');
  checkSharedRanges(entry, sharedVersions);
  const address = attempt === 0 ? entry.client : `${entry.client}?retry=${attempt}-${Date.now()}`;
  const module = await importModule(address);
  return clientOf(isContainer(module) ? await openContainer(module) : module);
}

async function importModule(address: string): Promise<unknown> {
  try {
    return await import(/* @vite-ignore */ address);
  } catch (error) {
    // Browsers say "Failed to fetch dynamically imported module" for every fault of the network and every bad status.
    if (!(error instanceof TypeError && /fetch|import/i.test(error.message))) throw error;
    // Which says no more than the address.
    throw new Error(`Its code at ${address} could not be loaded. Check the connection and retry.`, { cause: error });
  }
}

async function openContainer(container: Container): Promise<unknown> {
  scope ??= createShareScope();
  await container.init(scope);
  const factory = await container.get('./plugin');
  return factory();
}

/** A container's factory gives the default export itself when that is all there is. */
function clientOf(exported: unknown): ClientPlugin {
  const client = typeof exported === 'function' ? exported : (exported as { default?: unknown } | null)?.default;
  if (typeof client === 'function') return client as ClientPlugin;
  throw new Error(
    `Its client.js has no usable default export: expected a function(sodium), found ${client === undefined ? 'nothing' : typeof client}.`,
  );
}

function isContainer(module: unknown): module is Container {
  const candidate = module as Partial<Container> | null;
  return typeof candidate?.init === 'function' && typeof candidate.get === 'function';
}
