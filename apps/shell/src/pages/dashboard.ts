import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { contribution } from '../plugin-host.js';
import { ShellElement } from '../shell-element.js';
import '../slots/index.js';
import type { WidgetContribution } from '../slots/types.js';
import { formatBytes, formatPercent } from '../ui/format.js';
import { icon } from '../ui/icon.js';
import { serverCard } from '../ui/server-card.js';
import { emptyState, errorState, skeletonCards } from '../ui/states.js';
import { figure } from './dashboard-figure.js';

const SHOWN = 6;

/** What matters at a glance: the servers, then what plugins add. */
@customElement('sodium-dashboard')
export class Dashboard extends ShellElement {
  protected override attached(): void {
    const { servers, plugins } = this.shell;
    this.follow(servers, 'change');
    if (plugins) this.follow(plugins, 'change');
    void servers.load();
  }

  override render(): TemplateResult {
    const widgets = this.shell.plugins?.store.widgets ?? [];
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Dashboard')}</h1>
          <p>${msg('Hello')}, ${this.shell.user.username}.</p>
        </div>
        <div class="so-actions">
          <wa-button variant="brand" href="/servers/new"
            ><span slot="start">${icon('plus')}</span>${msg('New server')}</wa-button
          >
        </div>
      </div>
      <div class="so-stack-lg">
        ${this.#servers()}
        ${
          widgets.length > 0
            ? html`<section aria-label=${msg('Widgets')} class="so-widgets">
                ${repeat(widgets, ({ key }) => key, widgetCard)}
              </section>`
            : nothing
        }
      </div>`;
  }

  #servers(): TemplateResult {
    const { state, all } = this.shell.servers;
    if (state.status === 'loading') return skeletonCards(3);
    if (state.status === 'failed')
      return html`<div class="so-card">${errorState(state.error, () => void this.shell.servers.refresh())}</div>`;
    if (all.length === 0) return html`<div class="so-card">${firstServer()}</div>`;
    return html`${this.#figures()}
      <section class="so-stack" aria-labelledby="so-dashboard-servers">
        <div class="so-section-head" style="margin: 0">
          <h2 id="so-dashboard-servers">${msg('Servers')}</h2>
          ${all.length > SHOWN ? html`<a href="/servers">${msg('All servers')} (${all.length})</a>` : nothing}
        </div>
        <div class="so-grid">
          ${repeat(
            all.slice(0, SHOWN),
            ({ id }) => id,
            (server) => serverCard(this.shell, server),
          )}
        </div>
      </section>`;
  }

  #figures(): TemplateResult {
    const { servers } = this.shell;
    const usages = servers.all.flatMap(({ id }) => servers.usage(id) ?? []);
    const sum = (pick: (usage: (typeof usages)[number]) => number): number =>
      usages.reduce((total, usage) => total + pick(usage), 0);
    const running = servers.all.filter(({ state }) => state === 'running').length;
    return html`<dl class="so-stats">
      ${figure('server', msg('Running'), html`${running} <small>${msg('of')} ${servers.all.length}</small>`)}
      ${figure('cpu', msg('CPU'), formatPercent(sum(({ cpu }) => cpu)))}
      ${figure('memory-stick', msg('Memory'), formatBytes(sum(({ memoryBytes }) => memoryBytes)))}
      ${figure('hard-drive', msg('Disk'), formatBytes(sum(({ diskBytes }) => diskBytes)))}
    </dl>`;
  }
}

function widgetCard(widget: WidgetContribution): TemplateResult {
  return html`<section class="so-card so-widget so-widget-${widget.size}" aria-label=${widget.title}>
    <header><h2>${widget.title}</h2></header>
    <div class="so-card-body">${contribution(widget, [{ size: widget.size }])}</div>
  </section>`;
}

export function firstServer(): TemplateResult {
  return emptyState({
    icon: 'server',
    title: msg('Create your first server'),
    text: msg(
      'Choose a template and give it a name. Each template starts as it is, so you see something running within seconds.',
    ),
    action: html`<wa-button variant="brand" href="/servers/new"
      ><span slot="start">${icon('plus')}</span>${msg('New server')}</wa-button
    >`,
  });
}
