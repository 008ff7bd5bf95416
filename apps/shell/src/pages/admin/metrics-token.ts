import { msg } from '@lit/localize';
import type { MetricsTokenStatus } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { notice } from '../../ui/states.js';

const ADDRESS = '/api/admin/system/metrics-token';

/** The token with which Prometheus reads the panel's figures. A new one is shown once. Fires `changed`. */
@customElement('sodium-metrics-token')
export class MetricsTokenCard extends ShellElement {
  @property({ attribute: false }) status: MetricsTokenStatus = { kind: 'none' };
  @state() private made: string | null = null;
  @state() private busy = false;

  override render(): TemplateResult {
    const isSet = this.status.kind !== 'none';
    return html`<section class="so-card">
      <header><h2>${msg('Figures for Prometheus')}</h2></header>
      <div class="so-card-body so-stack">
        <p>${msg('Prometheus reads /metrics with a bearer token, which opens nothing else.')} ${this.#state()}</p>
        ${
          this.made
            ? notice(
                'success',
                html`<b>${msg('Copy this token now: it is not shown again.')}</b
                  ><code class="so-once">${this.made}</code>`,
                true,
              )
            : nothing
        }
        <div class="so-actions" style="justify-content: flex-start">
          <wa-button size="s" appearance="outlined" ?loading=${this.busy} @click=${() => void this.#make(isSet)}
            >${isSet ? msg('Make a new token') : msg('Make a token')}</wa-button
          >
          ${
            isSet
              ? html`<wa-button
                  size="s"
                  appearance="outlined"
                  variant="danger"
                  ?loading=${this.busy}
                  @click=${() => void this.#revoke()}
                  >${msg('Revoke the token')}</wa-button
                >`
              : nothing
          }
        </div>
      </div>
    </section>`;
  }

  #state(): TemplateResult {
    const { status } = this;
    if (status.kind === 'none') return html`<b>${msg('There is none: only administrators read it.')}</b>`;
    if (status.kind === 'typed') return html`${msg('The present one stands in config.json.')}`;
    return html`${msg('The present one was made on')} ${status.at ? formatTime(status.at) : '–'}.`;
  }

  async #make(replaces: boolean): Promise<void> {
    if (replaces && !(await this.#sure(msg('Make a new token?'), msg('Make a new token')))) return;
    await this.#act(async () => {
      this.made = (await this.shell.api.post<{ token: string }>(ADDRESS)).token;
    });
  }

  async #revoke(): Promise<void> {
    if (!(await this.#sure(msg('Revoke the token?'), msg('Revoke the token')))) return;
    await this.#act(async () => {
      await this.shell.api.delete(ADDRESS);
      this.made = null;
      this.shell.toast(msg('The token was revoked.'), 'success');
    });
  }

  #sure(title: string, confirmLabel: string): Promise<boolean> {
    const message = msg('Whoever reads the figures with the present token is refused from now on.');
    return this.shell.confirm({ title, message, confirmLabel, danger: true });
  }

  async #act(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await action();
      this.dispatchEvent(new Event('changed'));
    } catch (error) {
      this.shell.fail(error);
    }
    this.busy = false;
  }
}
