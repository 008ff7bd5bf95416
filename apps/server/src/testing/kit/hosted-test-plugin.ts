import path from 'node:path';
import type { HookName, HookServer, Permission } from '@sodium/sdk';
import type {
  AnswerHandler,
  CallOptions,
  EgressEntry,
  FireContext,
  FireResult,
  PluginLogLine,
  RouteAnswer,
  WriteRecording,
} from '@sodium/sdk/testing';
import type { HostedPlugin, MountFacts } from '@sodium/sdk/testing/host';
import type { PanelParts } from '../../create-panel.js';
import type { RunningPlugin } from '../../plugins/running-plugin.js';
import { updateSettings } from '../../plugins/settings/update-settings.js';
import { SESSION_COOKIE } from '../../routes/http/session.js';
import type { EgressRecorder } from './egress-recorder.js';
import { hookContext } from './hook-context.js';
import type { MemoryRuntime } from './memory-runtime.js';
import { raiseHook } from './raise-hook.js';
import { addStored, matching, readStored } from './stored-documents.js';
import type { TestPeople } from './test-people.js';
import type { WriteTap } from './write-tap.js';
import { RecordedWrites } from './recorded-writes.js';

export interface HostedParts {
  id: string;
  url: string;
  panel: PanelParts;
  people: TestPeople;
  runtime: MemoryRuntime;
  recorder: EgressRecorder;
  clock: { offsetMs: number };
  writes: WriteTap;
  close(): Promise<void>;
}

const ROOT = { id: null, username: 'test' };
const LOCAL = { ip: '127.0.0.1', agent: 'test' };

/** The one plugin under test, on its own panel. */
export class HostedTestPlugin implements HostedPlugin {
  readonly id: string;
  readonly url: string;
  readonly facts: MountFacts;
  readonly #parts: HostedParts;
  readonly #tokens = new Map<string, Promise<string>>();
  #closed: Promise<void> | null = null;

