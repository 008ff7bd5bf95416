import { msg } from '@lit/localize';
import type { ColorMode, PreviewInfo } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import './preview.css';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import './consent-dialog.js';
import './preview-answers.js';
import type { PreviewFrame, Viewport } from './preview-frame.js';
import './preview-frame.js';
import { frameLost, lessToSee, unsealed } from './preview-notices.js';
import './preview-report.js';
import { PreviewSession, type RunningPreview } from './preview-session.js';
import './preview-settings.js';
import { beginParts } from './preview-parts.js';
import { previewToolbar } from './preview-toolbar.js';
import { pluginPage, type PluginDetail } from './plugin-model.js';

/** A plugin that is not active, tried by this admin alone: the panel with it in a sealed frame, and what it does beside it. */
@customElement('sodium-admin-preview')
export class AdminPreview extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @state() private viewport: Viewport = matchMedia('(max-width: 48rem)').matches ? 'phone' : 'desktop';
  @state() private mode: ColorMode = 'system';
  @state() private theme: string | null = null;
  #session!: PreviewSession;
  #place = '/';

  protected override attached(): void {
    beginParts(this.pluginId);
    const session = new PreviewSession(this.shell, this.pluginId, {
      draw: () => this.requestUpdate(),
      drawn: () => this.updateComplete,
      opened: ({ type }) => {
        if (type === 'theme') this.theme = this.pluginId;
      },
      reloadFrame: (url) => this.#reloadFrame(url),
    });
    this.#session = session;
    this.own(
      () => session.close(),
      this.shell.theme.subscribe(() => this.requestUpdate()),
    );
    void session.open();
  }

  get #name(): string {
    return this.#session.plugin?.name ?? this.pluginId;
  }

  override render(): TemplateResult {
    return html`${this.#head()} ${this.#content()}`;
  }

  #head(): TemplateResult {
    const { plugin, report, state, busy } = this.#session;
    const running = state.kind === 'running';
    return html`<div class="so-page-head so-preview-head">
      <div>
        <a class="so-back" href=${pluginPage(this.pluginId)}>${icon('chevron-left')}${this.#name}</a>
        <div class="so-row">
          <h1>${msg('Preview')}</h1>
          <span class="so-badge so-badge-warning">${msg('not active')}</span>
          ${report ? html`<span class="so-badge">${report.plugin.version}</span>` : nothing}
        </div>
        <p>
          ${msg('Only you see it. Nothing that it does here is kept, and nothing leaves the panel. It ends by itself half an hour after you have left this page.')}
        </p>
      </div>
      ${
        state.kind === 'asking'
          ? nothing
          : html`<div class="so-actions">
              <wa-button appearance="outlined" ?disabled=${!running} @click=${() => void this.#session.discard()}
                >${msg('Discard')}</wa-button
              >
              <wa-button
                variant="brand"
                ?disabled=${!plugin || !running}
                ?loading=${busy}
                @click=${() => void this.#session.ask()}
              >
                <span slot="start">${icon('power')}</span>${msg('Activate')}
              </wa-button>
            </div>`
      }
    </div>`;
  }

  #content(): TemplateResult {
    const { state } = this.#session;
    switch (state.kind) {
      case 'starting':
        return skeletonLines(8);
      case 'failed':
        return html`<div class="so-card">${errorState(state.error, () => void this.#session.open())}</div>`;
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
        return this.#running(state);
    }
  }

  #running({ info, frame, lost }: RunningPreview): TemplateResult {
    return html`${this.#session.sealed ? nothing : unsealed()}
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
              viewAs: (role) => void this.#session.viewAs(role),
              viewport: (viewport) => (this.viewport = viewport),
              mode: (mode) => (this.mode = mode),
              theme: (theme) => (this.theme = theme),
              reload: () => this.#session.show(info),
            },
          )}
          ${lessToSee(info, this.#session.report)} ${this.#tryOn(info)}
          ${lost === null ? this.#frame(info, frame) : frameLost(lost, () => this.#session.show(info))}
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
        .name=${this.#name}
        .path=${this.#place}
        .viewport=${this.viewport}
        .look=${{ theme: this.theme, mode }}
        @place=${({ detail }: CustomEvent<string>) => (this.#place = detail)}
        @gone=${({ detail }: CustomEvent<string>) => this.#session.lose(detail)}
        @ended=${() => void this.#session.prolong()}
        @escape=${() => this.querySelector<HTMLElement>('.so-preview-toolbar input:checked')?.focus()}
      ></sodium-preview-frame>`,
    )}`;
  }

  /** A theme is style sheets alone: it may be worn outside of the frame too. */
  #tryOn({ theme }: PreviewInfo): TemplateResult | typeof nothing {
    if (!theme || this.shell.theme.trial) return nothing;
    const trial = { id: this.pluginId, name: this.#name, ...theme };
    return html`<p class="so-actions">
      <wa-button size="s" appearance="outlined" @click=${() => void this.shell.theme.tryOn(trial)}>
        <span slot="start">${icon('palette')}</span>${msg('Try it on this tab of yours')}
      </wa-button>
    </p>`;
  }

  #report(info: PreviewInfo): TemplateResult {
    const session = this.#session;
    const { report, plugin, client } = session;
    if (!report) return skeletonLines(6);
    const hosts = [...new Set(report.egress.map(({ host }) => host))];
    return html`<div class="so-stack">
      <sodium-preview-report .report=${report} .client=${client}></sodium-preview-report>
      <sodium-preview-settings
        .specs=${plugin?.settings ?? {}}
        .values=${info.settings}
        .client=${client}
        @applied=${({ detail }: CustomEvent<PreviewInfo>) => session.show(detail)}
      ></sodium-preview-settings>
      ${
        report.permissions.declared.includes('webhooks:send')
          ? html`<sodium-preview-answers
              .answers=${info.answers}
              .hosts=${hosts}
              .client=${client}
              @changed=${({ detail }: CustomEvent<PreviewInfo>) => session.know(detail)}
            ></sodium-preview-answers>`
          : nothing
      }
    </div>`;
  }

  #consent(): TemplateResult {
    const session = this.#session;
    const { plugin } = session;
    if (!plugin) return skeletonLines(4);
    const wanted = wantedBy(plugin);
    return html`<sodium-consent-dialog
      .plugin=${plugin}
      .permissions=${wanted}
      @consent=${() => void session.activate(wanted)}
      @closed=${() => void (session.busy || session.open())}
    ></sodium-consent-dialog>`;
  }

  #startAgain(): TemplateResult {
    return html`<wa-button variant="brand" @click=${() => void this.#session.open()}>${msg('Start again')}</wa-button>`;
  }

  /** A theme that is being tried stands first. */
  #themes({ themes, theme }: PreviewInfo): PreviewInfo['themes'] {
    const own = theme ? [{ id: this.pluginId, name: this.#name }] : [];
    return [...own, ...themes.filter(({ id }) => id !== this.pluginId)];
  }

  #reloadFrame(url: string): boolean {
    const frame = this.querySelector<PreviewFrame>('sodium-preview-frame');
    if (frame?.url !== url) return false;
    frame.reload();
    return true;
  }
}

/** Everything that the content on disk asks for. */
const wantedBy = ({ permissions, update }: PluginDetail): string[] => [
  ...new Set([...permissions.declared, ...(update?.addedPermissions ?? [])]),
];
