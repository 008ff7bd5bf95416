import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { errorState, skeletonLines } from '../../ui/states.js';
import { PackageImages } from './package-images.js';
import { pluginApi } from './plugin-model.js';

interface PackageDocument {
  file: string;
  text: string;
  truncated: boolean;
}

/** The readme or the changelog of a plugin, or a text given with `text`. Nothing in it runs or reaches out. */
@customElement('sodium-plugin-text')
export class PluginText extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @property({ attribute: false }) document: 'readme' | 'changelog' = 'readme';
  /** Changes when there is another text to be read. */
  @property({ attribute: false }) hash: string | null = null;
  @property({ attribute: false }) text: string | null = null;
  readonly #images = new PackageImages(this);

  readonly #content = new Task(this, {
    args: () => [this.pluginId, this.document, this.text, this.hash] as const,
    task: async ([id, document, text]) => {
      const { renderMarkdown } = await import('./render-markdown.js');
      const { text: source, truncated } =
        text === null
          ? await this.shell.api.get<PackageDocument>(`${pluginApi(id)}/${document}`)
          : { text, truncated: false };
      const content = renderMarkdown(source);
      void this.#showPictures(content);
      return { content: [...content.childNodes], truncated };
    },
  });

  override render(): TemplateResult {
    return html`${this.#content.render({
      pending: () => skeletonLines(4),
      error: (error) => errorState(error, () => void this.#content.run()),
      complete: ({ content, truncated }) =>
        html`<div class="so-markdown">${content}</div>
          ${truncated ? html`<p class="so-muted so-small">${msg('The file goes on: only its beginning is shown.')}</p>` : nothing}`,
    })}`;
  }

  async #showPictures(content: DocumentFragment): Promise<void> {
    const pictures = [...content.querySelectorAll('img')];
    await Promise.all(pictures.map((picture) => this.#showPicture(picture)));
  }

  async #showPicture(picture: HTMLImageElement): Promise<void> {
    const file = picture.dataset.file;
    try {
      if (file === undefined) throw new Error('not a file of the package');
      picture.src = await this.#images.load(this.pluginId, file);
    } catch {
      // What lies elsewhere is not loaded: it would tell a stranger who reads this, and when.
      const stand = document.createElement('span');
      stand.className = 'so-badge';
      stand.textContent = picture.alt || msg('Picture that is not in the package');
      picture.replaceWith(stand);
    }
  }
}
