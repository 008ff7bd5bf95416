import type {
  ConsoleLine,
  PowerAction,
  Resources,
  Server,
  ServerCreate,
  ServerPatch,
  Template,
  UsagePoint,
} from '@sodium/contract';
import type { HookServer } from '@sodium/sdk';
import { HttpError } from '../../http-error.js';
import type { HookPort } from '../../plugins/hooks-port.js';
import type { CoreStore } from '../../storage/index.js';
import { Listeners, type Dispose } from '../listeners.js';
import type { PortRange } from './free-port.js';
import type { Runtime, RuntimeEvent } from './runtime.js';
import { requireAdmin, ServerDirectory } from './server-directory.js';
import type { ServerEvent } from './server-events.js';
import { ServerFactory } from './server-factory.js';
import { ServerPower } from './server-power.js';
import { hookUser, serverRecordSchema, type Actor, type ServerRecord } from './server-record.js';
import type { TemplateRegistry } from './templates/template-registry.js';
import { UsageHistory } from './usage-history.js';

const MAX_COMMAND = 2000;

export interface ServerServiceDeps {
  store: CoreStore;
  hooks: HookPort;
  runtime: Runtime;
  templates: TemplateRegistry;
  ports?: PortRange;
}

/** The servers of the panel. An `actor` of `null` is the panel itself, or a plugin that holds the permission. */
export class ServerService {
  readonly #deps: ServerServiceDeps;
  readonly #directory: ServerDirectory;
  readonly #power: ServerPower;
  readonly #factory: ServerFactory;
  readonly #events = new Listeners<ServerEvent>();
  readonly #history = new Map<string, UsageHistory>();

