import { randomUUID } from 'node:crypto';
import {
  limitsSchema,
  serverNameSchema,
  variablesSchema,
  type ConsoleLine,
  type PowerAction,
  type Resources,
  type Server,
  type ServerCreate,
  type ServerPatch,
  type Template,
} from '@sodium/contract';
import type { HookServer } from '@sodium/sdk';
import { z } from 'zod';
import { HttpError } from '../../http-error.js';
import type { HookPort } from '../../plugins/hooks-port.js';
import type { CoreStore, Document } from '../../storage/index.js';
import { KeyedLock } from '../keyed-lock.js';
import { Listeners, type Dispose } from '../listeners.js';
import { DEFAULT_PORTS, findFreePort, type PortRange } from './free-port.js';
import type { LocalRuntime } from './local-runtime.js';
import type { RuntimeEvent } from './runtime.js';
import { requireAdmin, ServerDirectory } from './server-directory.js';
import type { ServerEvent } from './server-events.js';
import { hookUser, ServerPower } from './server-power.js';
import { serverRecordSchema, type Actor, type ServerRecord } from './server-record.js';
import { resolveVariables } from './templates/fill-template.js';
import type { TemplateDefinition } from './templates/template-definition.js';
import type { TemplateRegistry } from './templates/template-registry.js';
import { UsageHistory } from './usage-history.js';

const MAX_COMMAND = 2000;
const draftSchema = z.object({ name: serverNameSchema, limits: limitsSchema, variables: variablesSchema });
const countersSchema = z.object({ lastServerNumber: z.int() });

export interface ServerServiceDeps {
  store: CoreStore;
  hooks: HookPort;
  runtime: LocalRuntime;
  templates: TemplateRegistry;
  ports?: PortRange;
}

/** The servers of the panel. An `actor` of `null` is the panel itself, or a plugin that holds the permission. */
export class ServerService {
  readonly #deps: ServerServiceDeps;
  readonly #directory: ServerDirectory;
  readonly #power: ServerPower;
  readonly #counters: Document<z.infer<typeof countersSchema>>;
  readonly #events = new Listeners<ServerEvent>();
  readonly #history = new Map<string, UsageHistory>();
  readonly #creating = new KeyedLock();
  #allocating: Promise<unknown> = Promise.resolve();

