import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { Operations, PluginLoad, PluginState } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes, formatMilliseconds, formatPercent } from '../../ui/format.js';
import { errorState, notice, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { pluginBadge } from './plugin-badge.js';
import { pluginPage } from './plugin-model.js';

const REFRESH_MS = 10_000;
const SHOWN = 10;

/** Which plugins need a look: those that do not work, then the slowest. */
@customElement('sodium-plugin-load')
export class PluginLoadCard extends ShellElement {
  readonly #load = new Task(this, {
    args: () => [],
    task: async () => this.shell.api.get<Operations>('/api/admin/operations'),
  });

  protected override attached(): void {
    const timer = setInterval(() => void (document.hidden || this.#load.run()), REFRESH_MS);
    this.own(
      () => clearInterval(timer),
      this.shell.live.on('admin:plugins', () => void this.#load.run()),
    );
  }

  override render(): TemplateResult {
    return this.#load.render({
      pending: () => (this.#load.value ? content(this.#load.value) : skeletonLines(3)),
      error: (error) => html`<div class="so-card">${errorState(error, () => void this.#load.run())}</div>`,
      complete: content,
    }) as TemplateResult;
  }
}

function content({ plugins, minutes, suspended }: Operations): TemplateResult {
  const broken = plugins.filter(({ state }) => state !== 'active' && state !== 'activating');
  const busy = plugins.filter((plugin) => !broken.includes(plugin) && plugin.calls + plugin.cpu > 0);
  return html`<section class="so-card">
    <header>
      <div>
        <h2>${msg('Plugins that need a look')}</h2>
        <p>${msg(str`Those that do not work, then the slowest of the last ${minutes} minutes.`)}</p>
      </div>
    </header>
    ${suspended ? html`<div class="so-card-body">${notice('warning', suspended)}</div>` : nothing}
    ${
      broken.length + busy.length === 0
        ? html`<p class="so-card-body so-muted">${msg('None: nothing failed, and no plugin did anything.')}</p>`
        : table([...broken, ...busy.slice(0, SHOWN)])
    }
  </section>`;
}

function table(plugins: readonly PluginLoad[]): TemplateResult {
  return html`<table class="so-table">
    ${tableHead([msg('Plugin'), msg('State'), msg('Slowest 1 %'), msg('CPU'), msg('Memory'), msg('Calls'), msg('Errors')])}
    <tbody>
      ${plugins.map(row)}
    </tbody>
  </table>`;
}

function row({ id, name, version, state, reason, p99Ms, cpu, memoryBytes, calls, errors }: PluginLoad): TemplateResult {
  return html`<tr>
    <td data-label=${msg('Plugin')}>
      <span
        ><a href=${pluginPage(id, calls > 0 ? 'activity' : undefined)}>${name}</a>
        <span class="so-muted">${version}</span>${
          reason ? html`<br /><small class="so-muted">${reason}</small>` : nothing
        }</span
      >
    </td>
    <td data-label=${msg('State')}>${pluginBadge(state as PluginState)}</td>
    <td data-label=${msg('Slowest 1 %')} class="so-numeric">${calls > 0 ? formatMilliseconds(p99Ms) : '–'}</td>
    <td data-label=${msg('CPU')} class="so-numeric">${formatPercent(cpu)}</td>
    <td data-label=${msg('Memory')} class="so-numeric">${memoryBytes > 0 ? formatBytes(memoryBytes) : '–'}</td>
    <td data-label=${msg('Calls')} class="so-numeric">${calls.toLocaleString()}</td>
    <td data-label=${msg('Errors')} class="so-numeric">
      ${errors > 0 ? html`<span class="so-badge so-badge-danger">${errors.toLocaleString()}</span>` : '0'}
    </td>
  </tr>`;
}