  constructor(parts: HostedParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.url = parts.url;
    const { people } = parts;
    this.facts = {
      cookie: async (username) => ({ name: SESSION_COOKIE, value: await this.#token(username) }),
      firstAdmin: () => people.firstAdmin().username,
      firstUser: () => people.firstUser().username,
      firstServer: () => people.firstServer(),
    };
  }

  get crons(): readonly string[] {
    return this.#running.registrations.crons.map(({ name }) => name);
  }

  get logs(): readonly PluginLogLine[] {
    return this.#manager
      .logOf(this.id)
      .list()
      .map(({ level, source, text }) => ({ level, source, text }));
  }

  get egress(): readonly EgressEntry[] {
    return this.#parts.recorder.of(this.id);
  }

  get usedPermissions(): readonly Permission[] {
    return this.#manager.usedPermissions(this.id);
  }

  get(route: string, options?: CallOptions): Promise<RouteAnswer> {
    return this.#request('GET', route, undefined, options);
  }

  post(route: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer> {
    return this.#request('POST', route, body, options);
  }

  put(route: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer> {
    return this.#request('PUT', route, body, options);
  }

  patch(route: string, body?: unknown, options?: CallOptions): Promise<RouteAnswer> {
    return this.#request('PATCH', route, body, options);
  }

  delete(route: string, options?: CallOptions): Promise<RouteAnswer> {
    return this.#request('DELETE', route, undefined, options);
  }

  async fire<E extends HookName>(event: E, context: FireContext<E> = {}): Promise<FireResult<E>> {
    const known = { people: this.#parts.people, servers: () => this.servers() };
    const full = hookContext(event, context, known);
    return raiseHook(this.#parts.panel.kernel.hooks, this.#running, event, full);
  }

  async runCron(name: string): Promise<void> {
    if (!this.crons.includes(name))
      throw new Error(`"${this.id}" has no task "${name}". Its tasks are: ${this.crons.join(', ') || 'none'}.`);
    const run = await this.#manager.deps.crons.fire(this.id, name, 'test');
    if (!run) throw new Error(`The task "${name}" of "${this.id}" is running already.`);
    if (!run.ok) throw new Error(run.message);
  }

  async call<T>(method: string, ...args: unknown[]): Promise<T> {
    return (await this.#instance.method(method, args, [])) as T;
  }

  async documents<T>(collection: string, query: Record<string, unknown> = {}): Promise<T[]> {
    const rows = (await readStored(this.#store)).get(collection);
    return matching(rows?.values() ?? [], query) as T[];
  }

  recordWrites(): Promise<WriteRecording> {
    return RecordedWrites.begin(this.#store, (listener) => this.#parts.writes.listen(this.id, listener));
  }

  async seed(collection: string, documents: readonly Record<string, unknown>[]): Promise<void> {
    await this.#manager.whileDown(this.id, 'a test adds documents', () =>
      addStored(this.#store, collection, documents),
    );
  }

  answer(host: string, handler: AnswerHandler): Disposable {
    return this.#parts.recorder.answer(host, handler);
  }

  revoke(permissions: readonly Permission[]): Promise<void> {
    return this.#manager.setRevoked(this.id, permissions, ROOT);
  }

  setConfig(values: Record<string, unknown>): Promise<void> {
    return updateSettings(this.#manager, this.id, this.#running.manifest.settings, values, ROOT, 'admin');
  }

  async setTime(now: Date | string | number): Promise<void> {
    this.#parts.clock.offsetMs = new Date(now).getTime() - Date.now();
    const { settings } = this.#manager.deps;
    await this.#instance.updateConfig({}, settings.values(this.id, this.#running.manifest.settings));
  }

  advance(milliseconds: number): Promise<void> {
    return this.setTime(Date.now() + this.#parts.clock.offsetMs + milliseconds);
  }

  restart(): Promise<void> {
    return this.#manager.restart(this.id, ROOT);
  }

  async kill(): Promise<void> {
    const { state } = this.#instance;
    if (state.kind === 'running') process.kill(state.pid, 'SIGKILL');
    await this.restart();
  }

  servers(): HookServer[] {
    return this.#hosting.servers.listForHooks();
  }

  server(id: string): HookServer {
    return this.#hosting.servers.getForHooks(id);
  }

  async createServer({
    name,
    owner,
    template = 'nodejs',
    variables = {},
  }: {
    name: string;
    owner?: string;
    template?: string;
    variables?: Record<string, string>;
  }): Promise<HookServer> {
    const { people } = this.#parts;
    const actor = owner === undefined ? people.firstUser() : people.user(owner);
    const created = await this.#hosting.servers.create(actor, { name, template, variables, limits: {} });
    await this.#settled();
    return this.server(created.id);
  }

  async power(id: string, action: 'start' | 'stop' | 'restart' | 'kill'): Promise<HookServer> {
    await this.#hosting.servers.power(this.#ownerOf(id), id, action);
    await this.#settled();
    return this.server(id);
  }

  async crash(id: string, exitCode = 1): Promise<void> {
    this.server(id);
    this.#parts.runtime.crash(id, exitCode);
    await this.#settled();
  }

  async reportUsage(
    id: string,
    usage: Partial<Record<'cpu' | 'memoryBytes' | 'diskBytes' | 'uptimeMs', number>>,
  ): Promise<void> {
    this.server(id);
    this.#parts.runtime.report(id, usage);
    await this.#settled();
  }

  async deleteServer(id: string): Promise<void> {
    await this.#hosting.servers.delete(this.#ownerOf(id), id);
    await this.#settled();
  }

  user(username: string): { id: string; username: string; role: 'admin' | 'user'; email: string } {
    return this.#parts.people.user(username);
  }

  dispose(): Promise<void> {
    return (this.#closed ??= this.#parts.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  get #manager() {
    return this.#parts.panel.kernel.manager;
  }

  get #hosting() {
    return this.#parts.panel.hosting;
  }

  get #store(): string {
    return path.join(this.#manager.deps.databaseDirectory, `plugins_${this.id}`);
  }

  get #running(): RunningPlugin {
    const running = this.#manager.running(this.id);
    if (running) return running;
    const state = this.#manager.state(this.id);
    throw new Error(`"${this.id}" does not run: it is ${state.kind}${'reason' in state ? ` (${state.reason})` : ''}.`);
  }

  get #instance() {
    const { instance } = this.#running;
    if (!instance) throw new Error(`"${this.id}" has no server.js.`);
    return instance;
  }

  #ownerOf(id: string) {
    return this.#parts.people.user(this.server(id).owner);
  }

  /** Resolves once the plugin has dealt with what just happened. */
  #settled(): Promise<void> {
    return this.#parts.panel.kernel.hooks.settled(this.id);
  }

  #token(username: string): Promise<string> {
    const { id } = this.#parts.people.user(username);
    const known = this.#tokens.get(id);
    if (known) return known;
    const made = this.#hosting.sessions.create(id, LOCAL).then(({ token }) => token);
    this.#tokens.set(id, made);
    return made;
  }

  async #request(method: string, route: string, body: unknown, options: CallOptions = {}): Promise<RouteAnswer> {
    const { user = this.facts.firstUser(), headers = {} } = options;
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api/plugins/${this.id}${route}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(user !== null && { cookie: `${SESSION_COOKIE}=${await this.#token(user)}` }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: bodyOf(text), text, bytes };
  }
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
