import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { errorState, skeletonLines } from '../../ui/states.js';

interface LogLine {
  /** Milliseconds since 1970. */
  at: number;
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
}

@customElement('sodium-plugin-logs')
export class PluginLogs extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  readonly #lines = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) =>
      (await this.shell.api.get<{ items: LogLine[] }>(`/api/admin/plugins/${encodeURIComponent(id)}/logs`)).items,
  });

  override render(): TemplateResult {
    return html`<section class="so-card">
      <header>
        <h2>${msg('Log')}</h2>
        <button
          class="so-icon-button"
          type="button"
          aria-label=${msg('Load the log again')}
          title=${msg('Load again')}
          @click=${() => void this.#lines.run()}
        >
          ${icon('refresh-cw')}
        </button>
      </header>
      ${this.#lines.render({
        pending: () => (this.#lines.value ? log(this.#lines.value) : skeletonLines(3)),
        error: (error) => errorState(error, () => void this.#lines.run()),
        complete: log,
      })}
    </section>`;
  }
}

function log(lines: readonly LogLine[]): TemplateResult {
  if (lines.length === 0) return html`<p class="so-card-body so-muted">${msg('It has said nothing yet.')}</p>`;
  return html`<div class="so-log" role="log" tabindex="0" aria-label=${msg('Log')}>
    ${lines.map(
      ({ at, level, text }) =>
        html`<div class="so-log-${level}">
          <time>${new Date(at).toLocaleTimeString()}</time> <b>${level}</b> <span>${text}</span>
        </div>`,
    )}
  </div>`;
}
