import { HttpError, notFound } from '../../http-error.js';
import { KeyedLock } from '../../keyed-lock.js';
import type { Actor } from '../manager-deps.js';
import { Preview, type PreviewDeps } from './preview.js';
import { PreviewContent } from './preview-content.js';

export interface PreviewsOptions extends Omit<PreviewDeps, 'content'> {
  /** Whether a session may still have previews. */
  mayPreview(session: string): boolean;
  lifetimeMs?: number;
  now?: () => number;
}

export interface OpenRequest {
  plugin: string;
  session: string;
  actor: Actor;
  madeUp?: boolean;
}

const LIFETIME_MS = 30 * 60_000;
const SWEEP_MS = 1_000;
/** Each is a process and some memory, and their owners may have forgotten them. */
const MOST_PER_SESSION = 3;
const MOST = 6;

/** The plugins that admins try at the moment: one preview for each session and plugin, unknown to all others. */
export class Previews {
  readonly #previews = new Map<string, { preview: Preview; actor: Actor }>();
  readonly #opening = new Set<string>();
  readonly #locks = new KeyedLock();
  readonly #now: () => number;
  #sweeper: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(private readonly options: PreviewsOptions) {
    this.#now = options.now ?? Date.now;
    options.manager.onChange(() => this.#onPluginsChanged());
  }

  /** Tries what lies in the plugin's folder now. The same content again goes on as it is; another one begins anew. */
  open(request: OpenRequest): Promise<Preview> {
    const { manager } = this.options;
    const key = keyOf(request.session, request.plugin);
    return this.#locks.run(key, async () => {
      if (this.#closed) throw new HttpError(503, 'PANEL_CLOSING', 'The panel is being stopped.');
      if (manager.suspended) throw new HttpError(409, 'PLUGINS_SUSPENDED', manager.suspended);
      const { madeUp = false } = request;
      const content = await this.#content(request.plugin);
      const running = this.find(request.session, request.plugin);
      if (running?.hash === content.hash && running.madeUp === madeUp) return this.prolong(running);
      // One that has run out may not have been found yet.
      await this.#end(key, running ? 'replaced' : 'expired');
      return this.#start(key, { ...request, madeUp });
    });
  }

  find(session: string, plugin: string): Preview | null {
    const found = this.#previews.get(keyOf(session, plugin))?.preview;
    return found && this.#isAlive(found) ? found : null;
  }

  prolong(preview: Preview): Preview {
    preview.expiresAt = this.#now() + (this.options.lifetimeMs ?? LIFETIME_MS);
    preview.changed();
    return preview;
  }

  close(session: string, plugin: string): Promise<void> {
    const key = keyOf(session, plugin);
    return this.#locks.run(key, () => this.#end(key, 'discarded'));
  }

  async closeSession(session: string): Promise<void> {
    const mine = [...this.#previews].filter(([, { preview }]) => preview.session === session);
    await Promise.all(mine.map(([key]) => this.#locks.run(key, () => this.#end(key, 'logged out'))));
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    const keys = new Set([...this.#previews.keys(), ...this.#opening]);
    await Promise.all([...keys].map((key) => this.#locks.run(key, () => this.#end(key, 'the panel stopped'))));
  }

  async #start(key: string, { plugin, session, actor, madeUp = false }: OpenRequest): Promise<Preview> {
    this.#requireRoom(session);
    this.#opening.add(key);
    try {
      const startedAt = this.#now();
      const expiresAt = startedAt + (this.options.lifetimeMs ?? LIFETIME_MS);
      const deps: PreviewDeps = { ...this.options, content: (id) => this.#content(id) };
      const preview = await Preview.open(deps, { plugin, session, madeUp, startedAt, expiresAt });
      this.#previews.set(key, { preview, actor });
      this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
      const { hash, manifest } = preview;
      await this.#record(actor, 'preview.open', plugin, { hash, version: manifest.version });
      return preview;
    } finally {
      this.#opening.delete(key);
    }
  }

  async #end(key: string, why: string): Promise<void> {
    const entry = this.#previews.get(key);
    if (!entry) return;
    this.#previews.delete(key);
    if (this.#previews.size === 0 && this.#sweeper) {
      clearInterval(this.#sweeper);
      this.#sweeper = null;
    }
    await entry.preview.close();
    await this.#record(entry.actor, 'preview.close', entry.preview.plugin, { why });
  }

  #requireRoom(session: string): void {
    const sessions = [...new Set([...this.#previews.keys(), ...this.#opening])].map(sessionOf);
    const mine = sessions.filter((other) => other === session).length;
    if (mine < MOST_PER_SESSION && sessions.length < MOST) return;
    const message =
      mine >= MOST_PER_SESSION
        ? `You try ${mine} plugins already. Discard one of these previews first.`
        : 'Other admins try as many plugins as this panel runs previews of. Wait until one of them is discarded.';
    const running = [...this.#previews.values()].filter(({ preview }) => preview.session === session);
    throw new HttpError(409, 'PREVIEW_LIMIT', message, {
      details: { plugins: running.map(({ preview }) => preview.plugin) },
    });
  }

  async #content(plugin: string): Promise<PreviewContent> {
    const { manager } = this.options;
    const found = await manager.deps.discovery.scanOne(plugin);
    if (!found && manager.exists(plugin))
      throw new HttpError(409, 'FOLDER_MISSING', `The folder of "${plugin}" is missing, so there is nothing to try.`, {
        plugin,
      });
    if (!found) throw notFound('plugin', plugin);
    if (found.kind === 'sound') return PreviewContent.open(found);
    const message = found.faults.map((fault) => fault.message).join(' ');
    throw new HttpError(400, 'INVALID_PACKAGE', message.slice(0, 2000), { plugin, details: found.faults });
  }

  #isAlive(preview: Preview): boolean {
    return !preview.ended && preview.expiresAt > this.#now() && this.options.mayPreview(preview.session);
  }

  #sweep(): void {
    for (const [key, { preview }] of this.#previews) {
      if (this.#isAlive(preview)) continue;
      void this.#locks.run(key, async () => {
        if (!this.#isAlive(preview) && this.#previews.get(key)?.preview === preview) await this.#end(key, 'expired');
      });
    }
  }

  #onPluginsChanged(): void {
    for (const [key, { preview }] of this.#previews) {
      if (this.options.manager.exists(preview.plugin)) preview.othersChanged();
      else void this.#locks.run(key, () => this.#end(key, 'the plugin was removed'));
    }
  }

  async #record(actor: Actor, action: string, target: string, details: object): Promise<void> {
    await this.options.manager.record({ actor, action, target, details });
  }
}

const keyOf = (session: string, plugin: string): string => `${session}/${plugin}`;
const sessionOf = (key: string): string => key.slice(0, key.indexOf('/'));
