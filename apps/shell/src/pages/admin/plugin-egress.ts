import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { EgressEntry } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes, formatMilliseconds, formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { pluginApi } from './plugin-model.js';

interface EgressList {
  items: EgressEntry[];
  allowed: string[];
}
type Outcome = 'all' | 'answered' | 'failed' | 'refused';
/** At first; the rest on demand. */
const FEW = 25;
const OUTCOMES: readonly Outcome[] = ['all', 'answered', 'failed', 'refused'];

/** Where a plugin sent, and where the panel did not let it. */
@customElement('sodium-plugin-egress')
export class PluginEgress extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @state() private words = '';
  @state() private outcome: Outcome = 'all';
  @state() private all = false;
  readonly #list = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) => this.shell.api.get<EgressList>(`${pluginApi(id)}/egress`),
  });

  override render(): TemplateResult {
    return html`<section class="so-card">
      <header>
        <div>
          <h2>${msg('Requests to the outside')}</h2>
          <p>${msg('The last 200. Paths are not kept: addresses of webhooks are secrets.')}</p>
        </div>
        <button
          class="so-icon-button"
          type="button"
          aria-label=${msg('Load the requests again')}
          title=${msg('Load again')}
          @click=${() => void this.#list.run()}
        >
          ${icon('refresh-cw')}
        </button>
      </header>
      ${this.#list.render({
        pending: () => (this.#list.value ? this.#content(this.#list.value) : skeletonLines(3)),
        error: (error) => errorState(error, () => void this.#list.run()),
        complete: (list) => this.#content(list),
      })}
    </section>`;
  }

  #content({ items, allowed }: EgressList): TemplateResult {
    const where =
      allowed.length > 0
        ? html`${msg('It may reach:')} ${allowed.map((host) => html`<code>${host}</code> `)}`
        : msg('It may reach no host.');
    if (items.length === 0)
      return html`<div class="so-card-body so-stack">
        <p class="so-muted">${msg('It has sent nothing since the panel was started.')}</p>
        <p class="so-muted so-small">${where}</p>
      </div>`;
    const shown = items.filter((entry) => this.#passes(entry));
    return html`${this.#tools()}
      ${
        shown.length > 0
          ? html`<table class="so-table">
              ${tableHead([msg('When'), msg('Host'), msg('Method'), msg('Outcome'), msg('Time'), msg('Sent'), msg('Received')])}
              <tbody>
                ${shown.slice(0, this.all ? shown.length : FEW).map(row)}
              </tbody>
            </table>`
          : html`<p class="so-card-body so-muted">${msg('No request fits.')}</p>`
      }
      <footer class="so-row">
        <span class="so-muted so-small">${where}</span>
        ${
          shown.length > FEW && !this.all
            ? html`<wa-button size="s" appearance="outlined" @click=${() => (this.all = true)}
                >${msg(str`Show all ${shown.length}`)}</wa-button
              >`
            : nothing
        }
      </footer>`;
  }

  #tools(): TemplateResult {
    const names: Record<Outcome, string> = {
      all: msg('All'),
      answered: msg('Answered'),
      failed: msg('Failed'),
      refused: msg('Refused'),
    };
    return html`<div class="so-tools">
      <div class="so-segmented" role="radiogroup" aria-label=${msg('Outcome')}>
        ${OUTCOMES.map(
          (outcome) =>
            html`<label>
              <input
                type="radio"
                name="so-egress"
                .checked=${this.outcome === outcome}
                @change=${() => (this.outcome = outcome)}
              />${names[outcome]}
            </label>`,
        )}
      </div>
      <input
        class="so-search"
        type="search"
        aria-label=${msg('Filter by host')}
        placeholder=${msg('Host')}
        .value=${this.words}
        @input=${(event: Event) => (this.words = (event.target as HTMLInputElement).value)}
      />
    </div>`;
  }

  #passes(entry: EgressEntry): boolean {
    return (
      entry.host.toLowerCase().includes(this.words.trim().toLowerCase()) &&
      (this.outcome === 'all' || this.outcome === outcomeOf(entry))
    );
  }
}

function outcomeOf({ refused, status }: EgressEntry): Outcome {
  if (refused) return 'refused';
  return status === null || status >= 400 ? 'failed' : 'answered';
}

function row(entry: EgressEntry): TemplateResult {
  const looks: Record<Outcome, string> = { all: '', answered: 'success', failed: 'danger', refused: 'warning' };
  const outcome = outcomeOf(entry);
  const label = entry.status !== null ? String(entry.status) : entry.refused ? msg('Refused') : msg('No answer');
  return html`<tr>
    <td data-label=${msg('When')} class="so-numeric">${formatTime(entry.at)}</td>
    <td data-label=${msg('Host')} style="overflow-wrap: anywhere">
      <span
        >${entry.host}${
          entry.error ? html`<br /><small class="so-muted">${msg(str`Reason: ${entry.error}`)}</small>` : nothing
        }</span
      >
    </td>
    <td data-label=${msg('Method')}><code>${entry.method}</code></td>
    <td data-label=${msg('Outcome')}><span class="so-badge so-badge-${looks[outcome]}">${label}</span></td>
    <td data-label=${msg('Time')} class="so-numeric">${formatMilliseconds(entry.ms)}</td>
    <td data-label=${msg('Sent')} class="so-numeric">${formatBytes(entry.sentBytes)}</td>
    <td data-label=${msg('Received')} class="so-numeric">${formatBytes(entry.receivedBytes)}</td>
  </tr>`;
}
