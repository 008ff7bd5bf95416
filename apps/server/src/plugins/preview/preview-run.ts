import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { PreviewAnswers, PreviewReport } from '@sodium/contract';
import type { HookContexts } from '@sodium/sdk';
import { checkCrons } from '../crons.js';
import { hostsIn } from '../egress.js';
import type { EventHistory } from '../hooks/event-history.js';
import type { HookData } from '../hooks-port.js';
import type { PreviewedWorld } from '../preview-port.js';
import type {
  Capability,
  InstanceSpec,
  InstanceState,
  PluginInstance,
  Registrations,
  SandboxHost,
} from '../sandbox/types.js';
import { PreviewActivity } from './activity.js';
import { CronTrials } from './cron-trials.js';
import { DocumentDiff } from './document-diff.js';
import { EgressRecorder } from './egress-recorder.js';
import { filterItems, filters } from './filter-items.js';
import type { PreviewContent } from './preview-content.js';
import type { PreviewSettings } from './preview-settings.js';
import { configSet, pluginsCall } from './scratch-capabilities.js';
import { replayEvents, type Listening } from './replay-events.js';

export interface PreviewRunDeps {
  sandbox: SandboxHost;
  world: PreviewedWorld;
  history: EventHistory;
  sodiumVersion: string;
  /** The folder that holds each plugin's `plugins_<id>` store. */
  databaseDirectory: string;
  allowPrivate(): boolean;
}

export interface PreviewRunOptions {
  madeUp: boolean;
  settings: PreviewSettings;
  answers(): PreviewAnswers;
  onChange(): void;
}

const NOTHING: Registrations = { routes: [], hooks: [], crons: [], methods: [], collections: [], ui: {} };
const KEPT_REPLAYS = 60;

/** One content of a plugin at work in a preview, and all that is known of what it did. It is nowhere registered. */
export class PreviewRun {
  readonly activity: PreviewActivity;
  readonly documents: DocumentDiff;
  readonly egress: EgressRecorder;
  readonly instance: PluginInstance | null;
  /** Newest first. */
  readonly replays: PreviewReport['hooks']['replays'] = [];
  readonly crons: CronTrials;
  registrations: Registrations = NOTHING;
  startMs: number | null = null;
  /** Ends when no event is being replayed. */
  replaying: Promise<void> = Promise.resolve();
  /** The plugin's real collections; null where there are none, or none are shown. */
  readonly #store: string | null;
  #replays = 0;
  #stopped = false;
  #start: 'new' | 'failed' | 'started' = 'new';

  private constructor(
    readonly content: PreviewContent,
    source: InstanceSpec['source'],
    private readonly deps: PreviewRunDeps,
    readonly options: PreviewRunOptions,
    store: string | null,
  ) {
    const { onChange } = options;
    this.#store = store;
    this.activity = new PreviewActivity(onChange);
    this.documents = new DocumentDiff(this.#store, onChange);
    this.egress = new EgressRecorder({
      allowedHosts: () => this.#allowedHosts(),
      allowPrivate: deps.allowPrivate,
      answers: options.answers,
      onChange,
    });
    this.instance = source ? deps.sandbox.create(this.#spec(source)) : null;
    this.crons = new CronTrials(this.instance, () => this.registrations.crons, onChange);
  }

  static async create(content: PreviewContent, deps: PreviewRunDeps, options: PreviewRunOptions): Promise<PreviewRun> {
    const code = content.hasFile('server.js') ? await content.read('server.js') : null;
    const map = code && (await content.read('server.js.map'));
    const source = code && { code: code.toString('utf8'), map: map && map.toString('utf8') };
    const store = path.join(deps.databaseDirectory, `plugins_${content.manifest.id}`);
    const kept = options.madeUp ? [] : await readdir(store).catch(() => []);
    return new PreviewRun(content, source ?? undefined, deps, options, kept.length > 0 ? store : null);
  }

  /** Rejects when its `server.js` does not start. It may still be looked at then. */
  async start(): Promise<void> {
    if (!this.instance) return;
    const started = performance.now();
    const registrations = await this.#activate(this.instance).catch((error: unknown) => {
      this.#start = 'failed';
      throw error;
    });
    this.startMs = Math.round(performance.now() - started);
    this.#adopt(registrations);
  }

