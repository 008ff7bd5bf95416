import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../shell-element.js';
import type { Shell } from '../shell.js';
import { formatBytes, formatPercent } from '../ui/format.js';
import { icon } from '../ui/icon.js';
import { serverCard } from '../ui/server-card.js';
import { emptyState, errorState, skeletonCards } from '../ui/states.js';
import { figure } from './dashboard-figure.js';
import { DashboardStore } from './dashboard-store.js';
import './dashboard-widgets.js';

const SHOWN = 6;

/** What matters at a glance: the servers, then what plugins add. */
@customElement('sodium-dashboard')
export class Dashboard extends ShellElement {
  @state() private arranging = false;
  #layout!: DashboardStore;

  protected override attached(): void {
    const { servers, plugins } = this.shell;
    this.#layout = layoutOf(this.shell);
    this.follow(this.#layout, 'change');
    if (plugins) void this.#layout.load();
    this.follow(servers, 'change');
    if (plugins) this.follow(plugins, 'change');
    void servers.load();
  }

  override render(): TemplateResult {
    // Below what is still loading, widgets would be pushed down when it arrives.
    const settled = this.shell.servers.state.status !== 'loading';
    const widgets = this.shell.plugins?.store.widgets ?? [];
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Dashboard')}</h1>
          <p>${msg('Hello')}, ${this.shell.user.username}.</p>
        </div>
        <wa-button variant="brand" href="/servers/new"
          ><span slot="start">${icon('plus')}</span>${msg('New server')}</wa-button
        >
      </div>
      <div class="so-stack-lg">
        ${this.#servers()}
        ${
          widgets.length > 0 && settled
            ? html`<section aria-labelledby="so-dashboard-widgets">
                <div class="so-section-head">
                  <h2 id="so-dashboard-widgets">${msg('Widgets')}</h2>
                  <div class="so-actions">${this.#arrangeButtons()}</div>
                </div>
                <sodium-dashboard-widgets
                  .layout=${this.#layout}
                  .arranging=${this.arranging}
                ></sodium-dashboard-widgets>
              </section>`
            : nothing
        }
      </div>`;
  }

  #arrangeButtons(): TemplateResult {
    if (!this.arranging) {
      return html`<wa-button size="s" appearance="outlined" @click=${this.#toggle}
        ><span slot="start">${icon('layout-dashboard')}</span>${msg('Arrange widgets')}</wa-button
      >`;
    }
    return html`<wa-button size="s" appearance="outlined" @click=${this.#reset}
        ><span slot="start">${icon('rotate-cw')}</span>${msg('Reset')}</wa-button
      ><wa-button size="s" appearance="outlined" @click=${this.#toggle}
        ><span slot="start">${icon('check')}</span>${msg('Done')}</wa-button
      >`;
  }

  /** The button that was pressed gives way to another: the focus goes along. */
  #toggle = async (): Promise<void> => {
    this.arranging = !this.arranging;
    await this.updateComplete;
    const widgets = this.querySelector('sodium-dashboard-widgets');
    await widgets?.updateComplete;
    const card = widgets?.querySelector('sodium-widget-card');
    await card?.updateComplete;
    if (this.arranging) card?.scrollIntoView({ block: 'nearest' });
    const button = this.querySelector<HTMLElement>('.so-section-head .so-actions wa-button:last-child');
    ((this.arranging ? card?.handle : null) ?? button)?.focus({ preventScroll: true });
  };

  #reset = async (): Promise<void> => {
    const sure = await this.shell.confirm({
      title: msg('Reset the dashboard?'),
      message: msg('All widgets are shown again, in the order and the size that their plugins give them.'),
      confirmLabel: msg('Reset'),
    });
    if (sure) this.#layout.change([]);
  };

  #servers(): TemplateResult {
    const { state, all } = this.shell.servers;
    if (state.status === 'loading') return skeletonCards(3);
    if (state.status === 'failed')
      return html`<div class="so-card">
        ${errorState(state.error, () => void this.shell.servers.refresh(), this.shell.user)}
      </div>`;
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

/** One for each shell: coming back to the dashboard shows it as it was left, at once. */
const layouts = new WeakMap<Shell, DashboardStore>();

function layoutOf(shell: Shell): DashboardStore {
  const known = layouts.get(shell);
  if (known) return known;
  const layout = new DashboardStore(shell.api, (error) => shell.fail(error));
  layouts.set(shell, layout);
  return layout;
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
