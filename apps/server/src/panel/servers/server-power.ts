import type { PowerAction, Server } from '@sodium/contract';
import { HttpError } from '../../http-error.js';
import type { HookPort } from '../../plugins/hooks-port.js';
import { KeyedLock } from '../../keyed-lock.js';
import type { Listeners } from '../listeners.js';
import type { Runtime, RuntimeEvent, ServerSpec } from './runtime.js';
import type { ServerDirectory } from './server-directory.js';
import type { ServerEvent } from './server-events.js';
import { hookUser, type Actor, type ServerRecord } from './server-record.js';
import { fillArgv } from './templates/fill-template.js';
import type { TemplateRegistry } from './templates/template-registry.js';

type Cause = { action: PowerAction; actor: Actor | null };

export interface ServerPowerDeps {
  directory: ServerDirectory;
  runtime: Runtime;
  templates: TemplateRegistry;
  hooks: HookPort;
  events: Listeners<ServerEvent>;
}

/**
 * Starts and stops servers. Requests for one server are taken one after another; each is answered as soon as its
 * effect has begun: a start when the process runs, a stop when the server has been asked to stop.
 */
export class ServerPower {
  readonly #deps: ServerPowerDeps;
  readonly #lock = new KeyedLock();
  /** Why a state changes, for those who are told of the change. */
  readonly #causes = new Map<string, Cause>();
  /** Servers that start again once they have stopped or are installed, and who asked for it. */
  readonly #startNext = new Map<string, Cause>();
  #closing = false;

  constructor(deps: ServerPowerDeps) {
    this.#deps = deps;
    deps.runtime.events((event) => this.#onRuntime(event));
  }

  /** Runs something while no power action of the server does. */
  exclusive<T>(id: string, task: () => Promise<T>): Promise<T> {
    return this.#lock.run(id, task);
  }

  async run(actor: Actor | null, id: string, action: PowerAction): Promise<Server> {
    this.#deps.directory.require(actor, id);
    if (this.#closing) throw new HttpError(503, 'PANEL_STOPPING', 'The panel is stopping. Try again when it is back.');
    return this.exclusive(id, async () => {
      // Looked up again: it may have been deleted while this waited.
      const record = this.#deps.directory.require(actor, id);
      const cause = { action, actor };
      if (action === 'start') await this.#start(record, cause);
      else if (action === 'stop') await this.#stop(record, cause);
      else if (action === 'kill') await this.#kill(record, cause);
      else await this.#restart(record, cause);
      return this.#deps.directory.toServer(this.#deps.directory.require(actor, id));
    });
  }

  /** Prepares a server that was just made, in the background. */
  install(record: Readonly<ServerRecord>, actor: Actor | null): void {
    this.#causes.set(record.id, { action: 'start', actor });
    const spec = this.spec(record);
    const { runtime, directory } = this.#deps;
    void runtime
      .install(spec)
      .then(async (exit) => {
        const next = this.#startNext.get(record.id);
        this.#startNext.delete(record.id);
        if (exit.crashed || !directory.collection.get(record.id)) return;
        await directory.collection.update(record.id, { installed: true });
        if (next) await this.run(next.actor, record.id, 'start');
      })
      .catch((error: unknown) => runtime.say(record.id, `The server could not be prepared: ${text(error)}`));
  }

  /** Starts what ran when the panel ended. A server that fails does not keep the others from starting. */
  async resume(): Promise<void> {
    const wanted = this.#deps.directory.collection.find((record) => record.desired === 'running' && !record.suspended);
    for (const record of wanted) {
      await this.exclusive(record.id, () => this.#launch(record, { action: 'start', actor: null })).catch(
        (error: unknown) => this.#deps.runtime.say(record.id, `The server could not be started again: ${text(error)}`),
      );
    }
  }

  /** From now on an end of a server is the panel's doing, and does not change what is to run. */
  close(): void {
    this.#closing = true;
    this.#startNext.clear();
  }

  spec(record: Readonly<ServerRecord>): ServerSpec {
    const template = this.#deps.templates.get(record.template);
    if (!template)
      throw new HttpError(
        409,
        'TEMPLATE_MISSING',
        `The template "${record.template}" of this server does not exist any more. An admin can put it back into data/templates.`,
      );
    const env = { ...record.variables, PORT: String(record.port) };
    const { id, number, limits } = record;
    const { files, ready, stop } = template;
    const install = template.install.map((argv) => fillArgv(argv, env));
    return { id, number, limits, files, ready, stop, env, install, start: fillArgv(template.start, env) };
  }

  async #start(record: Readonly<ServerRecord>, cause: Cause): Promise<void> {
    const state = this.#deps.runtime.state(record.id);
    this.#refuseSuspended(record);
    if (state === 'installing') {
      await this.#askHooks(record, cause.actor);
      this.#startNext.set(record.id, cause);
      return;
    }
    if (state === 'stopping')
      throw conflict('SERVER_STOPPING', 'The server is stopping. Wait until it is offline, then start it.');
    if (state !== 'offline') throw conflict('SERVER_ALREADY_RUNNING', `The server is already ${state}.`);
    await this.#askHooks(record, cause.actor);
    await this.#launch(record, cause);
  }

  async #launch(record: Readonly<ServerRecord>, cause: Cause): Promise<void> {
    const { directory, runtime } = this.#deps;
    // First on disk, then in the world: a panel that dies in between starts it again rather than forgets it.
    await directory.collection.update(record.id, { desired: 'running', lastExit: undefined });
    if (!record.installed) {
      this.#startNext.set(record.id, cause);
      return this.install(record, cause.actor);
    }
    this.#causes.set(record.id, cause);
    await runtime.start(this.spec(record));
  }

