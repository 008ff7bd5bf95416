import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { ShellElement } from '../../shell-element.js';
import { PackageImages } from './package-images.js';

interface Shot {
  file: string;
  label: string;
  address: string;
}

/** The pictures that a plugin's manifest names, small in a row and large when one is opened. */
@customElement('sodium-plugin-screenshots')
export class PluginScreenshots extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @property({ attribute: false }) files: readonly string[] = [];
  @state() private open: Shot | null = null;
  readonly #images = new PackageImages(this);

  readonly #shots = new Task(this, {
    args: () => [this.pluginId, this.files.join('\n')] as const,
    task: async ([id]) => {
      const loaded = await Promise.allSettled(this.files.map((file) => this.#images.load(id, file)));
      return this.files.flatMap((file, index): Shot[] => {
        const result = loaded[index]!;
        return result.status === 'fulfilled' ? [{ file, label: labelOf(file), address: result.value }] : [];
      });
    },
  });

  override render(): TemplateResult | typeof nothing {
    const shots = this.#shots.value ?? [];
    if (shots.length === 0) return nothing;
    return html`<section class="so-card">
      <header><h2>${msg('Screenshots')}</h2></header>
      <ul class="so-shots">
        ${shots.map(
          (shot) =>
            html`<li>
              <button type="button" aria-label=${msg(str`Show ${shot.label} large`)} @click=${() => (this.open = shot)}>
                <img src=${shot.address} alt=${shot.label} />
              </button>
            </li>`,
        )}
      </ul>
      ${this.open ? this.#large(this.open) : nothing}
    </section>`;
  }

  #large(shot: Shot): TemplateResult {
    const closed = (event: Event): void => {
      if (event.target === event.currentTarget) this.open = null;
    };
    return html`<wa-dialog
      label=${shot.label}
      open
      light-dismiss
      style="--width: min(90vw, 70rem)"
      @wa-after-hide=${closed}
    >
      <img src=${shot.address} alt=${shot.label} style="display: block; max-width: 100%; margin: auto" />
    </wa-dialog>`;
  }
}

/** The manifest names files alone: `assets/dark-dashboard.png` is told as “dark dashboard”. */
function labelOf(file: string): string {
  const name = file.split('/').at(-1) ?? file;
  return name.replace(/\.[a-z0-9]+$/i, '').replace(/[-_]+/g, ' ');
}
