import { msg } from '@lit/localize';
import type { Contributes } from '@sodium/sdk/manifest';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { FrameTab } from '../../frame/frame-messages.js';
import { ShellElement } from '../../shell-element.js';
import { CurrentTab } from '../../ui/current-tab.js';
import { emptyState, notice } from '../../ui/states.js';
import './plugin-frame.js';
import { keepsFramesIn } from './preview-check.js';
import { pluginPage } from './plugin-model.js';
import { FIRST_PART, type PluginPart } from './plugin-parts.js';

/** What of a plugin's page its tabs need to know. */
export interface TabbedPlugin {
  id: string;
  name: string;
  version: string;
  state: string;
  hash?: string | null;
  permissions: { approved: readonly string[] };
  contributes?: Contributes | null;
  files?: readonly { path: string }[];
}

/** What the address calls a tab of the plugin's own: the panel's own tabs keep their names to themselves. */
function ownName(id: string, parts: readonly PluginPart[]): string {
  return parts.some((part) => part.id === id) ? `own:${id}` : id;
}

/** The tabs of a plugin's page: the panel's, then those that the plugin adds, with the frame of the one that is open. */
@customElement('sodium-plugin-tabs')
export class PluginTabs extends ShellElement {
  @property({ attribute: false }) plugin!: TabbedPlugin;
  /** The panel's own tabs; their content is shown by the page. */
  @property({ attribute: false }) parts: readonly PluginPart[] = [];
  @property({ attribute: false }) tab = FIRST_PART;
  @property({ attribute: false }) subtab: string | null = null;
  /** The declared tabs that the panel's filters left, in their order; null until they are known. */
  @state() private kept: readonly { id: string; label: string }[] | null = null;
  /** This browser leaves ways out of a frame. */
  @state() private leaks = false;
  /** What the plugin's client says itself, once it has run. */
  @state() private registered: readonly FrameTab[] | null = null;
  readonly #currentTab = new CurrentTab();

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('plugin');
    if (
      !changed.has('plugin') ||
      (before && before.id === this.plugin.id && before.hash === this.plugin.hash && before.state === this.plugin.state)
    )
      return;
    this.registered = null;
    void this.#askForTabs();
  }

  override render(): TemplateResult {
    const tabs = this.#mayHaveTabs ? this.#tabs : [];
    const current = tabs.find(({ id }) => ownName(id, this.parts) === this.tab);
    const isKnown = current !== undefined || this.parts.some(({ id }) => id === this.tab);
    return html`${this.#strip(tabs)} ${current ? this.#subtabs(current) : nothing}
    ${current && this.leaks ? notice('warning', msg('This browser keeps the plugin’s tab from all requests to other places, but not from looking up names and from WebRTC: what the plugin knows could leave that way.')) : nothing}
    ${this.#mayHaveTabs ? this.#frame(current) : nothing}
    ${!isKnown && (this.#isComplete || !this.#mayHaveTabs) ? this.#missing() : nothing}`;
  }

  override updated(): void {
    // The plugin's own come later than the others, and change their names.
    this.#currentTab.show(this);
  }

  get #mayHaveTabs(): boolean {
    const { state, permissions, files } = this.plugin;
    return (
      state === 'active' &&
      permissions.approved.includes('ui:admin') &&
      (files ?? []).some(({ path }) => path === 'client.js')
    );
  }

  get #declared(): FrameTab[] {
    return (this.plugin.contributes?.adminTabs ?? []).map((tab) => ({ ...tab, subtabs: tab.subtabs ?? [] }));
  }

  /** The client wins over what was declared; what the panel's filters took away stays away. */
  get #tabs(): FrameTab[] {
    const declared = this.#declared;
    const hidden = (id: string): boolean =>
      declared.some((tab) => tab.id === id) && !this.kept?.some((tab) => tab.id === id);
    if (this.registered) return this.registered.filter(({ id }) => !hidden(id));
    return (this.kept ?? []).flatMap(({ id, label }) => {
      const known = declared.find((tab) => tab.id === id);
      return known ? [{ ...known, label }] : [];
    });
  }

  get #isComplete(): boolean {
    return this.kept !== null && (this.#declared.length > 0 || this.registered !== null);
  }

  async #askForTabs(): Promise<void> {
    if (!this.#mayHaveTabs) return;
    void keepsFramesIn().then((kept) => (this.leaks = !kept));
    const declared = this.#declared;
    try {
      const { items } = await this.shell.api.get<{ items: { id: string; label: string; plugin: string }[] }>(
        '/api/admin/tabs',
      );
      this.kept = items.filter(({ plugin }) => plugin === this.plugin.id);
    } catch {
      // Filters must not keep an admin from a tab.
      this.kept = declared;
    }
  }

  /** Runs while a tab is open. Where nothing is declared, the client has to run before anybody knows of its tabs. */
  #frame(current: FrameTab | undefined): TemplateResult | typeof nothing {
    const asks = this.kept !== null && this.#declared.length === 0 && this.registered === null;
    if (!current && !asks) return nothing;
    const { id, name, version, hash } = this.plugin;
    return html`<div class=${current ? '' : 'so-visually-hidden'} ?inert=${!current}>
      ${keyed(
        `${id}/${hash}`,
        html`<sodium-plugin-frame
          .plugin=${{ id, name, version }}
          .tab=${current?.id ?? null}
          .subtab=${current ? (this.subtab ?? current.subtabs[0]?.id ?? null) : null}
          @tabs=${(event: CustomEvent<FrameTab[]>) => (this.registered = event.detail)}
          @escape=${() => this.renderRoot.querySelector<HTMLElement>('[aria-current=page]')?.focus()}
        ></sodium-plugin-frame>`,
      )}
    </div>`;
  }

  #strip(tabs: readonly FrameTab[]): TemplateResult {
    const { id: plugin } = this.plugin;
    const link = (name: string, label: string, look: unknown = nothing): TemplateResult =>
      html`<a
        class=${look}
        href=${pluginPage(plugin, name === FIRST_PART ? undefined : name)}
        aria-current=${name === this.tab ? 'page' : nothing}
        >${label}</a
      >`;
    return html`<nav class="so-tabs" aria-label=${msg('Parts of this plugin')}>
      ${this.parts.map(({ id, label }) => link(id, label))}
      ${tabs.map(({ id, label }) => link(ownName(id, this.parts), label, 'so-tab-own'))}
    </nav>`;
  }

  #subtabs(tab: FrameTab): TemplateResult | typeof nothing {
    if (tab.subtabs.length === 0) return nothing;
    const address = pluginPage(this.plugin.id, ownName(tab.id, this.parts));
    const current = this.subtab ?? tab.subtabs[0]!.id;
    return html`<nav class="so-tabs so-subtabs" aria-label=${tab.label}>
      ${tab.subtabs.map(
        ({ id, label }) =>
          html`<a
            href=${`${address}&subtab=${encodeURIComponent(id)}`}
            aria-current=${id === current ? 'page' : nothing}
            >${label}</a
          >`,
      )}
    </nav>`;
  }

  #missing(): TemplateResult {
    return emptyState({
      icon: 'puzzle',
      title: msg('There is no such tab'),
      text: msg('The plugin does not offer it, or not in its present state.'),
    });
  }
}
