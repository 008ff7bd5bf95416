import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { listIn } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import './consent-dialog.js';
import { pluginApi, pluginPage, type PluginDetail } from './plugin-model.js';
import './remove-dialog.js';

/** What a part of a plugin's page may ask these actions for. */
export type PluginWish = 'activate' | 'discard';

/**
 * What an admin can do with a plugin, as buttons with their questions. Fires `changed`, and `asking` with whether the
 * admin is being asked for consent: nothing of the plugin's may be on the page then.
 */
@customElement('sodium-plugin-actions')
export class PluginActions extends ShellElement {
  @property({ attribute: false }) plugin!: PluginDetail;
  /** The permissions that the open dialog asks for. */
  @state() private asking: readonly string[] | null = null;
  @state() private removing = false;
  @state() private busy = false;

  override render(): TemplateResult {
    const { plugin } = this;
    return html`<div class="so-actions">
        ${this.#preview()} ${this.#activation()} ${this.#running()} ${this.#rollback()}
        <wa-button appearance="outlined" variant="danger" @click=${() => this.#setRemoving(true)}
          >${msg('Remove')}</wa-button
        >
      </div>
      ${
        this.asking
          ? html`<sodium-consent-dialog
              .plugin=${plugin}
              .permissions=${this.asking}
              @consent=${() => void this.#activate(this.asking ?? [])}
              @closed=${() => this.#ask(null)}
            ></sodium-consent-dialog>`
          : nothing
      }
      ${
        this.removing
          ? html`<sodium-remove-dialog
              .pluginId=${plugin.id}
              .name=${plugin.name}
              @removed=${() => this.#removed()}
              @closed=${() => this.#setRemoving(false)}
            ></sodium-remove-dialog>`
          : nothing
      }`;
  }

  fulfil(wish: PluginWish): void {
    if (wish === 'activate') this.ask();
    else void this.#discard();
  }

  /** Opens the consent. */
  ask(): void {
    const { permissions, update } = this.plugin;
    this.#ask([...new Set([...permissions.declared, ...(update?.addedPermissions ?? [])])]);
  }

  #preview(): TemplateResult | typeof nothing {
    const { id, state, update } = this.plugin;
    if (state !== 'inactive' && state !== 'failed' && !update) return nothing;
    return html`<wa-button appearance="outlined" href=${`${pluginPage(id)}/preview`}>
      <span slot="start">${icon('eye')}</span>${msg('Preview')}
    </wa-button>`;
  }

  #activation(): TemplateResult | typeof nothing {
    const { state, update } = this.plugin;
    const first = (label: string, act: () => void): TemplateResult =>
      html`<wa-button variant="brand" ?loading=${this.busy} @click=${act}>
        <span slot="start">${icon('power')}</span>${label}
      </wa-button>`;
    if (state === 'quarantined' && !update) return first(releaseLabel(), () => void this.#release());
    const start = (label: string): TemplateResult => first(label, () => this.ask());
    if (state === 'inactive') return start(msg('Activate'));
    if (update) return start(msg(str`Update to ${update.version}`));
    return state === 'failed' ? start(msg('Activate again')) : nothing;
  }

  #running(): TemplateResult | typeof nothing {
    const { state, update } = this.plugin;
    if (state === 'invalid' || state === 'inactive') return nothing;
    const button = (label: string, act: () => Promise<void>): TemplateResult =>
      html`<wa-button appearance="outlined" ?loading=${this.busy} @click=${() => void act()}>${label}</wa-button>`;
    return html`${state === 'quarantined' && update ? button(releaseLabel(), () => this.#release()) : nothing}
    ${state === 'active' ? button(msg('Restart'), () => this.#restart()) : nothing}
    ${button(msg('Deactivate'), () => this.#deactivate())}`;
  }

  #rollback(): TemplateResult | typeof nothing {
    const [earlier] = this.plugin.versions ?? [];
    if (!earlier) return nothing;
    return html`<wa-button
      appearance="outlined"
      ?loading=${this.busy}
      @click=${() => void this.#bringBack(earlier.version)}
      >${msg(str`Back to ${earlier.version}`)}</wa-button
    >`;
  }

  #ask(permissions: readonly string[] | null): void {
    this.asking = permissions;
    this.dispatchEvent(new CustomEvent('asking', { detail: permissions !== null }));
  }

  #setRemoving(removing: boolean): void {
    this.removing = removing;
    // What is just being removed is not there to be read.
    this.dispatchEvent(new CustomEvent('removing', { detail: removing }));
    if (!removing) this.#changed();
  }

  /** For what was never activated: there is nothing of its own to be asked about. */
  async #discard(): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Discard “${this.plugin.name}”?`),
      message: msg('Its files are deleted. It never ran.'),
      confirmLabel: msg('Discard'),
      danger: true,
    });
    if (!sure) return;
    this.dispatchEvent(new CustomEvent('removing', { detail: true }));
    try {
      await this.shell.api.delete(pluginApi(this.plugin.id));
      this.#removed();
    } catch (error) {
      this.shell.fail(error);
      this.#setRemoving(false);
    }
  }

  #removed(): void {
    this.removing = false;
    this.shell.toast(msg(str`“${this.plugin.name}” was removed.`), 'success');
    void this.shell.router.navigate('/admin/plugins');
  }

  #changed(): void {
    this.dispatchEvent(new Event('changed'));
  }

  async #bringBack(version: string): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Bring version ${version} of “${this.plugin.name}” back?`),
      message: msg('Its data goes back to what it was before the update. The present version and its data are kept.'),
      confirmLabel: msg('Bring back'),
    });
    if (sure) await this.#act('rollback', {}, msg(str`Version ${version} is active.`));
  }

  #release(): Promise<void> {
    return this.#act('quarantine/release', undefined, msg('The plugin may run again.'));
  }

  #restart(): Promise<void> {
    return this.#act('restart', undefined, msg('The plugin was restarted.'));
  }

  #activate(permissions: readonly string[]): Promise<void> {
    const { update } = this.plugin;
    this.#ask(null);
    const done = update ? msg(str`Version ${update.version} is active.`) : msg('The plugin is active.');
    return this.#act('activate', { permissions }, done);
  }

  async #deactivate(): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Deactivate “${this.plugin.name}”?`),
      message: msg('Its pages, routes and tasks stop at once. Its data and settings stay.'),
      confirmLabel: msg('Deactivate'),
    });
    if (sure) await this.#act('deactivate', undefined, msg('The plugin is inactive.'));
  }

  async #act(action: string, body: unknown, done: string): Promise<void> {
    this.busy = true;
    try {
      await this.shell.api.post(`${pluginApi(this.plugin.id)}/${action}`, body);
      this.shell.toast(done, 'success');
    } catch (error) {
      // The folder changed since this page was read: ask for what is wanted now.
      const wanted = listIn(error, 'CONSENT_REQUIRED', 'permissions');
      if (wanted) this.#ask(wanted);
      else this.shell.fail(error);
    }
    this.busy = false;
    this.#changed();
  }
}

const releaseLabel = (): string => msg('Release from quarantine');
