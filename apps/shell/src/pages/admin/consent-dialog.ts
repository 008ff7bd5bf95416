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
    const { plugin } = this;
    const update = plugin.state === 'active' ? plugin.update : undefined;
    const version = update?.version ?? plugin.version;
    const added = new Set(update?.addedPermissions);
    // What is asked for beyond what was agreed to before stands first.
    const permissions = [...this.permissions].sort((a, b) => Number(added.has(b)) - Number(added.has(a)));
    const hide = (event: Event): void => {
      if (event.target === event.currentTarget) this.open = false;
    };
    const closed = (event: Event): void => {
      if (event.target === event.currentTarget) this.dispatchEvent(new Event('closed'));
    };
    return html`<wa-dialog
      class="so-consent"
      label=${update ? msg(str`Update “${plugin.name}” to ${update.version}?`) : msg(str`Activate “${plugin.name}”?`)}
      .open=${this.open}
      @wa-hide=${hide}
      @wa-after-hide=${closed}
    >
      <div class="so-stack" tabindex="0" role="group" aria-label=${msg('What it asks for')}>
        <p>
          ${plugin.author ? msg(str`${plugin.name} ${version} by ${plugin.author} asks to:`) : msg(str`${plugin.name} ${version} asks to:`)}
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
        ${permissions.length > 0 ? permissionList(permissions, { added }) : html`<p class="so-muted">${msg('Nothing: it needs no permission.')}</p>`}
      </div>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" @click=${() => (this.open = false)}>${msg('Cancel')}</wa-button>
        <wa-button variant="brand" @click=${() => this.dispatchEvent(new Event('consent'))}
          >${update ? msg('Allow and update') : msg('Allow and activate')}</wa-button
        >
      </div>
    </wa-dialog>`;
  }
}
