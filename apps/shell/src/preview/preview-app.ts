import { msg } from '@lit/localize';
import { customElement } from 'lit/decorators.js';
import { App } from '../layout/app.js';
import type { NavigationItem } from '../layout/navigation.js';
import { readPreviewStart } from './preview-start.js';

/** The user's document as a preview shows it. For an admin, the plugin's tabs of the admin area have their links here. */
@customElement('sodium-preview-app')
export class PreviewApp extends App {
  protected override readonly logo = `${readPreviewStart().prefix}/favicon.svg`;
  protected override readonly area = { home: '/', label: msg('Panel'), note: msg('Preview') };

  protected override attached(): void {
    super.attached();
    if (this.shell.plugins) this.follow(this.shell.plugins, 'change');
  }

  protected override items(): readonly NavigationItem[] {
    return [...super.items(), ...this.#adminTabs()];
  }

  /** The admin area itself is another document. */
  protected override footItems(): readonly NavigationItem[] {
    return [];
  }

  #adminTabs(): NavigationItem[] {
    if (this.shell.user.role !== 'admin') return [];
    return (this.shell.plugins?.store.adminTabs ?? []).map(({ id, label }) => ({
      id: `admin-tab-${id}`,
      label,
      href: adminTabPath(id),
      icon: 'shield',
      group: msg('Administration'),
    }));
  }
}

export const adminTabPath = (id: string): string => `/admin-tabs/${encodeURIComponent(id)}`;