  constructor(deps: ServerServiceDeps) {
    this.#deps = deps;
    const { store, hooks, runtime, templates } = deps;
    this.#directory = new ServerDirectory(store.collection('servers', serverRecordSchema), runtime);
    this.#counters = store.document('server-numbers', countersSchema, { lastServerNumber: 0 });
    this.#power = new ServerPower({ directory: this.#directory, runtime, templates, hooks, events: this.#events });
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
    // One after another for each user, or two at once would both pass a plugin that counts.
    return this.#creating.run(actor.id, async () => {
      const template = this.#template(body.template);
      this.#refuseUnisolated(actor, template);
      resolveVariables(template, body.variables);
      const draft = await this.#askCreate(actor, body);
      const record = await this.#allocate(actor, template, draft);
      await this.#makeFolder(record);
      const server = this.#directory.toServer(record);
      this.#events.emit({ type: 'created', owner: actor.id, server });
      this.#deps.hooks.after('server:onCreate', () => ({
        user: hookUser(actor),
        server: this.#directory.toHookServer(record),
      }));
      if (template.install.length > 0) this.#power.install(record, actor);
      return this.get(null, record.id);
    });
  }

  async patch(actor: Actor, id: string, patch: ServerPatch): Promise<Server> {
    const record = this.#directory.require(actor, id);
    if (patch.limits) requireAdmin(actor, 'change the limits of a server');
    const changes: Partial<ServerRecord> = {};
    if (patch.name !== undefined) changes.name = patch.name;
    if (patch.limits) changes.limits = patch.limits;
    if (patch.variables) changes.variables = this.#patchVariables(actor, record, patch.variables);
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

  #template(id: string): TemplateDefinition {
    const template = this.#deps.templates.get(id);
    if (template) return template;
    const known = this.#deps.templates.list().map((each) => `"${each.id}"`);
    throw new HttpError(400, 'UNKNOWN_TEMPLATE', `There is no template "${id}". Expected one of ${known.join(', ')}.`);
  }

  #refuseUnisolated(actor: Actor, template: TemplateDefinition): void {
    if (!template.runsAnyProgram || actor.role === 'admin' || this.#deps.runtime.isolation.kind !== 'none') return;
    throw new HttpError(
      403,
      'ISOLATION_REQUIRED',
      `Only an admin may use the template "${template.id}" here: it runs any program, and servers on this machine are not isolated.`,
    );
  }

  async #askCreate(actor: Actor, body: ServerCreate): Promise<z.infer<typeof draftSchema>> {
    const serverCount = this.ownedBy(actor.id).length;
    const { name, template, variables } = body;
    const result = await this.#deps.hooks.before('server:beforeCreate', {
      user: { ...hookUser(actor), serverCount },
      server: { name, template, limits: { ...body.limits } as Record<string, number>, variables: { ...variables } },
    });
    if (result.kind === 'denied')
      throw new HttpError(403, 'SERVER_CREATE_DENIED', result.reason, { plugin: result.plugin });
    const changed = draftSchema.safeParse(result.context.server);
    if (changed.success) return changed.data;
    const why = changed.error.issues.map((issue) => `"${issue.path.join('.')}": ${issue.message}`).join(' ');
    throw new HttpError(
      502,
      'SERVER_DRAFT_INVALID',
      `A plugin changed the server into one that cannot be created. ${why}`,
    );
  }

  /** Numbers and ports are given one at a time. */
  async #allocate(
    actor: Actor,
    template: TemplateDefinition,
    draft: z.infer<typeof draftSchema>,
  ): Promise<Readonly<ServerRecord>> {
    const variables = resolveVariables(template, draft.variables);
    const task = this.#allocating.then(async () => {
      const records = this.#directory.collection.all();
      const port = await findFreePort(this.#deps.ports ?? DEFAULT_PORTS, new Set(records.map((record) => record.port)));
      const number = Math.max(this.#counters.get().lastServerNumber, ...records.map((record) => record.number)) + 1;
      await this.#counters.update({ lastServerNumber: number });
      return this.#directory.collection.insert({
        id: randomUUID(),
        number,
        name: draft.name,
        template: template.id,
        owner: actor.id,
        suspended: false,
        limits: draft.limits,
        variables,
        port,
        installed: template.install.length === 0,
        desired: 'stopped',
        createdAt: new Date().toISOString(),
      });
    });
    this.#allocating = task.catch(() => undefined);
    return task;
  }

  async #makeFolder(record: Readonly<ServerRecord>): Promise<void> {
    try {
      await this.#deps.runtime.create(this.#power.spec(record));
    } catch (error) {
      await this.#directory.collection.delete(record.id);
      throw error;
    }
  }

  #patchVariables(actor: Actor, record: Readonly<ServerRecord>, given: Record<string, string>): Record<string, string> {
    const template = this.#template(record.template);
    const { PORT, ...rest } = given;
    // A form sends back what it was given; asking for another port is something else.
    if (PORT !== undefined && PORT !== String(record.port))
      throw new HttpError(400, 'INVALID_VARIABLES', `The variable "PORT" is set by the panel: it is "${record.port}".`);
    this.#refuseUnisolated(actor, template);
    // A template that was edited may have fewer variables than the server was made with.
    const known = new Set(template.variables.map((variable) => variable.name));
    const kept = Object.fromEntries(Object.entries(record.variables).filter(([name]) => known.has(name)));
    return resolveVariables(template, { ...kept, ...rest });
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
