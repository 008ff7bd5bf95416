import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { ShellElement } from '../../shell-element.js';
import { formatRelative, formatTime } from '../../ui/format.js';
import { permissionList, permissionTitle } from './permission-list.js';
import { pluginApi, type PluginDetail } from './plugin-model.js';

/** What a plugin may do, how often it did, and the switches that take it back. Fires `changed`. */
@customElement('sodium-plugin-permissions')
export class PluginPermissions extends ShellElement {
  @property({ attribute: false }) plugin!: PluginDetail;
  @state() private busy = false;

  protected override attached(): void {
    // What it used while another tab was looked at.
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }

  override render(): TemplateResult {
    const { plugin } = this;
    const { declared, approved, revoked = [] } = plugin.permissions;
    return html`<section class="so-card">
      <header>
        <h2>${msg('What it may do')}</h2>
        ${plugin.consent ? html`<p>${msg(str`Allowed by ${plugin.consent.by}, ${formatTime(plugin.consent.at)}`)}</p>` : nothing}
      </header>
      <div class="so-card-body so-stack">
        ${
          declared.length > 0
            ? permissionList(declared, {
                approved: plugin.consent ? approved : undefined,
                extra: (name) => (approved.includes(name) || revoked.includes(name) ? this.#receipt(name) : nothing),
              })
            : html`<p class="so-muted">${msg('It asks for nothing.')}</p>`
        }
        ${this.#revokeUnused()}
      </div>
    </section>`;
  }

  /** How often it was used, and the switch that takes it back. */
  #receipt(name: string): TemplateResult | typeof nothing {
    const { plugin } = this;
    const { revoked = [], receipts = {} } = plugin.permissions;
    if (!plugin.consent) return nothing;
    const used = receipts[name];
    const change = (event: Event): void => {
      const on = (event.target as HTMLInputElement).checked;
      void this.#revoke(on ? revoked.filter((other) => other !== name) : [...revoked, name]);
    };
    return html`<span class="so-row so-row-nowrap" style="justify-content: space-between">
      <span title=${used ? formatTime(used.last) : nothing}>${used ? usedText(used) : msg('Never used')}</span>
      <wa-switch size="s" .checked=${!revoked.includes(name)} ?disabled=${this.busy} @change=${change}>
        <span class="so-visually-hidden">${msg(str`Allow ${name}`)}</span>
      </wa-switch>
    </span>`;
  }

  #revokeUnused(): TemplateResult | typeof nothing {
    const { state } = this.plugin;
    if (state !== 'active' || unusedOf(this.plugin.permissions).length === 0) return nothing;
    return html`<div>
      <wa-button
        size="s"
        appearance="outlined"
        ?loading=${this.busy}
        @click=${() => void this.#askRevoke().catch((error: unknown) => this.shell.fail(error))}
        >${msg('Take back what it never used')}</wa-button
      >
    </div>`;
  }

  /** What was used since this page was opened must not be taken back. */
  async #askRevoke(): Promise<void> {
    const { permissions } = await this.shell.api.get<PluginDetail>(pluginApi(this.plugin.id));
    const unused = unusedOf(permissions);
    if (unused.length === 0) {
      this.dispatchEvent(new Event('changed', { bubbles: true }));
      return this.shell.toast(msg('By now it has used all that it may.'), 'info');
    }
    const sure = await this.shell.confirm({
      title: msg('Take back what it never used?'),
      message: msg(
        str`${unused.map(permissionTitle).join(', ')}. What needs one of them fails from now on. You can give each back here.`,
      ),
      confirmLabel: msg('Take back'),
    });
    if (sure) await this.#revoke([...(permissions.revoked ?? []), ...unused]);
  }

  async #revoke(revoked: readonly string[]): Promise<void> {
    this.busy = true;
    try {
      await this.shell.api.put(`${pluginApi(this.plugin.id)}/permissions`, { revoked });
    } catch (error) {
      this.shell.fail(error);
    }
    this.busy = false;
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }
}

function unusedOf({ approved, receipts = {} }: PluginDetail['permissions']): string[] {
  return approved.filter((name) => !receipts[name]);
}

function usedText({ count, last }: { count: number; last: string }): string {
  const when = formatRelative(last);
  return count === 1 ? msg(str`Used once, ${when}`) : msg(str`Used ${count} times, last ${when}`);
}
