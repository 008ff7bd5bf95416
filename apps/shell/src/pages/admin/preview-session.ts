import { msg, str } from '@lit/localize';
import type { PreviewInfo, PreviewReport, Role } from '@sodium/contract';
import type { Shell } from '../../shell.js';
import { keepsFramesIn, mayKeepFramesIn } from './preview-check.js';
import { PreviewClient, isEnded } from './preview-client.js';
import { pluginApi, pluginPage, type PluginDetail } from './plugin-model.js';

const PROLONG_MS = 60_000;
const RETRY_MS = 3_000;

export type PreviewState =
  | { kind: 'starting' }
  | { kind: 'failed'; error: unknown }
  /** `frame` names the frame that is there now. `lost`: it was taken away, for that reason. */
  | { kind: 'running'; info: PreviewInfo; frame: number; lost: string | null }
  | { kind: 'ended' }
  /** Nothing of the plugin's is on the page. */
  | { kind: 'asking' };

export type RunningPreview = Extract<PreviewState, { kind: 'running' }>;

export interface PreviewPageView {
  /** Something of the session is another by now. */
  draw(): void;
  /** Resolves once that is drawn. */
  drawn(): Promise<unknown>;
  /** A preview starts of what was not looked at before. */
  opened(plugin: PluginDetail): void;
  /** Has the frame with this address take over other content; false where there is none. */
  reloadFrame(url: string): boolean;
}

/** One plugin being tried by this admin, from the start over what it reports to its end. */
export class PreviewSession {
  readonly client: PreviewClient;
  plugin: PluginDetail | null = null;
  report: PreviewReport | null = null;
  /** This browser keeps what is in a frame from telling others. */
  sealed = true;
  busy = false;
  #state: PreviewState = { kind: 'starting' };
  #following: AbortController | null = null;
  #frames = 0;
  #closed = false;
  readonly #prolonging: ReturnType<typeof setInterval>;

  constructor(
    private readonly shell: Shell,
    readonly pluginId: string,
    private readonly view: PreviewPageView,
  ) {
    this.client = new PreviewClient(shell.api, pluginId);
    this.#prolonging = setInterval(() => void this.prolong(), PROLONG_MS);
  }

  get state(): PreviewState {
    return this.#state;
  }

  /** The page was left. The preview itself goes on for a while: somebody may come back. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#prolonging);
    this.#following?.abort();
  }

  async open(): Promise<void> {
    this.report = null;
    this.#be({ kind: 'starting' });
    try {
      const detail = this.shell.api.get<PluginDetail>(pluginApi(this.pluginId));
      const [plugin, info] = await Promise.all([detail, this.#start()]);
      this.plugin = plugin;
      if (this.#closed) return;
      this.view.opened(plugin);
      this.show(info);
      void this.#follow();
    } catch (error) {
      this.#be({ kind: 'failed', error });
    }
  }

  /** Each time a frame of its own: what was in the one before is gone. */
  show(info: PreviewInfo): void {
    this.#be({ kind: 'running', info, frame: (this.#frames += 1), lost: null });
  }

  /** The frame that is there stays. */
  know(info: PreviewInfo): void {
    if (this.#state.kind === 'running') this.#be({ ...this.#state, info });
  }

  lose(reason: string): void {
    if (this.#state.kind === 'running') this.#be({ ...this.#state, lost: reason });
  }

  async viewAs(role: Role): Promise<void> {
    try {
      this.show(await this.client.change({ viewAs: role }));
    } catch (error) {
      if (isEnded(error)) this.#end();
      else this.shell.fail(error);
    }
  }

  async prolong(): Promise<void> {
    if (this.#state.kind !== 'running') return;
    try {
      const info = await this.client.change({});
      // The machine may have slept longer than an address lasts.
      if (this.#state.kind === 'running' && info.url !== this.#state.info.url) this.show(info);
    } catch (error) {
      if (isEnded(error)) this.#end();
    }
  }

  async discard(): Promise<void> {
    await this.#takeAway();
    this.shell.toast(msg('Nothing that the plugin did was kept.'), 'success');
    await this.shell.router.navigate(pluginPage(this.pluginId));
  }

  /** The frame is gone before the question is on the screen: nothing can draw over it, or take its click. */
  async ask(): Promise<void> {
    this.busy = true;
    await this.#takeAway();
    try {
      this.plugin = await this.shell.api.get<PluginDetail>(pluginApi(this.pluginId));
      this.busy = false;
      this.#be({ kind: 'asking' });
    } catch (error) {
      this.busy = false;
      this.#be({ kind: 'failed', error });
    }
  }

  async activate(permissions: readonly string[]): Promise<void> {
    this.busy = true;
    this.view.draw();
    try {
      await this.shell.api.post(`${pluginApi(this.pluginId)}/activate`, { permissions });
      this.shell.toast(msg(str`“${this.plugin?.name ?? this.pluginId}” is active.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.shell.router.navigate(pluginPage(this.pluginId));
  }

  /** The browser is looked at while the backend starts. No frame is there before both are known. */
  async #start(): Promise<PreviewInfo> {
    const early = mayKeepFramesIn() ? this.client.open({ madeUp: false }) : null;
    early?.catch(() => undefined);
    this.sealed = await keepsFramesIn();
    return this.sealed && early ? early : this.client.open({ madeUp: !this.sealed });
  }

  /** Asks for what is new as long as the preview runs. */
  async #follow(): Promise<void> {
    this.#following?.abort();
    const { signal } = (this.#following = new AbortController());
    while (!signal.aborted) {
      try {
        const report = await this.client.report(this.report?.revision ?? -1, signal);
        if (signal.aborted) return;
        if (this.report && report.plugin.hash !== this.report.plugin.hash) void this.#reloaded();
        this.report = report;
        this.view.draw();
      } catch (error) {
        if (signal.aborted) return;
        if (isEnded(error)) return this.#end();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** The tried content is another one now. Where the frame still is the same it takes it over itself. */
  async #reloaded(): Promise<void> {
    const info = await this.client.change({}).catch(() => null);
    if (!info || this.#state.kind !== 'running') return;
    if (this.view.reloadFrame(info.url)) this.know(info);
    else this.show(info);
  }

  #end(): void {
    this.#following?.abort();
    this.#takeOff();
    if (this.#state.kind === 'running') this.#be({ kind: 'ended' });
  }

  /** Takes the plugin off the page, then ends its preview. */
  async #takeAway(): Promise<void> {
    this.#following?.abort();
    this.#takeOff();
    this.#be({ kind: 'starting' });
    await this.view.drawn();
    // What has ended already is as good as discarded.
    await this.client.discard().catch(() => undefined);
  }

  #takeOff(): void {
    if (this.shell.theme.trial?.id === this.pluginId) void this.shell.theme.tryOn(null);
  }

  #be(state: PreviewState): void {
    this.#state = state;
    this.view.draw();
  }
}