  async #stop(record: Readonly<ServerRecord>, cause: Cause): Promise<void> {
    const state = this.#deps.runtime.state(record.id);
    const restarting = this.#startNext.delete(record.id);
    if (state === 'offline') throw conflict('SERVER_NOT_RUNNING', 'The server is offline already.');
    if (state === 'stopping' && !restarting)
      throw conflict('SERVER_STOPPING', 'The server is stopping already. Kill it if it does not end.');
    await this.#deps.directory.collection.update(record.id, { desired: 'stopped' });
    this.#causes.set(record.id, cause);
    if (state !== 'stopping') void this.#deps.runtime.stop(record.id);
  }

  async #kill(record: Readonly<ServerRecord>, cause: Cause): Promise<void> {
    this.#startNext.delete(record.id);
    if (this.#deps.runtime.state(record.id) === 'offline')
      throw conflict('SERVER_NOT_RUNNING', 'The server is offline already.');
    await this.#deps.directory.collection.update(record.id, { desired: 'stopped' });
    this.#causes.set(record.id, cause);
    await this.#deps.runtime.kill(record.id);
  }

  async #restart(record: Readonly<ServerRecord>, cause: Cause): Promise<void> {
    const state = this.#deps.runtime.state(record.id);
    if (state === 'offline' || state === 'installing') return this.#start(record, cause);
    this.#refuseSuspended(record);
    if (this.#startNext.has(record.id)) throw conflict('SERVER_RESTARTING', 'The server is restarting already.');
    // Asked before the stop: a veto must not cost the server its running process.
    await this.#askHooks(record, cause.actor);
    await this.#deps.directory.collection.update(record.id, { desired: 'running' });
    this.#startNext.set(record.id, cause);
    this.#causes.set(record.id, cause);
    void this.#deps.runtime.stop(record.id).then(() => this.#startAgain(record.id));
  }

  async #startAgain(id: string): Promise<void> {
    await this.exclusive(id, async () => {
      const cause = this.#startNext.get(id);
      this.#startNext.delete(id);
      const record = this.#deps.directory.collection.get(id);
      if (!cause || !record || record.suspended || this.#closing || this.#deps.runtime.state(id) !== 'offline') return;
      await this.#launch(record, cause);
    }).catch((error: unknown) => this.#deps.runtime.say(id, `The server could not be started again: ${text(error)}`));
  }

  #refuseSuspended(record: Readonly<ServerRecord>): void {
    if (!record.suspended) return;
    const why = record.suspendReason ? `: ${record.suspendReason}` : '.';
    throw conflict('SERVER_SUSPENDED', `The server is suspended${why}`);
  }

  async #askHooks(record: Readonly<ServerRecord>, actor: Actor | null): Promise<void> {
    // What the panel or a plugin does is not asked about: two plugins could ask each other for ever.
    if (!actor) return;
    const server = this.#deps.directory.toHookServer(record);
    const result = await this.#deps.hooks.before('server:beforeStart', { user: hookUser(actor), server });
    if (result.kind === 'denied')
      throw new HttpError(403, 'SERVER_START_DENIED', result.reason, { plugin: result.plugin });
  }

  #onRuntime(event: RuntimeEvent): void {
    if (event.type !== 'state') return;
    const { directory, events, hooks } = this.#deps;
    const record = directory.collection.get(event.id);
    if (!record) return;
    const cause = this.#causes.get(event.id);
    if (event.to === 'offline') this.#recordEnd(record, event);
    const current = directory.collection.get(event.id) ?? record;
    const server = { ...directory.toServer(current), state: event.to };
    events.emit({ type: 'changed', owner: record.owner, id: record.id, state: event.to, server });
    hooks.after('server:onStatusChange', () => ({
      server: { ...directory.toHookServer(current), state: event.to },
      from: event.from,
      to: event.to,
      ...changeCause(event, cause),
      ...(event.exit ? { exitCode: event.exit.code } : {}),
    }));
  }

  #recordEnd(record: Readonly<ServerRecord>, event: RuntimeEvent & { type: 'state' }): void {
    const restarts = this.#startNext.has(record.id);
    const patch: Partial<ServerRecord> =
      this.#closing || restarts || event.from === 'installing' ? {} : { desired: 'stopped' };
    if (event.exit && event.from !== 'stopping') {
      const { code, signal, crashed, message } = event.exit;
      patch.lastExit = { code, signal, crashed, at: new Date().toISOString(), ...(message ? { message } : {}) };
    }
    if (event.from === 'installing' && event.exit?.crashed) patch.desired = 'stopped';
    if (Object.keys(patch).length === 0) return;
    // The memory changes now; a disk that refuses is reported by the store, and costs a record of an exit.
    this.#deps.directory.collection.update(record.id, patch).catch(() => undefined);
  }
}

function changeCause(
  event: RuntimeEvent & { type: 'state' },
  cause?: Cause,
): { action?: PowerAction | 'crash'; user?: Actor } {
  if (event.to === 'offline' && event.exit?.crashed) return { action: 'crash' };
  // It ended by itself, in good order: nobody's action.
  if (event.to === 'offline' && event.from !== 'stopping') return {};
  if (!cause) return {};
  return { action: cause.action, ...(cause.actor ? { user: hookUser(cause.actor) } : {}) };
}

const conflict = (code: string, message: string): HttpError => new HttpError(409, code, message);

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
