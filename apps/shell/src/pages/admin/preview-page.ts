import { msg, str } from '@lit/localize';
import type { ColorMode, PreviewInfo, PreviewReport, Role } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import './preview.css';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, notice, skeletonLines } from '../../ui/states.js';
import './consent-dialog.js';
import './preview-answers.js';
import { keepsFramesIn, mayKeepFramesIn } from './preview-check.js';
import { PreviewClient, isEnded } from './preview-client.js';
import type { PreviewFrame, Viewport } from './preview-frame.js';
import './preview-frame.js';
import { didNotStart } from './preview-report.js';
import './preview-settings.js';
import { beginParts } from './preview-parts.js';
import { previewToolbar } from './preview-toolbar.js';
import { pluginApi, pluginPage, type PluginDetail } from './plugin-model.js';

const PROLONG_MS = 60_000;
const RETRY_MS = 3_000;

type State =
  | { kind: 'starting' }
  | { kind: 'failed'; error: unknown }
  /** `shown` names the frame that is there now; null: it was taken away, for that reason. */
  | { kind: 'running'; info: PreviewInfo; frame: number; lost: string | null }
  | { kind: 'ended' }
  /** Nothing of the plugin's is on the page. */
  | { kind: 'asking' };

/** A plugin that is not active, tried by this admin alone: the panel with it in a sealed frame, and what it does beside it. */
@customElement('sodium-admin-preview')
export class AdminPreview extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @state() private status: State = { kind: 'starting' };
  @state() private plugin: PluginDetail | null = null;
  @state() private report: PreviewReport | null = null;
  @state() private viewport: Viewport = matchMedia('(max-width: 48rem)').matches ? 'phone' : 'desktop';
  @state() private mode: ColorMode = 'system';
  @state() private theme: string | null = null;
  @state() private sealed = true;
  @state() private busy = false;
  #client!: PreviewClient;
  #following: AbortController | null = null;
  #place = '/';
  #frames = 0;

  protected override attached(): void {
    beginParts(this.pluginId);
    this.#client = new PreviewClient(this.shell.api, this.pluginId);
    const prolong = setInterval(() => void this.#prolong(), PROLONG_MS);
    this.own(
      () => clearInterval(prolong),
      () => this.#following?.abort(),
      this.shell.theme.subscribe(() => this.requestUpdate()),
    );
    void this.#open();
  }

  override render(): TemplateResult {
    return html`${this.#head()} ${this.#content()}`;
  }

  #head(): TemplateResult {
    const { plugin, status } = this;
    const running = status.kind === 'running';
    return html`<div class="so-page-head so-preview-head">
      <div>
        <a class="so-back" href=${pluginPage(this.pluginId)}>${icon('chevron-left')}${plugin?.name ?? this.pluginId}</a>
        <div class="so-row">
          <h1>${msg('Preview')}</h1>
          <span class="so-badge so-badge-warning">${msg('not active')}</span>
          ${this.report ? html`<span class="so-badge">${this.report.plugin.version}</span>` : nothing}
        </div>
        <p>
          ${msg('Only you see it. Nothing that it does here is kept, and nothing leaves the panel. It ends by itself half an hour after you have left this page.')}
        </p>
      </div>
      ${
        status.kind === 'asking'
          ? nothing
          : html`<div class="so-actions">
              <wa-button appearance="outlined" ?disabled=${!running} @click=${() => void this.#discard()}
                >${msg('Discard')}</wa-button
              >
              <wa-button
                variant="brand"
                ?disabled=${!plugin || !running}
                ?loading=${this.busy}
                @click=${() => void this.#ask()}
              >
                <span slot="start">${icon('power')}</span>${msg('Activate')}
              </wa-button>
            </div>`
      }
    </div>`;
  }

  #content(): TemplateResult {
    const { status } = this;
    switch (status.kind) {
      case 'starting':
        return skeletonLines(8);
      case 'failed':
        return html`<div class="so-card">${errorState(status.error, () => void this.#open())}</div>`;
      case 'ended':
        return html`<div class="so-card">
          ${emptyState({
            icon: 'clock',
            title: msg('This preview has ended'),
            text: msg('Previews end when nobody looks at them. Nothing that the plugin did was kept.'),
            action: this.#startAgain(),
          })}
        </div>`;
      case 'asking':
        return this.#consent();
      case 'running':
        return this.#running(status);
    }
  }

  #running({ info, frame, lost }: Extract<State, { kind: 'running' }>): TemplateResult {
    return html`${this.sealed ? nothing : this.#unsealed()}
      <div class="so-preview">
        <section class="so-preview-stage" aria-label=${msg('The panel with the plugin')}>
          ${previewToolbar(
            {
              viewAs: info.viewAs,
              viewport: this.viewport,
              mode: this.mode,
              theme: this.theme,
              themes: this.#themes(info),
            },
            {
              viewAs: (role) => void this.#viewAs(role),
              viewport: (viewport) => (this.viewport = viewport),
              mode: (mode) => (this.mode = mode),
              theme: (theme) => (this.theme = theme),
              reload: () => this.#show(info),
            },
          )}
          ${this.#told(info)} ${this.#tryOn(info)} ${lost === null ? this.#frame(info, frame) : this.#lost(info, lost)}
        </section>
        <aside class="so-preview-side" aria-label=${msg('What the plugin does')}>${this.#report(info)}</aside>
      </div>`;
  }

  #frame(info: PreviewInfo, frame: number): TemplateResult {
    const mode = this.mode === 'system' ? this.shell.theme.mode : this.mode;
    return html`${keyed(
      frame,
      html`<sodium-preview-frame
        .url=${info.url}
        .name=${this.plugin?.name ?? this.pluginId}
        .path=${this.#place}
        .viewport=${this.viewport}
        .look=${{ theme: this.theme, mode }}
        @place=${({ detail }: CustomEvent<string>) => (this.#place = detail)}
        @gone=${({ detail }: CustomEvent<string>) => this.#lose(detail)}
        @ended=${() => void this.#prolong()}
        @escape=${() => this.querySelector<HTMLElement>('.so-preview-toolbar input:checked')?.focus()}
      ></sodium-preview-frame>`,
    )}`;
  }

  /** A theme is style sheets alone: it may be worn outside of the frame too. */
  #tryOn({ theme }: PreviewInfo): TemplateResult | typeof nothing {
    if (!theme || this.shell.theme.trial) return nothing;
    const trial = { id: this.pluginId, name: this.plugin?.name ?? this.pluginId, ...theme };
    return html`<p class="so-actions">
      <wa-button size="s" appearance="outlined" @click=${() => void this.shell.theme.tryOn(trial)}>
        <span slot="start">${icon('palette')}</span>${msg('Try it on this tab of yours')}
      </wa-button>
    </p>`;
  }

  /** Why there is less to see than somebody would expect. */
  #told({ visible }: PreviewInfo): TemplateResult | typeof nothing {
    if (this.report && didNotStart(this.report))
      return notice(
        'danger',
        html`<b>${msg('Its backend did not start.')}</b>
          <span
            >${msg('What is here is what is left of it without that. Where it failed is told under Errors.')}</span
          >`,
      );
    if (visible) return nothing;
    return notice(
      'info',
      html`<b>${msg('It adds nothing to see.')}</b>
        <span>${msg('What it does with events and requests is told in the report.')}</span>`,
    );
  }

  #lost(info: PreviewInfo, reason: string): TemplateResult {
    return html`${notice('danger', html`<b>${msg('The frame was closed')}</b><span>${reason}</span>`, true)}
      <p class="so-actions">
        <wa-button appearance="outlined" size="s" @click=${() => this.#show(info)}>${msg('Open it again')}</wa-button>
      </p>`;
  }

  #unsealed(): TemplateResult {
    return html`<div class="so-preview-note">
      ${notice(
        'warning',
        html`<b>${msg('This browser cannot keep everything in a frame.')}</b>
          <span
            >${msg('A plugin could tell others what it sees here, so this preview shows made-up servers and people. Chromium 150 or later can show yours.')}</span
          >`,
      )}
    </div>`;
  }

  #report(info: PreviewInfo): TemplateResult {
    const { report } = this;
    if (!report) return skeletonLines(6);
    const hosts = [...new Set(report.egress.map(({ host }) => host))];
    return html`<div class="so-stack">
      <sodium-preview-report .report=${report} .client=${this.#client}></sodium-preview-report>
      <sodium-preview-settings
        .specs=${this.plugin?.settings ?? {}}
        .values=${info.settings}
        .client=${this.#client}
        @applied=${({ detail }: CustomEvent<PreviewInfo>) => this.#show(detail)}
      ></sodium-preview-settings>
      ${
        report.permissions.declared.includes('webhooks:send')
          ? html`<sodium-preview-answers
              .answers=${info.answers}
              .hosts=${hosts}
              .client=${this.#client}
              @changed=${({ detail }: CustomEvent<PreviewInfo>) => this.#know(detail)}
            ></sodium-preview-answers>`
          : nothing
      }
    </div>`;
  }

  #consent(): TemplateResult {
    const { plugin } = this;
    if (!plugin) return skeletonLines(4);
    const wanted = this.#wanted(plugin);
    return html`<sodium-consent-dialog
      .plugin=${plugin}
      .permissions=${wanted}
      @consent=${() => void this.#activate(wanted)}
      @closed=${() => void (this.busy || this.#open())}
    ></sodium-consent-dialog>`;
  }

  #wanted({ permissions, update }: PluginDetail): string[] {
    return [...new Set([...permissions.declared, ...(update?.addedPermissions ?? [])])];
  }

  #startAgain(): TemplateResult {
    return html`<wa-button variant="brand" @click=${() => void this.#open()}>${msg('Start again')}</wa-button>`;
  }

  async #open(): Promise<void> {
    this.status = { kind: 'starting' };
    this.report = null;
    try {
      const detail = this.shell.api.get<PluginDetail>(pluginApi(this.pluginId));
      const [plugin, info] = await Promise.all([detail, this.#start()]);
      this.plugin = plugin;
      if (!this.isConnected) return;
      this.#show(info);
      void this.#follow();
    } catch (error) {
      this.status = { kind: 'failed', error };
    }
  }

  /** The browser is looked at while the backend starts. No frame is there before both are known. */
  async #start(): Promise<PreviewInfo> {
    const early = mayKeepFramesIn() ? this.#client.open({ madeUp: false }) : null;
    early?.catch(() => undefined);
    this.sealed = await keepsFramesIn();
    return this.sealed && early ? early : this.#client.open({ madeUp: !this.sealed });
  }

  /** A theme that is being tried stands first. */
  #themes({ themes, theme }: PreviewInfo): PreviewInfo['themes'] {
    const own = theme ? [{ id: this.pluginId, name: this.plugin?.name ?? this.pluginId }] : [];
    return [...own, ...themes.filter(({ id }) => id !== this.pluginId)];
  }

  /** Each time a frame of its own: what was in the one before is gone. */
  #show(info: PreviewInfo): void {
    if (this.status.kind !== 'running' && this.plugin?.type === 'theme') this.theme = this.pluginId;
    this.status = { kind: 'running', info, frame: (this.#frames += 1), lost: null };
  }

  /** The frame that is there stays. */
  #know(info: PreviewInfo): void {
    if (this.status.kind === 'running') this.status = { ...this.status, info };
  }

  #lose(reason: string): void {
    if (this.status.kind === 'running') this.status = { ...this.status, lost: reason };
  }

  /** Asks for what is new as long as the preview runs. */
  async #follow(): Promise<void> {
    this.#following?.abort();
    const { signal } = (this.#following = new AbortController());
    while (!signal.aborted) {
      try {
        const report = await this.#client.report(this.report?.revision ?? -1, signal);
        if (signal.aborted) return;
        if (this.report && report.plugin.hash !== this.report.plugin.hash) void this.#reloaded();
        this.report = report;
      } catch (error) {
        if (signal.aborted) return;
        if (isEnded(error)) return this.#end();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** The tried content is another one now. Where the frame still is the same it takes it over itself. */
  async #reloaded(): Promise<void> {
    const info = await this.#client.change({}).catch(() => null);
    if (!info || this.status.kind !== 'running') return;
    const frame = this.querySelector<PreviewFrame>('sodium-preview-frame');
    if (!frame || frame.url !== info.url) return this.#show(info);
    this.#know(info);
    frame.reload();
  }

  async #viewAs(role: Role): Promise<void> {
    await this.#change({ viewAs: role });
  }

  async #change(patch: { viewAs?: Role }): Promise<void> {
    try {
      this.#show(await this.#client.change(patch));
    } catch (error) {
      if (isEnded(error)) this.#end();
      else this.shell.fail(error);
    }
  }

  async #prolong(): Promise<void> {
    if (this.status.kind !== 'running') return;
    try {
      const info = await this.#client.change({});
      // The machine may have slept longer than an address lasts.
      if (this.status.kind === 'running' && info.url !== this.status.info.url) this.#show(info);
    } catch (error) {
      if (isEnded(error)) this.#end();
    }
  }

  #end(): void {
    this.#following?.abort();
    this.#takeOff();
    if (this.status.kind === 'running') this.status = { kind: 'ended' };
  }

  #takeOff(): void {
    if (this.shell.theme.trial?.id === this.pluginId) void this.shell.theme.tryOn(null);
  }

  async #discard(): Promise<void> {
    this.#following?.abort();
    this.#takeOff();
    this.status = { kind: 'starting' };
    // What has ended already is as good as discarded.
    await this.#client.discard().catch(() => undefined);
    this.shell.toast(msg('Nothing that the plugin did was kept.'), 'success');
    await this.shell.router.navigate(pluginPage(this.pluginId));
  }

  /** The frame is gone before the question is on the screen: nothing can draw over it, or take its click. */
  async #ask(): Promise<void> {
    this.#following?.abort();
    this.#takeOff();
    this.busy = true;
    this.status = { kind: 'starting' };
    await this.updateComplete;
    await this.#client.discard().catch(() => undefined);
    try {
      this.plugin = await this.shell.api.get<PluginDetail>(pluginApi(this.pluginId));
      this.status = { kind: 'asking' };
    } catch (error) {
      this.status = { kind: 'failed', error };
    }
    this.busy = false;
  }

  async #activate(permissions: readonly string[]): Promise<void> {
    this.busy = true;
    try {
      await this.shell.api.post(`${pluginApi(this.pluginId)}/activate`, { permissions });
      this.shell.toast(msg(str`“${this.plugin?.name ?? this.pluginId}” is active.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.shell.router.navigate(pluginPage(this.pluginId));
  }
}
