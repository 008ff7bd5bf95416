import {
  adminTabEntriesSchema,
  sidebarEntriesSchema,
  type PreviewAnswers,
  type PreviewConflict,
  type PreviewReport,
  type RegistryEntry,
  type Role,
} from '@sodium/contract';
import type { AdminTabEntry, HookUser, SidebarEntry } from '@sodium/sdk';
import type { Manifest } from '@sodium/sdk/manifest';
import type { PluginInstance } from '../sandbox/types.js';
import { registryEntry, type ShownPlugin } from '../registry.js';
import { placeIn } from './activity.js';
import { DEFAULT_ANSWERS } from './egress-recorder.js';
import { claimsOf, findConflicts } from '../conflicts/find-conflicts.js';
import type { PluginManager } from '../manager.js';
import type { PreviewContent } from './preview-content.js';
import { previewReport } from './preview-report.js';
import { PreviewRun, type PreviewRunDeps } from './preview-run.js';
import { PreviewSettings } from './preview-settings.js';
import { startFailure } from './start-failure.js';

export interface PreviewDeps extends PreviewRunDeps {
  manager: PluginManager;
  /** The content that lies in the plugin's folder now; rejects with 400 when it could not be activated. */
  content(plugin: string): Promise<PreviewContent>;
}

export interface PreviewOptions {
  plugin: string;
  /** The session of the admin whose preview this is. */
  session: string;
  /** Made-up data alone: the admin's browser could not keep real ones in. */
  madeUp: boolean;
  startedAt: number;
  expiresAt: number;
}

const KEPT_PROBLEMS = 20;
/** How long a report waits for the events that are being replayed when it is asked for. */
const REPLAY_PATIENCE_MS = 2000;

