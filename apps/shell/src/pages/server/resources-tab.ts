import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import type { Resources, Server, UsagePoint } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes, formatDuration, formatPercent } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import '../../ui/usage-chart.js';
import { figure } from '../dashboard-figure.js';

/** As much as the panel keeps itself; older points leave as new ones arrive. */
const KEPT = 600;

@customElement('sodium-resources-tab')
export class ResourcesTab extends ShellElement {
  @property({ attribute: false }) server!: Server;
  @state() private points: UsagePoint[] = [];

  readonly #load = new Task(this, {
    args: () => [this.server.id] as const,
    task: async ([id]) => {
      const { history } = await this.shell.api.get<Resources>(`/api/servers/${encodeURIComponent(id)}/resources`);
      this.points = history;
      return true;
    },
  });

  protected override attached(): void {
    const { live, theme } = this.shell;
    this.own(
      live.on('server:usage', ({ id, usage }) => {
        if (id === this.server.id) this.points = [...this.points, usage].slice(-KEPT);
      }),
      theme.subscribe(() => this.requestUpdate()),
    );
  }

  override render(): TemplateResult {
    return this.#load.render({
      pending: () => skeletonLines(6),
      error: (error) =>
        html`<div class="so-card">${errorState(error, () => void this.#load.run(), this.shell.user)}</div>`,
      complete: () => this.#content(),
    }) as TemplateResult;
  }

  #content(): TemplateResult {
    if (this.points.length === 0) {
      return html`<div class="so-card">
        ${emptyState({
          icon: 'activity',
          title: msg('Nothing measured yet'),
          text: msg('Figures appear here a few seconds after the server has started.'),
        })}
      </div>`;
    }
    const last = this.server.state === 'offline' ? undefined : this.points.at(-1);
    const { limits } = this.server;
    return html`<div class="so-stack">
      <dl class="so-stats">
        ${figure('cpu', msg('CPU'), last ? withLimit(formatPercent(last.cpu), limits.cpu && `${limits.cpu} %`) : '–')}
        ${figure('memory-stick', msg('Memory'), last ? withLimit(formatBytes(last.memoryBytes), limits.memoryMb && mib(limits.memoryMb)) : '–')}
        ${figure('hard-drive', msg('Disk'), last ? withLimit(formatBytes(last.diskBytes), limits.diskMb && mib(limits.diskMb)) : '–')}
        ${figure('clock', msg('Uptime'), last ? formatDuration(last.uptimeMs) : '–')}
      </dl>
      ${this.#chart(msg('CPU'), '--sodium-chart-1', (point) => point.cpu, formatPercent, 10)}
      ${this.#chart(msg('Memory'), '--sodium-chart-2', (point) => point.memoryBytes, formatBytes, 33_554_432)}
      ${this.#chart(msg('Disk'), '--sodium-chart-3', (point) => point.diskBytes, formatBytes, 1_048_576)}
    </div>`;
  }

  #chart(
    label: string,
    color: string,
    pick: (point: UsagePoint) => number,
    format: (value: number) => string,
    atLeast: number,
  ): TemplateResult {
    return html`<section class="so-card">
      <header><h2>${label}</h2></header>
      <div class="so-card-body">
        <sodium-usage-chart
          .label=${label}
          .color=${color}
          .format=${format}
          .atLeast=${atLeast}
          .binary=${format === formatBytes}
          .mode=${this.shell.theme.mode}
          .points=${this.points.map((point) => ({ at: point.at, value: pick(point) }))}
        ></sodium-usage-chart>
      </div>
    </section>`;
  }
}

function mib(value: number): string {
  return formatBytes(value * 1_048_576);
}

function withLimit(value: string, limit: string | number | undefined): TemplateResult {
  return limit ? html`${value} <small>${msg('of')} ${limit}</small>` : html`${value}`;
}