  constructor(deps: ServerServiceDeps) {
    this.#deps = deps;
    const { store, hooks, runtime, templates } = deps;
    this.#directory = new ServerDirectory(store.collection('servers', serverRecordSchema), runtime);
    this.#power = new ServerPower({ directory: this.#directory, runtime, templates, hooks, events: this.#events });
    this.#factory = new ServerFactory({
      ...deps,
      directory: this.#directory,
      spec: (record) => this.#power.spec(record),
    });
    runtime.events((event) => this.#onRuntime(event));
  }

  templates(): Template[] {
    return this.#deps.templates.list();
  }

  list(actor: Actor | null): Server[] {
    return this.#directory.list(actor);
  }

  get(actor: Actor | null, id: string): Server {
    return this.#directory.toServer(this.#directory.require(actor, id));
  }

  /** All servers as plugins see them. */
  listForHooks(): HookServer[] {
    return this.#directory.collection.all().map((record) => this.#directory.toHookServer(record));
  }

  getForHooks(id: string): HookServer {
    return this.#directory.toHookServer(this.#directory.require(null, id));
  }

  /** Whether it exists for this actor. */
  canSee(actor: Actor, id: string): boolean {
    return this.#directory.find(actor, id) !== undefined;
  }

  ownedBy(user: string): Server[] {
    return this.#directory.list(null).filter((server) => server.owner === user);
  }

  on(listener: (event: ServerEvent) => void): Dispose {
    return this.#events.add(listener);
  }

  async create(actor: Actor, body: ServerCreate): Promise<Server> {
    const record = await this.#factory.create(actor, body);
    this.#events.emit({ type: 'created', owner: actor.id, server: this.#directory.toServer(record) });
    this.#deps.hooks.after('server:onCreate', () => ({
      user: hookUser(actor),
      server: this.#directory.toHookServer(record),
    }));
    if (!record.installed) this.#power.install(record, actor);
    return this.#directory.toServer(record);
  }

  async patch(actor: Actor, id: string, patch: ServerPatch): Promise<Server> {
    const record = this.#directory.require(actor, id);
    if (patch.limits) requireAdmin(actor, 'change the limits of a server');
    const changes: Partial<ServerRecord> = {};
    if (patch.name !== undefined) changes.name = patch.name;
    if (patch.limits) changes.limits = patch.limits;
    if (patch.variables) changes.variables = this.#factory.patchVariables(actor, record, patch.variables);
    const after = await this.#directory.collection.update(id, changes);
    this.#announce(after);
    return this.#directory.toServer(after);
  }

  async delete(actor: Actor, id: string): Promise<void> {
    const record = this.#directory.require(actor, id);
    const server = this.#directory.toHookServer(record);
    const result = await this.#deps.hooks.before('server:beforeDelete', { user: hookUser(actor), server });
    if (result.kind === 'denied')
      throw new HttpError(403, 'SERVER_DELETE_DENIED', result.reason, { plugin: result.plugin });
    await this.#power.exclusive(id, async () => {
      this.#directory.require(actor, id);
      await this.#stopForDelete(id);
      await this.#deps.runtime.delete(id);
      await this.#directory.collection.delete(id);
    });
    this.#history.delete(id);
    this.#events.emit({ type: 'deleted', owner: record.owner, id });
    this.#deps.hooks.after('server:onDelete', () => ({ user: hookUser(actor), server }));
  }

  power(actor: Actor | null, id: string, action: PowerAction): Promise<Server> {
    return this.#power.run(actor, id, action);
  }

  command(actor: Actor | null, id: string, command: string): void {
    this.#directory.require(actor, id);
    // eslint-disable-next-line no-control-regex -- a line feed would be a second command
    if (command.length > MAX_COMMAND || /[\u0000-\u0008\u000a-\u001f]/.test(command))
      throw new HttpError(400, 'INVALID_COMMAND', `A command is one line of at most ${MAX_COMMAND} characters.`);
    this.#deps.runtime.command(id, command);
  }

  console(actor: Actor, id: string, after?: number): ConsoleLine[] {
    this.#directory.require(actor, id);
    return this.#deps.runtime.attach(id, after);
  }

  async resources(actor: Actor | null, id: string): Promise<Resources> {
    this.#directory.require(actor, id);
    return { current: await this.#deps.runtime.stats(id), history: this.#history.get(id)?.points() ?? [] };
  }

  /** The last sample of each server that this actor may see and that is not off. */
  latestUsage(actor: Actor): [id: string, usage: UsagePoint][] {
    return this.#directory.list(actor).flatMap(({ id, state }) => {
      const last = state === 'offline' ? undefined : this.#history.get(id)?.last;
      return last ? [[id, last]] : [];
    });
  }

  /** Stops it and keeps it from being started. */
  async suspend(actor: Actor | null, id: string, reason?: string): Promise<Server> {
    requireAdmin(actor, 'suspend servers');
    this.#directory.require(actor, id);
    const after = await this.#directory.collection.update(id, {
      suspended: true,
      suspendReason: reason?.slice(0, 300),
    });
    this.#announce(after);
    await this.#power.run(null, id, 'stop').catch((error: unknown) => {
      if (!(error instanceof HttpError) || error.status !== 409) throw error;
    });
    return this.get(null, id);
  }

  async unsuspend(actor: Actor | null, id: string): Promise<Server> {
    requireAdmin(actor, 'unsuspend servers');
    this.#directory.require(actor, id);
    const after = await this.#directory.collection.update(id, { suspended: false, suspendReason: undefined });
    this.#announce(after);
    return this.#directory.toServer(after);
  }

  /** Starts what ran before the panel ended. */
  resume(): Promise<void> {
    return this.#power.resume();
  }

  /** Stops all servers and remembers which ran. */
  async close(graceMs?: number): Promise<void> {
    this.#power.close();
    await this.#deps.runtime.close(graceMs);
  }

  async #stopForDelete(id: string): Promise<void> {
    const { runtime } = this.#deps;
    if (runtime.state(id) === 'offline') return;
    await runtime.stop(id);
  }

  #announce(record: Readonly<ServerRecord>): void {
    const server = this.#directory.toServer(record);
    this.#events.emit({ type: 'changed', owner: record.owner, id: record.id, state: server.state, server });
  }

  #onRuntime(event: RuntimeEvent): void {
    if (event.type === 'console') return this.#events.emit({ type: 'console', id: event.id, line: event.line });
    if (event.type !== 'usage') return;
    const record = this.#directory.collection.get(event.id);
    if (!record) return;
    let history = this.#history.get(event.id);
    if (!history) this.#history.set(event.id, (history = new UsageHistory()));
    const usage = history.add(event.usage);
    this.#events.emit({ type: 'usage', owner: record.owner, id: event.id, usage });
    this.#deps.hooks.after('server:resourceUsage', () => ({
      server: this.#directory.toHookServer(record),
      usage: { ...event.usage },
    }));
  }
}
