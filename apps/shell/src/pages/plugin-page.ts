import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { contribution } from '../contribution-place.js';
import { ShellElement } from '../shell-element.js';
import type { PageContribution } from '../slots/types.js';
import '../slots/index.js';

/** A page of a plugin. The plugin draws all of it; the heading here is for screen readers when it draws none. */
@customElement('sodium-plugin-page')
export class PluginPage extends ShellElement {
  @property({ attribute: false }) pageKey = '';
  @property({ attribute: false }) params: Readonly<Record<string, string>> = {};
  @property({ attribute: false }) query: Readonly<Record<string, string>> = {};

  protected override attached(): void {
    if (this.shell.plugins) this.follow(this.shell.plugins, 'change');
  }

  /** The title may arrive with the plugin's code, after the router has set the one that was declared. */
  protected override updated(): void {
    const page = this.#page;
    const title = `${page?.title} · Sodium`;
    // Setting it costs the browser something even when nothing changes.
    if (page && document.title !== title) document.title = title;
  }

  get #page(): PageContribution | undefined {
    return this.shell.plugins?.store.pages.find(({ key }) => key === this.pageKey);
  }

  override render() {
    const page = this.#page;
    if (!page) return nothing;
    return html`<h1 class="so-visually-hidden">${page.title}</h1>
      ${contribution(page, [{ params: this.params, query: this.query }])}`;
  }
}
