import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';

interface Run {
  at: string;
  ok: boolean;
  message?: string;
}

type Row = { name: string; expression: string; timezone: string; nextRun: string | null; lastRun: Run | null } & (
  | { kind: 'server'; id: string; server: string; serverName: string | null }
  | { kind: 'plugin'; plugin: string; running: boolean }
);

type View = { kind: 'loading' } | { kind: 'failed'; error: unknown } | { kind: 'ready'; rows: Row[] };

/** Everything that runs at set times: the schedules of servers and the tasks of plugins, soonest first. */
@customElement('sodium-admin-schedules')
export class AdminSchedules extends ShellElement {
  @state() private view: View = { kind: 'loading' };
  @state() private busy: Row | null = null;

  protected override attached(): void {
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    try {
      const { items } = await this.shell.api.get<{ items: Row[] }>('/api/admin/schedules');
      this.view = { kind: 'ready', rows: items };
    } catch (error) {
      this.view = { kind: 'failed', error };
    }
  }

  async #run(row: Row): Promise<void> {
    this.busy = row;
    try {
      await this.shell.api.post(runAddress(row));
      await this.#fetch();
    } catch (error) {
      this.shell.fail(error);
    } finally {
      this.busy = null;
    }
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Schedules')}</h1>
          <p>${msg('What runs at set times, soonest first.')}</p>
        </div>
      </div>
      ${this.#content()}`;
  }

  #content(): TemplateResult {
    const { view } = this;
    if (view.kind === 'loading') return skeletonLines(6);
    if (view.kind === 'failed')
      return html`<div class="so-card">${errorState(view.error, () => void this.#fetch())}</div>`;
    if (view.rows.length === 0)
      return html`<div class="so-card">
        ${emptyState({
          icon: 'calendar-clock',
          title: msg('Nothing is scheduled'),
          text: msg('Schedules of servers and tasks of active plugins appear here.'),
        })}
      </div>`;
    return html`<div class="so-card">
      <table class="so-table">
        ${tableHead([msg('Name'), msg('Of'), msg('When'), msg('Last run'), msg('Next run')], 'actions')}
        <tbody>
          ${view.rows.map((row) => this.#row(row))}
        </tbody>
      </table>
    </div>`;
  }

  #row(row: Row): TemplateResult {
    return html`<tr>
      <td data-label=${msg('Name')}>${row.name}</td>
      <td data-label=${msg('Of')}>${owner(row)}</td>
      <td data-label=${msg('When')}>
        <div><code>${row.expression}</code> <span class="so-muted">${row.timezone}</span></div>
      </td>
      <td data-label=${msg('Last run')}><div>${lastRun(row.lastRun)}</div></td>
      <td data-label=${msg('Next run')} class="so-numeric">${row.nextRun ? formatTime(row.nextRun) : '–'}</td>
      <td class="so-table-actions">
        <div>
          <wa-button size="s" appearance="outlined" ?loading=${this.busy === row} @click=${() => void this.#run(row)}
            >${msg('Run now')}<span class="so-visually-hidden">: ${row.name}</span></wa-button
          >
        </div>
      </td>
    </tr>`;
  }
}

function runAddress(row: Row): string {
  return row.kind === 'plugin'
    ? `/api/admin/plugins/${row.plugin}/crons/${encodeURIComponent(row.name)}/run`
    : `/api/servers/${row.server}/schedules/${row.id}/run`;
}

function owner(row: Row): TemplateResult {
  return row.kind === 'plugin'
    ? html`<a href="/admin/plugins/${row.plugin}">${row.plugin}</a>`
    : html`<a href="/servers/${row.server}/schedules" data-native>${row.serverName ?? row.server}</a>`;
}

function lastRun(run: Run | null): TemplateResult {
  if (!run) return html`<span class="so-muted">${msg('Never')}</span>`;
  const result = run.ok ? msg('Done') : msg(str`Failed: ${run.message ?? ''}`);
  return html`<span class="so-numeric">${formatTime(run.at)}</span>
    <div class="so-muted so-small">${result}</div>`;
}
