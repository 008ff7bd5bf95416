import { msg } from '@lit/localize';
import { customElement } from 'lit/decorators.js';
import { coreItems } from './core-items.js';
import { Frame } from './frame.js';
import type { NavigationItem } from './navigation.js';

/** The user's document: what the panel offers, and what plugins add. */
@customElement('sodium-app')
export class App extends Frame {
  protected override readonly area = { home: '/', label: msg('Panel') };

  protected override attached(): void {
    super.attached();
    const { plugins } = this.shell;
    if (!plugins) return;
    this.follow(plugins, 'sidebar');
    this.addEventListener('pointerover', this.#prefetch);
    this.addEventListener('focusin', this.#prefetch);
  }

  /** A pointer or the focus on a link is the moment to fetch what it leads to. */
  readonly #prefetch = (event: Event): void => {
    const { plugin } = (event.target as Element).closest<HTMLElement>('a[data-plugin]')?.dataset ?? {};
    if (plugin) this.shell.plugins?.prefetch(plugin);
  };

  protected override items(): readonly NavigationItem[] {
    return this.shell.plugins?.sidebar ?? coreItems();
  }

  protected override footItems(): readonly NavigationItem[] {
    if (this.shell.user.role !== 'admin') return [];
    return [{ id: 'admin', label: msg('Administration'), href: '/admin', icon: 'shield', native: true }];
  }
}
