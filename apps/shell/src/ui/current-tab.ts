/** Keeps the open one of a strip of tabs in view: on a phone they are wider than the screen. */
export class CurrentTab {
  #shown: string | null = null;

  /** Call it when `root` was drawn. The reader may scroll the strip; only another tab, or another name of it, moves it again. */
  show(root: ParentNode): void {
    const link = root.querySelector<HTMLAnchorElement>('.so-tabs [aria-current]');
    const tab = link && `${link.href} ${link.textContent}`;
    if (tab !== this.#shown) link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#shown = tab;
  }
}