/** A plugin that one admin tries. Nobody else meets it, and nothing of it is kept. */
export class Preview {
  readonly plugin: string;
  readonly session: string;
  readonly madeUp: boolean;
  readonly startedAt: number;
  /** The content it was opened with. What is reloaded goes on in the same frame. */
  readonly openedHash: string;
  expiresAt: number;
  /** Whom the panel is shown as. */
  viewer: { role: Role } = { role: 'admin' };
  answers: PreviewAnswers = DEFAULT_ANSWERS;
  problems: PreviewReport['problems'] = [];
  revision = 1;
  ended = false;
  readonly #listeners = new Set<() => void>();
  #conflicts: { of: PreviewRun; found: Promise<PreviewConflict[]> } | null = null;
  #run: PreviewRun;
  #reloading: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly deps: PreviewDeps,
    options: PreviewOptions,
    makeRun: (preview: Preview) => PreviewRun,
  ) {
    this.plugin = options.plugin;
    this.session = options.session;
    this.madeUp = options.madeUp;
    this.startedAt = options.startedAt;
    this.expiresAt = options.expiresAt;
    this.#run = makeRun(this);
    this.openedHash = this.hash;
  }

  static async open(deps: PreviewDeps, options: PreviewOptions): Promise<Preview> {
    const content = await deps.content(options.plugin);
    const settings = new PreviewSettings(content.manifest.settings);
    // The run tells its preview of changes, and the preview does not exist yet.
    let opened: Preview | null = null;
    const run = await PreviewRun.create(content, deps, {
      madeUp: options.madeUp,
      settings,
      answers: () => opened?.answers ?? DEFAULT_ANSWERS,
      onChange: () => opened?.changed(),
    });
    const preview = (opened = new Preview(deps, options, () => run));
    await run.start().catch((error: unknown) => preview.#problem(startFailure(error)));
    void run.replay();
    return preview;
  }

  get run(): PreviewRun {
    return this.#run;
  }

  get manifest(): Manifest {
    return this.run.content.manifest;
  }

  get hash(): string {
    return this.run.content.hash;
  }

  /** Null for a theme, and for a plugin that is a client alone. */
  get instance(): PluginInstance | null {
    return this.run.instance;
  }

  /** What the shell in the frame knows of the plugin: what it would know if it were active. */
  get entry(): RegistryEntry {
    return registryEntry(shown(this.run), this.manifest.permissions);
  }

  get settings(): PreviewSettings {
    return this.run.options.settings;
  }

  /** A file for the frame, or null. Never `server.js`. */
  async readFile(path: string): Promise<Uint8Array | null> {
    const bytes = await this.run.content.readForBrowser(path);
    if (!bytes && this.run.content.hasFile(path))
      this.#problem(`"${path}" cannot be shown: the folder was changed meanwhile, or the file is not for browsers.`);
    return bytes;
  }

  get knowsIds(): boolean {
    return this.run.knowsIds;
  }

  get filtersSidebar(): boolean {
    return this.run.filtersSidebar;
  }

  async filterSidebar(user: HookUser, items: SidebarEntry[]): Promise<SidebarEntry[]> {
    return (await this.run.filter('sidebar:items', { user, items }, sidebarEntriesSchema)).items;
  }

  /** Like in the panel, tabs can be hidden, named and ordered, but not made up. */
  async filterAdminTabs(user: HookUser, tabs: AdminTabEntry[]): Promise<AdminTabEntry[]> {
    const { items } = await this.run.filter('admin:tabs', { user, items: tabs }, adminTabEntriesSchema);
    return items.filter((tab) => tabs.some(({ id, plugin }) => id === tab.id && plugin === tab.plugin));
  }

  noteClientError({ message, stack, where }: { message: string; stack?: string; where?: string }): void {
    const text = [`${message}${where ? ` in ${where}` : ''}`, ...(stack ? [stack] : [])].join('\n');
    this.run.activity.error('client', text);
  }

  viewAs(role: Role): void {
    this.viewer = { role };
    this.changed();
  }

  setAnswers(answers: PreviewAnswers): void {
    this.answers = answers;
    this.changed();
  }

  /**
   * Takes what lies in the folder now. It has to start before it takes the place of what ran; where it does not, that
   * goes on, and the report says why.
   */
  reload(): Promise<boolean> {
    const reloading = this.#reloading.then(() => this.#reload());
    this.#reloading = reloading.catch(() => undefined);
    return reloading;
  }

  async report(): Promise<PreviewReport> {
    await within(REPLAY_PATIENCE_MS, this.run.replaying);
    return previewReport(this);
  }

  /** Where it would meet active plugins. They are looked through once for each content, and when others run. */
  conflicts(): Promise<PreviewConflict[]> {
    const { run } = this;
    if (this.#conflicts?.of !== run) {
      const claims = claimsOf(shown(run), (file) => run.content.read(file));
      const found = claims.then((mine) => findConflicts(mine, this.deps.manager)).catch(() => []);
      this.#conflicts = { of: run, found };
    }
    return this.#conflicts.found;
  }

  /** Other plugins run now. */
  othersChanged(): void {
    this.#conflicts = null;
    this.changed();
  }

  /** Called at each change of the report, and at the end. Returns the end of the subscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(): void {
    this.revision += 1;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Ends its process; nothing remains. */
  async close(): Promise<void> {
    this.ended = true;
    this.changed();
    this.#listeners.clear();
    await this.#reloading;
    await this.run.stop();
  }

  async #reload(): Promise<boolean> {
    if (this.ended) return false;
    let next: PreviewRun | null = null;
    try {
      const content = await this.deps.content(this.plugin);
      const settings = new PreviewSettings(content.manifest.settings);
      settings.adopt(this.settings);
      next = await PreviewRun.create(content, this.deps, { ...this.run.options, settings });
      await next.start();
    } catch (error) {
      await next?.stop();
      this.#problem(`The changed plugin was not taken over. ${startFailure(error)}`);
      return false;
    }
    const before = this.#run;
    this.#run = next;
    this.problems = [];
    this.changed();
    void next.replay();
    await before.stop();
    return true;
  }

  #problem(message: string): void {
    const problem = { at: new Date().toISOString(), message, where: placeIn(message) };
    this.problems = [problem, ...this.problems.filter((other) => other.message !== message)].slice(0, KEPT_PROBLEMS);
    this.changed();
  }
}

const shown = ({ content, registrations }: PreviewRun): ShownPlugin => ({
  manifest: content.manifest,
  hash: content.hash,
  registrations,
  hasFile: (file) => content.hasFile(file),
});

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}
