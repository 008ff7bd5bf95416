import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatMilliseconds, formatRelative, formatTime } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { pluginApi } from './plugin-model.js';

interface CronRun {
  at: string;
  ms: number;
  ok: boolean;
  message?: string;
  by: string;
}

interface CronRow {
  name: string;
  expression: string;
  timezone: string;
  running: boolean;
  nextRun: string | null;
  history: readonly CronRun[];
}

type View = { kind: 'loading' } | { kind: 'failed'; error: unknown } | { kind: 'ready'; rows: readonly CronRow[] };
const REFRESH_MS = 5_000;

/** What a plugin does at set times: when next, how it went, and a button that does it now. */
@customElement('sodium-plugin-crons')
export class PluginCrons extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @property({ attribute: false }) isActive = false;
  @state() private view: View = { kind: 'loading' };
  /** Tasks that were started from here and have not ended. */
  @state() private started: ReadonlySet<string> = new Set();

  protected override attached(): void {
    const timer = setInterval(() => void (document.hidden || this.#fetch()), REFRESH_MS);
    this.own(() => clearInterval(timer));
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    try {
      const { items } = await this.shell.api.get<{ items: CronRow[] }>(`${pluginApi(this.pluginId)}/crons`);
      this.view = { kind: 'ready', rows: items };
    } catch (error) {
      if (this.view.kind !== 'ready') this.view = { kind: 'failed', error };
    }
  }

  override render(): TemplateResult {
    const { view } = this;
    if (view.kind === 'loading') return skeletonLines(4);
    if (view.kind === 'failed')
      return html`<div class="so-card">${errorState(view.error, () => void this.#fetch())}</div>`;
    if (view.rows.length === 0)
      return html`<div class="so-card">
        ${emptyState({
          icon: 'calendar-clock',
          title: msg('Nothing is scheduled'),
          text: this.isActive ? msg('The plugin has no tasks.') : msg('Tasks appear here once the plugin is active.'),
        })}
      </div>`;
    return html`<div class="so-stack-lg">${view.rows.map((row) => this.#task(row))}</div>`;
  }

  #task(row: CronRow): TemplateResult {
    const running = row.running || this.started.has(row.name);
    return html`<section class="so-card">
      <header>
        <div>
          <h2>${row.name}</h2>
          <p>
            <code>${row.expression}</code> ${row.timezone} ·
            ${
              row.nextRun
                ? html`${msg('next')}
                    <time datetime=${row.nextRun}>${formatTime(row.nextRun)}</time> (${formatRelative(row.nextRun)})`
                : msg('never runs again')
            }
          </p>
        </div>
        <div class="so-row">
          <span role="status"
            >${running ? html`<span class="so-badge so-badge-dot so-badge-info so-badge-busy">${msg('Running')}</span>` : nothing}</span
          >
          <wa-button size="s" appearance="outlined" ?loading=${running} @click=${() => void this.#run(row.name)}
            >${msg('Run now')}<span class="so-visually-hidden">: ${row.name}</span></wa-button
          >
        </div>
      </header>
      ${row.history.length > 0 ? history(row.history) : html`<p class="so-card-body so-muted">${msg('It has not run yet.')}</p>`}
    </section>`;
  }

  async #run(name: string): Promise<void> {
    this.started = new Set([...this.started, name]);
    try {
      const run = await this.shell.api.post<CronRun>(
        `${pluginApi(this.pluginId)}/crons/${encodeURIComponent(name)}/run`,
      );
      if (run.ok) this.shell.toast(msg(str`“${name}” ran in ${formatMilliseconds(run.ms)}.`), 'success');
      else this.shell.toast(msg(str`“${name}” failed: ${run.message ?? ''}`), 'danger');
    } catch (error) {
      this.shell.fail(error);
    }
    this.started = new Set([...this.started].filter((other) => other !== name));
    await this.#fetch();
  }
}

function history(runs: readonly CronRun[]): TemplateResult {
  return html`<table class="so-table">
    ${tableHead([msg('When'), msg('Outcome'), msg('Took'), msg('Started by')])}
    <tbody>
      ${runs.map(
        (run) =>
          html`<tr>
            <td data-label=${msg('When')} class="so-numeric">${formatTime(run.at)}</td>
            <td data-label=${msg('Outcome')}>
              <span
                ><span class="so-badge ${run.ok ? 'so-badge-success' : 'so-badge-danger'}"
                  >${run.ok ? msg('Done') : msg('Failed')}</span
                >
                ${run.message ? html`<small class="so-muted">${run.message}</small>` : nothing}</span
              >
            </td>
            <td data-label=${msg('Took')} class="so-numeric">${formatMilliseconds(run.ms)}</td>
            <td data-label=${msg('Started by')}>${startedBy(run.by)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function startedBy(by: string): string {
  if (by === 'schedule') return msg('The schedule');
  return by === 'missed' ? msg('The schedule, made up for') : by;
}
