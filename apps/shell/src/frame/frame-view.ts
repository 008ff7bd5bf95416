import { html, nothing, render } from 'lit';
import '../slots/index.js';
import type { AdminTabContribution, ContributionStore } from '../slots/index.js';

export interface Shown {
  tab: string | null;
  subtab: string | null;
}

/** Shows one tab of the frame's plugin, and keeps it current. */
export class FrameView {
  readonly #root = document.createElement('main');
  #shown: Shown = { tab: null, subtab: null };

  constructor(readonly store: ContributionStore) {
    document.body.append(this.#root);
    store.addEventListener('change', () => this.#draw());
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.#draw();
  }

  /** Calls back with the height of the content whenever it changes, a few times a second at most. */
  onHeight(listener: (height: number) => void): void {
    let last = 0;
    let waiting = false;
    const tell = (): void => {
      waiting = false;
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height !== last) listener((last = height));
    };
    new ResizeObserver(() => {
      if (waiting) return;
      waiting = true;
      setTimeout(tell, 50);
    }).observe(document.body);
  }

  #draw(): void {
    const { tab, subtab } = this.#shown;
    const entry: AdminTabContribution | undefined = this.store.adminTabs.find(({ id }) => id === tab);
    if (entry) void import('../ui/kit.js');
    const args = [{ subtab: subtab ?? entry?.subtabs[0]?.id ?? null }];
    render(
      entry ? html`<sodium-contribution .contribution=${entry} .args=${args}></sodium-contribution>` : nothing,
      this.#root,
    );
  }
}
