import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import type { PluginPoint } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes, formatMilliseconds, formatPercent } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import '../../ui/usage-chart.js';
import { figure } from '../dashboard-figure.js';
import { activityRows, callsPerMinute, series, type ActivityRow } from './activity-series.js';
import './plugin-egress.js';
import { pluginApi } from './plugin-model.js';

interface PluginMetrics {
  process: { kind: string } | null;
  metrics: { restarts: number; calls: { count: number; errors: number }[] } | null;
  history: PluginPoint[];
}

interface Chart {
  label: string;
  color: string;
  pick: (point: PluginPoint) => number | null;
  format: (value: number) => string;
  atLeast: number;
  idle?: number | null;
  second?: { label: string; color: string; pick: (point: PluginPoint) => number | null };
}

const REFRESH_MS = 5_000;

/** What a plugin costs and how it answers, over the last hour, and where it sends. */
@customElement('sodium-plugin-activity')
export class PluginActivity extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  readonly #metrics = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) => this.shell.api.get<PluginMetrics>(`${pluginApi(id)}/metrics`),
  });

  protected override attached(): void {
    const timer = setInterval(() => void (document.hidden || this.#metrics.run()), REFRESH_MS);
    this.own(
      () => clearInterval(timer),
      this.shell.theme.subscribe(() => this.requestUpdate()),
    );
  }

  override render(): TemplateResult {
    return html`<div class="so-stack-lg">
      ${this.#metrics.render({
        pending: () => (this.#metrics.value ? this.#content(this.#metrics.value) : skeletonLines(6)),
        error: (error) =>
          this.#metrics.value
            ? this.#content(this.#metrics.value)
            : html`<div class="so-card">${errorState(error, () => void this.#metrics.run())}</div>`,
        complete: (metrics) => this.#content(metrics),
      })}
      <sodium-plugin-egress .pluginId=${this.pluginId}></sodium-plugin-egress>
    </div>`;
  }

  #content({ process, metrics, history }: PluginMetrics): TemplateResult {
    if (!process || !metrics)
      return html`<div class="so-card">
        ${emptyState({ icon: 'activity', title: msg('It has no backend at work'), text: msg('Figures appear here while an active plugin with a server.js is used.') })}
      </div>`;
    const total = (pick: (call: { count: number; errors: number }) => number): number =>
      metrics.calls.reduce((sum, call) => sum + pick(call), 0);
    return html`<div class="so-stack">
      <dl class="so-stats">
        ${figure('power', msg('Process'), processLabel(process.kind))}
        ${figure('zap', msg('Calls since its start'), total(({ count }) => count).toLocaleString())}
        ${figure('circle-alert', msg('Errors'), total(({ errors }) => errors).toLocaleString())}
        ${figure('rotate-cw', msg('Restarts after failures'), metrics.restarts.toLocaleString())}
      </dl>
      ${
        history.length === 0
          ? html`<div class="so-card">
              ${emptyState({ icon: 'activity', title: msg('Idle for an hour'), text: msg('An idle plugin has no process and costs nothing. Figures appear when it is called.') })}
            </div>`
          : html`<div class="so-charts">${charts().map((chart) => this.#chart(chart, history))}</div>
              ${table(activityRows(history))}`
      }
    </div>`;
  }

  #chart(
    { label, color, pick, format, atLeast, idle = 0, second }: Chart,
    history: readonly PluginPoint[],
  ): TemplateResult {
    const now = Date.now();
    return html`<section class="so-card">
      <header><h2>${label}</h2></header>
      <div class="so-card-body">
        <sodium-usage-chart
          .label=${second ? msg('Slowest 1 %') : label}
          .color=${color}
          .format=${format}
          .atLeast=${atLeast}
          .binary=${format === formatBytes}
          .dots=${idle === null}
          .mode=${this.shell.theme.mode}
          .points=${series(history, now, pick, idle)}
          .second=${second ? { ...second, points: series(history, now, second.pick, idle) } : null}
        ></sodium-usage-chart>
      </div>
    </section>`;
  }
}

function charts(): Chart[] {
  const whole = (value: number): string => value.toLocaleString(undefined, { maximumFractionDigits: 1 });
  return [
    { label: msg('CPU'), color: '--sodium-chart-1', pick: ({ cpu }) => cpu, format: formatPercent, atLeast: 10 },
    {
      label: msg('Memory'),
      color: '--sodium-chart-2',
      pick: ({ memoryBytes }) => memoryBytes,
      format: formatBytes,
      atLeast: 33_554_432,
    },
    { label: msg('Calls per minute'), color: '--sodium-chart-3', pick: callsPerMinute, format: whole, atLeast: 10 },
    { label: msg('Errors'), color: '--sodium-chart-4', pick: ({ errors }) => errors, format: whole, atLeast: 4 },
    {
      label: msg('Time to answer'),
      color: '--sodium-chart-1',
      pick: ({ calls, p99Ms }) => (calls > 0 ? p99Ms : null),
      format: formatMilliseconds,
      atLeast: 5,
      idle: null,
      second: {
        label: msg('Median'),
        color: '--sodium-chart-2',
        pick: ({ calls, p50Ms }) => (calls > 0 ? p50Ms : null),
      },
    },
  ];
}

function table(rows: readonly ActivityRow[]): TemplateResult {
  return html`<div class="so-card">
    <details class="so-fold">
      <summary>${msg('The figures as a table')}</summary>
      <table class="so-table">
        ${tableHead([msg('From'), msg('CPU'), msg('Memory'), msg('Calls'), msg('Errors'), msg('Median'), msg('Slowest 1 %')])}
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <td data-label=${msg('From')} class="so-numeric">
                  ${new Date(row.at).toLocaleTimeString(undefined, { timeStyle: 'short' })}
                </td>
                <td data-label=${msg('CPU')} class="so-numeric">${formatPercent(row.cpu)}</td>
                <td data-label=${msg('Memory')} class="so-numeric">${formatBytes(row.memoryBytes)}</td>
                <td data-label=${msg('Calls')} class="so-numeric">${row.calls}</td>
                <td data-label=${msg('Errors')} class="so-numeric">${row.errors}</td>
                <td data-label=${msg('Median')} class="so-numeric">${formatMilliseconds(row.p50Ms)}</td>
                <td data-label=${msg('Slowest 1 %')} class="so-numeric">${formatMilliseconds(row.p99Ms)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </div>`;
}

function processLabel(kind: string): string {
  const labels: Record<string, string> = {
    running: msg('Running'),
    starting: msg('Starting'),
    idle: msg('Idle'),
    backoff: msg('Waits to start again'),
    quarantined: msg('Quarantined'),
    stopped: msg('Stopped'),
  };
  return labels[kind] ?? kind;
}
