import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';

/** Says which folder of the panel's machine is watched for plugins, and looks into it again. */
@customElement('sodium-plugin-folder')
export class PluginFolder extends ShellElement {
  @property({ attribute: false }) directory = '';
  @property({ attribute: false }) look: () => Promise<void> = () => Promise.resolve();
  @state() private busy = false;

  override render(): TemplateResult {
    return html`<section class="so-card" aria-label=${msg('A folder on this machine')}>
      <div class="so-card-body so-row">
        ${icon('hard-drive')}
        <span style="flex: 1 1 12rem; min-width: 0">
          ${msg('Or put its folder on the panel’s machine into')}
          <code style="overflow-wrap: anywhere">${this.directory}</code>
        </span>
        <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => void this.#look()}>
          <span slot="start">${icon('refresh-cw')}</span>${msg('Look again')}
        </wa-button>
      </div>
    </section>`;
  }

  async #look(): Promise<void> {
    this.busy = true;
    await this.look();
    this.busy = false;
  }
}
