import { msg } from '@lit/localize';
import type { AdminTabEntry } from '@sodium/sdk';
import { customElement, state } from 'lit/decorators.js';
import { App } from '../layout/app.js';
import type { NavigationItem } from '../layout/navigation.js';
import { readPreviewStart } from './preview-start.js';

/** The user's document as a preview shows it. For an admin, the plugin's tabs of the admin area have their links here. */
@customElement('sodium-preview-app')
export class PreviewApp extends App {
  protected override readonly logo = `${readPreviewStart().prefix}/favicon.svg`;
  protected override readonly area = { home: '/', label: msg('Panel'), note: msg('Preview') };

  @state() private tabs: readonly AdminTabEntry[] = [];
  #turn = 0;

  protected override attached(): void {
    super.attached();
    if (!this.shell.plugins) return;
    const arrange = (): void => void this.#arrange();
    this.shell.plugins.addEventListener('change', arrange);
    this.own(() => this.shell.plugins?.removeEventListener('change', arrange));
    arrange();
  }

  protected override items(): readonly NavigationItem[] {
    return [...super.items(), ...this.#adminTabs()];
  }

  /** The admin area itself is another document. */
  protected override footItems(): readonly NavigationItem[] {
    return [];
  }

  #adminTabs(): NavigationItem[] {
    return this.tabs.map(({ id, label }) => ({
      id: `admin-tab-${id}`,
      label,
      href: adminTabPath(id),
      icon: 'shield',
      group: msg('Administration'),
    }));
  }

  /** As the plugin's filters leave them: those of its backend first, as in the admin area. */
  async #arrange(): Promise<void> {
    const { plugins, user, api } = this.shell;
    if (!plugins || user.role !== 'admin') return;
    const turn = ++this.#turn;
    const declared = plugins.store.adminTabs.map(({ id, label, plugin }) => ({ id, label, plugin: plugin.id }));
    if (declared.length === 0) return void (this.tabs = []);
    const answer = await api
      .post<{ items: AdminTabEntry[] }>('/api/registry/admin-tabs', { items: declared })
      .catch(() => ({ items: declared }));
    const kept = await plugins.filterAdminTabs(answer.items);
    if (turn === this.#turn) this.tabs = kept;
  }
}

export const adminTabPath = (id: string): string => `/admin-tabs/${encodeURIComponent(id)}`;
