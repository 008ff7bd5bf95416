import { randomBytes } from 'node:crypto';
import { watch, type FSWatcher } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { SystemStatus } from '@sodium/contract';
import { createApp } from './create-app.js';
import { createHosting, type Hosting } from './create-hosting.js';
import { createKernel, type Kernel } from './create-kernel.js';
import { createLogger } from './logger.js';
import { openStorage, type Storage } from './open-storage.js';
import { createLive, type Live } from './panel/live/create-live.js';
import type { Runtime } from './panel/servers/runtime.js';
import { HookBus } from './plugins/hooks/hook-bus.js';
import { recoverOperations } from './plugins/install/recover-operations.js';
import { installShipped, shippedSchema } from './plugins/shipped.js';
import { MetricsToken } from './routes/http/metrics-token.js';
import { SODIUM_VERSION } from './version.js';

export interface PanelOptions {
  /** 0 lets the system choose. */
  port: number;
  host: string;
  dataDirectory: string;
  /** No plugin runs. */
  safeMode: boolean;
  /** As Express understands it: `false`, `loopback`, addresses. */
  trustProxy: boolean | string;
  logLevel: string;
  shellDirectory: string;
  /** The built guide. */
  docsDirectory: string;
  /** The authors' command and the SDK, packed. */
  packagesDirectory: string;
  sandboxDirectory: string;
  /** The folder with the reference plugins: `<id>/dist` each. */
  shippedPlugins: string;
  /** How long a preview lasts after its admin last prolonged it. */
  previewLifetimeMs?: number;
  /** Told about each step of an installation, a removal or a rollback. */
  onInstallStep?(step: string): void;
  /** Does not say where it listens. */
  quiet?: boolean;
  /** Takes the place of this machine's processes. For tests. */
  runtime?: Runtime;
  /** How far the clock that plugins see is ahead, in milliseconds. For tests. */
  pluginClockOffset?(): number;
  /** Told each line that a plugin's process writes to its collections, in order. For tests. */
  onPluginWrite?(plugin: string, line: Uint8Array): void;
}

export interface PanelParts {
  storage: Storage;
  hosting: Hosting;
  kernel: Kernel;
}

export interface Panel {
  readonly url: string;
  /** What it is made of, for what is built around a panel. */
  readonly parts: PanelParts;
  /** Lets running work end, stops servers and plugins, and remembers what ran. */
  close(): Promise<void>;
}

const RESCAN_DELAY_MS = 300;
const TELL_DELAY_MS = 20;
const keySchema = z.object({ adminDocument: z.string() });

/** The whole panel, listening. Tests start the real one through this. */
export async function createPanel(options: PanelOptions): Promise<Panel> {
  const logger = createLogger(options.logLevel);
  const storage = await openStorage(options.dataDirectory, logger);
  const hooks = new HookBus();
  const hosting = await createHosting(storage, hooks, options.runtime);
  const { capabilities, previewed, sessions } = hosting;
  const mayPreview = (session: string): boolean => sessions.check(session)?.user.role === 'admin';
  const previews = { world: previewed, mayPreview, lifetimeMs: options.previewLifetimeMs };
  const kernel = createKernel(storage, { ...options, logger, hooks, capabilities, previews });
  sessions.onEnded(({ session }) => void kernel.previews.closeSession(session));

  let ready = false;
  const httpServer = createServer();
  const app = createApp({
    ...options,
    storage,
    hosting,
    kernel,
    logger,
    adminKey: await adminKey(storage),
    isReady: () => ready,
    status: () => systemStatus(options, storage, hosting, kernel),
  });
  httpServer.on('request', app);
  let settled = false;
  const live = createLive(httpServer, {
    sessions: hosting.sessions,
    servers: hosting.servers,
    hooks,
    registryVersion: () => (settled ? kernel.registry.version : null),
    shown: ({ plugin, place }) => kernel.manager.noteShown(plugin, place),
  });
  const shells = tellShells(kernel, live, () => settled);
  await kernel.recentEvents.open();
  const release = hooks.hold();
  const url = await listen(httpServer, options);
  if (!options.quiet) process.stdout.write(`Sodium ${SODIUM_VERSION} listens on ${url}\n`);

  const watcher = await startPlugins(options, storage, kernel, logger).finally(release);
  settled = true;
  shells.tell();
  await hosting.servers.resume();
  hosting.schedules.start();
  kernel.history.start();
  ready = true;

  return {
    url,
    parts: { storage, hosting, kernel },
    close: async () => {
      ready = false;
      watcher?.close();
      shells.stop();
      hosting.schedules.close();
      kernel.history.stop();
      await live.close();
      httpServer.closeAllConnections();
      await kernel.previews.closeAll();
      await Promise.all([kernel.manager.close(), hosting.servers.close()]);
      await kernel.recentEvents.close();
      await storage.close();
    },
  };
}

