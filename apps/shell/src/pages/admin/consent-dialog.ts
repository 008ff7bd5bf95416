import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { ShellElement } from '../../shell-element.js';
import { notice } from '../../ui/states.js';
import { permissionList } from './permission-list.js';
import type { PluginDetail } from './plugin-model.js';

/** What a plugin asks for, before it may do any of it. Fires `consent`, and `closed` when it is refused. */
@customElement('sodium-consent-dialog')
export class ConsentDialog extends ShellElement {
  @property({ attribute: false }) plugin!: PluginDetail;
  @property({ attribute: false }) permissions: readonly string[] = [];
  @state() private open = true;

  override render(): TemplateResult {
    const { plugin, permissions } = this;
    const hide = (event: Event): void => {
      if (event.target === event.currentTarget) this.open = false;
    };
    const closed = (event: Event): void => {
      if (event.target === event.currentTarget) this.dispatchEvent(new Event('closed'));
    };
    return html`<wa-dialog
      class="so-consent"
      label=${msg(str`Activate “${plugin.name}”?`)}
      .open=${this.open}
      @wa-hide=${hide}
      @wa-after-hide=${closed}
    >
      <div class="so-stack" tabindex="0" role="group" aria-label=${msg('What it asks for')}>
        <p>
          ${plugin.author ? msg(str`${plugin.name} ${plugin.version} by ${plugin.author} asks to:`) : msg(str`${plugin.name} ${plugin.version} asks to:`)}
        </p>
        ${
          permissions.some((name) => name.startsWith('ui:'))
            ? notice(
                'warning',
                msg(
                  'What it shows in the panel runs with the rights of the user who sees it. The admin area never runs its code.',
                ),
              )
            : null
        }
        ${permissions.length > 0 ? permissionList(permissions) : html`<p class="so-muted">${msg('Nothing: it needs no permission.')}</p>`}
      </div>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" @click=${() => (this.open = false)}>${msg('Cancel')}</wa-button>
        <wa-button variant="brand" @click=${() => this.dispatchEvent(new Event('consent'))}
          >${msg('Allow and activate')}</wa-button
        >
      </div>
    </wa-dialog>`;
  }
}
