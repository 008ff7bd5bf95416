import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import type { SystemStatus } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { ShellElement } from '../../shell-element.js';
import { formatDuration } from '../../ui/format.js';
import { insecureNotice } from '../../ui/insecure-notice.js';
import { errorState, notice, skeletonLines } from '../../ui/states.js';
import { themeChoices } from '../../theme/theme-cards.js';
import { figure } from '../dashboard-figure.js';
import './metrics-token.js';
import './plugin-load.js';

@customElement('sodium-admin-overview')
export class AdminOverview extends ShellElement {
  readonly #status = new Task(this, {
    args: () => [],
    task: async () => this.shell.api.get<SystemStatus>('/api/admin/system'),
  });

  protected override attached(): void {
    const { theme } = this.shell;
    this.own(theme.subscribe(() => this.requestUpdate()));
    void theme.refresh().then(() => this.requestUpdate());
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head"><h1>${msg('Overview')}</h1></div>
      ${this.#status.render({
        pending: () => (this.#status.value ? this.#content(this.#status.value) : skeletonLines(6)),
        error: (error) => html`<div class="so-card">${errorState(error, () => void this.#status.run())}</div>`,
        complete: (status) => this.#content(status),
      })}`;
  }

  #content(status: SystemStatus): TemplateResult {
    return html`<div class="so-stack-lg">
      ${insecureNotice()} ${this.#warnings(status)}
      <dl class="so-stats">
        ${figure('package', 'Sodium', status.version)} ${figure('code-xml', 'Node.js', status.node.replace(/^v/, ''))}
        ${figure('clock', msg('Uptime'), formatDuration(status.uptimeMs))}
        ${figure('blocks', msg('Plugins'), pluginsLabel(status))}
      </dl>
      <sodium-plugin-load></sodium-plugin-load>
      <section class="so-card">
        <header><h2>${msg('Accounts')}</h2></header>
        <div class="so-card-body">
          <wa-switch
            .checked=${status.registration}
            @change=${this.#toggleRegistration}
            hint=${msg('When this is off, only administrators create accounts.')}
          >
            ${msg('Visitors may register')}
          </wa-switch>
        </div>
      </section>
      ${this.#defaultTheme(status)}
      <section class="so-card">
        <header><h2>${msg('How servers are kept apart')}</h2></header>
        <div class="so-card-body">${isolation(status)}</div>
      </section>
      <sodium-metrics-token
        .status=${status.metricsToken}
        @changed=${() => void this.#status.run()}
      ></sodium-metrics-token>
    </div>`;
  }

  #warnings(status: SystemStatus): TemplateResult | typeof nothing {
    const notes = [
      ...(status.safeMode
        ? [
            notice(
              'warning',
              html`<b>${msg('Safe mode')}</b><span>${msg('The panel was started without plugins.')}</span>`,
            ),
          ]
        : []),
      ...status.problems.map((problem) =>
        notice(
          'danger',
          html`<b class="so-mono">${problem.file}</b><span>${problem.message}</span><span>${problem.fix}</span>`,
        ),
      ),
    ];
    return notes.length > 0 ? html`<div class="so-stack">${notes}</div>` : nothing;
  }

  /** Only where there is something to choose from. */
  #defaultTheme({ theme: chosen }: SystemStatus): TemplateResult | typeof nothing {
    const { preferences } = this.shell.theme;
    if (!preferences || preferences.themes.length === 0) return nothing;
    const choices = themeChoices(preferences).filter(({ value }) => value !== null);
    const gone = !choices.some(({ value }) => value === chosen);
    return html`<section class="so-card">
      <header><h2 id="so-default-theme">${msg('Theme')}</h2></header>
      <div class="so-card-body so-stack">
        <label class="so-menu-field so-form-narrow" style="padding: 0">
          <span>${msg('What users see who have not chosen a theme, and visitors')}</span>
          <select @change=${this.#chooseTheme}>
            ${gone ? html`<option value=${chosen} selected disabled>${chosen} (${msg('not active')})</option>` : nothing}
            ${choices.map(
              ({ value, name }) => html`<option value=${value} .selected=${live(value === chosen)}>${name}</option>`,
            )}
          </select>
        </label>
      </div>
    </section>`;
  }

  #chooseTheme = async (event: Event): Promise<void> => {
    try {
      await this.shell.api.patch('/api/admin/system', { theme: (event.target as HTMLSelectElement).value });
      this.shell.toast(msg('The default theme was changed.'), 'success');
      await this.shell.theme.refresh();
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#status.run();
  };

  #toggleRegistration = async (event: Event): Promise<void> => {
    const registration = (event.target as HTMLInputElement).checked;
    try {
      await this.shell.api.patch('/api/admin/system', { registration });
      this.shell.toast(
        registration ? msg('Visitors may register now.') : msg('Registration is closed now.'),
        'success',
      );
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#status.run();
  };
}

function pluginsLabel({ pluginsEnabled, safeMode }: SystemStatus): string {
  if (safeMode) return msg('Safe mode');
  return pluginsEnabled ? msg('On') : msg('Off');
}

function isolation({ isolation: { kind, detail } }: SystemStatus): TemplateResult {
  if (kind === 'none') {
    return notice('warning', html`<b>${msg('Servers are not isolated')}</b><span>${detail}</span>`);
  }
  const title =
    kind === 'user' ? msg('Servers run as another user of the system') : msg('Servers run in a sandbox of their own');
  return notice('success', html`<b>${title}</b><span>${detail}</span>`);
}