/** Discovers folders, brings up what is wanted, and keeps an eye on `data/plugins`. A problem here never stops the panel. */
async function startPlugins(
  options: PanelOptions,
  storage: Storage,
  kernel: Kernel,
  logger: Logger,
): Promise<FSWatcher | null> {
  const { manager } = kernel;
  try {
    await manager.deps.packages.sweep();
    await recoverOperations(kernel.operations, logger);
    await installShipped(
      options.shippedPlugins,
      manager,
      storage.core.document('shipped-plugins', shippedSchema, { hashes: {} }),
    );
    await manager.rescan();
    await manager.startAll();
    return watchFolder(
      manager.deps.discovery.directory,
      () => void manager.rescan().catch((error: unknown) => logger.error(error)),
    );
  } catch (error) {
    logger.error({ err: error }, 'plugins could not be started');
    return null;
  }
}

function watchFolder(directory: string, onChange: () => void): FSWatcher {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(directory, () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, RESCAN_DELAY_MS).unref();
  });
  watcher.on('error', () => watcher.close());
  return watcher;
}

/**
 * Open shells learn of every change soon, and only of changes. What changes in quick succession is told once. While the
 * panel starts they are told nothing: what is not up yet would be taken off their pages.
 */
function tellShells({ manager, registry }: Kernel, live: Live, settled: () => boolean): { tell(): void; stop(): void } {
  let last: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  const tell = (): void => {
    timer = null;
    live.notifyAdmins();
    if (!settled()) return;
    const { version } = registry;
    if (version !== last) live.broadcastRegistryChanged(version);
    last = version;
  };
  const stop = manager.onChange(() => {
    timer ??= setTimeout(tell, TELL_DELAY_MS).unref();
  });
  return {
    tell,
    stop: () => {
      stop();
      if (timer) clearTimeout(timer);
    },
  };
}

function listen(server: Server, { port, host }: PanelOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE' ? `Port ${port} on ${host} is taken. Set PORT to another.` : error.message;
      reject(new Error(taken, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(`http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`);
    });
  });
}

/** Admin documents that are open stay good over a restart, unless the key cannot be read or kept. */
async function adminKey(storage: Storage): Promise<Buffer> {
  const fresh = randomBytes(32);
  try {
    const keys = storage.core.document('keys', keySchema, { adminDocument: '' });
    if (keys.get().adminDocument === '') await keys.update({ adminDocument: fresh.toString('base64') });
    return Buffer.from(keys.get().adminDocument, 'base64');
  } catch {
    return fresh;
  }
}

function systemStatus(
  options: PanelOptions,
  storage: Storage,
  { runtime, templates }: Hosting,
  { manager }: Kernel,
): SystemStatus {
  return {
    version: SODIUM_VERSION,
    node: process.version,
    uptimeMs: Math.round(process.uptime() * 1000),
    safeMode: options.safeMode,
    pluginsEnabled: manager.deps.config.get().plugins.enabled,
    registration: storage.config.get().auth.registration,
    theme: storage.config.get().ui.theme,
    metricsToken: new MetricsToken(storage.config).status,
    isolation: { kind: runtime.isolation.kind, detail: runtime.isolation.detail },
    problems: [...storage.problems(), ...templates.problems],
  };
}
