import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { html, nothing, type TemplateResult } from 'lit';
import { KIND_LABELS, type DeadLetter, type Overview } from '../shapes.js';
import { AlertsElement } from './alerts-element.js';
import { styles } from './styles.js';

const REFRESH_MS = 5000;

const clock = (at: number): string => new Date(at).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });

/** Admin area: whether messages arrive, and those that never will unless somebody looks at them. */
export class DeliveryTab extends AlertsElement<Overview> {
  static override readonly styles = [SodiumElement.styles, viewStyles, styles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(REFRESH_MS, () => void this.load());
  }

  protected override fetch(): Promise<Overview> {
    return this.sodium.api.get('/admin/overview');
  }

  protected override view(overview: Overview): TemplateResult {
    const { waiting, deadTotal, counts, configured } = overview;
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Delivery</h2>
          <p class="quiet">Nothing that waits here is lost when the panel restarts.</p>
        </div>
        <wa-button
          variant="brand"
          size="small"
          ?disabled=${!configured}
          ?loading=${this.busy === 'test'}
          @click=${this.#test}
          >Send a test</wa-button
        >
      </div>
      ${this.#notices(overview)}
      <dl class="card figures">
        <div>
          <dt class="label">Delivered</dt>
          <dd class="figure">${counts.sent}</dd>
        </div>
        <div>
          <dt class="label">Waiting</dt>
          <dd class="figure">${waiting}</dd>
        </div>
        <div>
          <dt class="label">Given up</dt>
          <dd class="figure">${deadTotal}</dd>
        </div>
        ${
          counts.dropped > 0
            ? html`<div>
                <dt class="label">Left out in quiet hours</dt>
                <dd class="figure">${counts.dropped}</dd>
              </div>`
            : nothing
        }
      </dl>
      ${this.#dead(overview)} ${this.#sent(overview)}
    </div>`;
  }

  #notices(overview: Overview): TemplateResult {
    const { configured, disabled, waitingUntil, waitingReason, quietUntil, quietMode, problem } = overview;
    if (!configured)
      return html`<div class="notice info">
        <p>Enter the address of a Discord webhook in the settings of this plugin. Until then events are collected.</p>
      </div>`;
    return html`${
      disabled
        ? html`<div class="notice danger" role="alert">
            <p>
              Nothing is sent since ${clock(disabled.at)}. ${disabled.reason} Enter another address in the settings, or
              try this one again.
            </p>
            <wa-button
              appearance="outlined"
              size="small"
              ?loading=${this.busy === 'resume'}
              @click=${() => this.act('resume', () => this.sodium.api.post('/admin/resume'))}
              >Try again</wa-button
            >
          </div>`
        : nothing
    }
    ${problem ? html`<div class="notice warning" role="alert"><p>${problem}</p></div>` : nothing}
    ${
      waitingUntil && !disabled
        ? html`<div class="notice warning">
            <p>${waitingReason ?? 'Discord asks to wait.'} The next message is sent at ${clock(waitingUntil)}.</p>
          </div>`
        : nothing
    }
    ${
      quietUntil
        ? html`<div class="notice info">
            <p>
              Quiet hours until ${clock(quietUntil)}:
              ${quietMode === 'hold' ? 'messages are held until then.' : 'what happens until then is not sent.'}
            </p>
          </div>`
        : nothing
    }`;
  }

  #dead({ dead, deadTotal }: Overview): TemplateResult | typeof nothing {
    if (deadTotal === 0) return nothing;
    return html`<section class="card" aria-labelledby="dead">
      <div class="head">
        <h3 id="dead">Given up</h3>
        <div class="row">
          <wa-button
            appearance="outlined"
            size="small"
            ?loading=${this.busy === 'retry'}
            @click=${() => this.act('retry', () => this.#post('/admin/dead/retry', 'They are sent again.'))}
            >Retry all</wa-button
          >
          <wa-button appearance="outlined" size="small" @click=${() => this.#deleteAll(deadTotal)}
            >Delete all</wa-button
          >
        </div>
      </div>
      <ul class="list">
        ${dead.map((letter) => this.#letter(letter))}
      </ul>
      ${deadTotal > dead.length ? html`<p class="quiet small">The newest ${dead.length} of ${deadTotal}.</p>` : nothing}
    </section>`;
  }

  #letter({ id, kind, at, about, error }: DeadLetter): TemplateResult {
    return html`<li>
      <div class="what">
        <strong>${KIND_LABELS[kind]}</strong>: ${about}
        <p class="quiet small">${clock(at)}. ${error}</p>
      </div>
      <div class="row">
        <wa-button
          appearance="outlined"
          size="small"
          ?loading=${this.busy === id}
          @click=${() => this.act(id, () => this.#post(`/admin/dead/${encodeURIComponent(id)}/retry`, 'It is sent again.'))}
          >Retry <span class="unseen">“${KIND_LABELS[kind]}: ${about}”</span></wa-button
        >
        <wa-button appearance="outlined" size="small" @click=${() => this.#delete(id, about)}
          >Delete <span class="unseen">“${KIND_LABELS[kind]}: ${about}”</span></wa-button
        >
      </div>
    </li>`;
  }

  #sent({ sent }: Overview): TemplateResult {
    return html`<section class="card" aria-labelledby="sent">
      <h3 id="sent">Delivered last</h3>
      ${
        sent.length === 0
          ? html`<p class="empty">Nothing was delivered yet.</p>`
          : html`<ul class="list">
              ${sent.map(
                ({ at, text, events }) =>
                  html`<li>
                    <span class="what">${text.replace(/\\(?=[^0-9A-Za-z\s])/g, '')}</span>
                    <span class="quiet small">${events === 1 ? '' : `${events} events · `}${clock(at)}</span>
                  </li>`,
              )}
            </ul>`
      }
    </section>`;
  }

  readonly #test = (): Promise<void> =>
    this.act('test', async () => {
      const { ok, message } = await this.sodium.api.post<{ ok: boolean; message: string }>('/admin/test');
      this.sodium.toast(message, { variant: ok ? 'success' : 'danger' });
    });

  async #post(path: string, said: string): Promise<string> {
    await this.sodium.api.post(path);
    return said;
  }

  async #delete(id: string, about: string): Promise<void> {
    const message = 'It will never be sent. This cannot be undone.';
    const title = `Delete the message about “${about}”?`;
    if (!(await this.sodium.confirm({ title, message, confirmLabel: 'Delete', danger: true }))) return;
    await this.act(id, async () => void (await this.sodium.api.delete(`/admin/dead/${encodeURIComponent(id)}`)));
  }

  async #deleteAll(total: number): Promise<void> {
    const message = 'They will never be sent. This cannot be undone.';
    const title = `Delete ${total === 1 ? 'the message' : `all ${total} messages`}?`;
    if (!(await this.sodium.confirm({ title, message, confirmLabel: 'Delete all', danger: true }))) return;
    await this.act('delete', async () => void (await this.sodium.api.delete('/admin/dead')));
  }
}
