import { msg } from '@lit/localize';
import type { Server } from '@sodium/contract';
import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { errorState, skeletonLines } from '../../ui/states.js';

export interface CoreTab {
  id: string;
  label: string;
  icon: string;
  load(): Promise<unknown>;
  view(server: Server): TemplateResult;
}

export function coreTabs(): CoreTab[] {
  return [
    {
      id: 'console',
      label: msg('Console'),
      icon: 'terminal',
      load: () => import('./console-tab.js'),
      view: (server) => html`<sodium-console-tab .server=${server}></sodium-console-tab>`,
    },
    {
      id: 'resources',
      label: msg('Resources'),
      icon: 'activity',
      load: () => import('./resources-tab.js'),
      view: (server) => html`<sodium-resources-tab .server=${server}></sodium-resources-tab>`,
    },
    {
      id: 'schedules',
      label: msg('Schedules'),
      icon: 'calendar-clock',
      load: () => import('./schedules-tab.js'),
      view: (server) => html`<sodium-schedules-tab .server=${server}></sodium-schedules-tab>`,
    },
    {
      id: 'settings',
      label: msg('Settings'),
      icon: 'settings',
      load: () => import('./settings-tab.js'),
      view: (server) => html`<sodium-settings-tab .server=${server}></sodium-settings-tab>`,
    },
  ];
}

/** Shows `content` once its code is here: the console and the charts are too big to fetch for nothing. */
@customElement('sodium-lazy-tab')
export class LazyTab extends LitElement {
  @property({ attribute: false }) load!: () => Promise<unknown>;
  @property({ attribute: false }) content: TemplateResult = html``;
  @state() private view: 'loading' | 'ready' | { error: unknown } = 'loading';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(_changed: PropertyValues<this>): void {
    this.#fetch();
  }

  #fetch = (): void => {
    this.view = 'loading';
    this.load().then(
      () => (this.view = 'ready'),
      (error: unknown) => (this.view = { error }),
    );
  };

  override render(): TemplateResult {
    if (this.view === 'ready') return this.content;
    return this.view === 'loading' ? skeletonLines(6) : errorState(this.view.error, this.#fetch);
  }
}