  /** What could not be scheduled is refused here as it is when the plugin is activated. */
  async #activate(instance: PluginInstance): Promise<Registrations> {
    const registrations = await instance.activate();
    checkCrons(registrations.crons);
    return registrations;
  }

  /** Replays what happened lately. Once at a time; what a preview does of it stays in it. */
  replay(event?: string): Promise<void> {
    this.replaying = this.replaying.then(() => this.#replay(event)).catch(() => undefined);
    return this.replaying;
  }

  /** What the plugin makes of a list of the panel's; as it was, where it does not listen. */
  async filter<E extends 'sidebar:items' | 'admin:tabs'>(
    event: E,
    context: HookData<E>,
    schema: z.ZodType<HookContexts[E]['items']>,
  ): Promise<HookData<E>> {
    const parts = this.#listening();
    if (!parts) return context;
    const warn = (text: string): void => this.activity.log({ at: Date.now(), level: 'warn', source: 'panel', text });
    return filterItems({ ...parts, warn }, event, context, schema);
  }

  /** Its own documents name servers and users by their real ids. */
  get knowsIds(): boolean {
    return this.#store !== null;
  }

  get filtersSidebar(): boolean {
    const parts = this.#listening();
    return parts !== null && filters(parts, 'sidebar:items');
  }

  async applySettings(patch: Record<string, unknown>, by: 'admin' | 'plugin'): Promise<void> {
    const { settings, onChange } = this.options;
    const changed = settings.update(patch, by);
    onChange();
    if (Object.keys(changed).length > 0) await this.instance?.updateConfig(changed, settings.values());
    // It may have lacked just this.
    if (this.#start === 'failed') await this.instance?.restart().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.instance?.stop(0);
  }

  #adopt(registrations: Registrations): void {
    this.#start = 'started';
    this.registrations = registrations;
    this.options.onChange();
  }

  /** What failed at first may start when it is called: then what it registers is known. */
  #onState(state: InstanceState): void {
    this.options.onChange();
    if (state.kind !== 'running' || this.#start !== 'failed') return;
    this.instance?.activate().then(
      (registrations) => {
        this.#adopt(registrations);
        void this.replay();
      },
      () => undefined,
    );
  }

  /** Null for what has no backend, or one that did not start. */
  #listening(): Listening | null {
    const { instance, registrations, content } = this;
    return instance && this.#start === 'started' ? { instance, registrations, manifest: content.manifest } : null;
  }

  async #replay(event?: string): Promise<void> {
    const { deps, options } = this;
    const listening = this.#listening();
    if (!listening) return;
    const parts = { ...deps, ...listening, madeUp: options.madeUp, knowsIds: this.knowsIds };
    for await (const replayed of replayEvents(parts, event)) {
      if (this.#stopped) return;
      this.#replays += 1;
      this.replays.unshift({ id: this.#replays, ...replayed });
      if (this.replays.length > KEPT_REPLAYS) this.replays.length = KEPT_REPLAYS;
      options.onChange();
    }
  }

  #allowedHosts(): readonly string[] {
    const { network, settings } = this.content.manifest;
    return [...(network?.hosts ?? []), ...hostsIn(settings, this.options.settings.typed())];
  }

  #capabilities(): Record<string, Capability> {
    const { deps, options, activity } = this;
    const record = (name: string, args: unknown): void => activity.action(name, args);
    return {
      ...deps.world.capabilities({ madeUp: options.madeUp, knowsIds: this.knowsIds, record }),
      fetch: this.egress.capability(),
      'plugins.call': pluginsCall(record),
      'config.set': configSet(this, record),
    };
  }

  #spec(source: NonNullable<InstanceSpec['source']>): InstanceSpec {
    const { content, deps, options, activity } = this;
    const { manifest } = content;
    return {
      meta: { id: manifest.id, name: manifest.name, version: manifest.version, sodium: deps.sodiumVersion },
      serverFile: path.join(content.folder, 'server.js'),
      source,
      capabilities: this.#capabilities(),
      hasPermission: (permission) => manifest.permissions.includes(permission),
      onPermissionUsed: (permission) => activity.used(permission),
      declaredHooks: manifest.hooks.map((hook) => (typeof hook === 'string' ? hook : hook.event)),
      config: options.settings.values(),
      store: { kind: 'scratch', directory: this.#store, journal: this.documents.journal },
      resident: false,
      onLog: (entry) => activity.log(entry),
      onState: (state) => this.#onState(state),
      onRegistrations: (registrations) => this.#adopt(registrations),
    };
  }
}
