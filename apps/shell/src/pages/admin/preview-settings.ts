import { msg } from '@lit/localize';
import type { PreviewInfo } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/color-picker/color-picker.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { ApiError, messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { notice } from '../../ui/states.js';
import type { PreviewClient } from './preview-client.js';
import { part } from './preview-parts.js';
import { settingField } from './setting-field.js';
import { SettingsDraft } from './settings-draft.js';

/** Settings to try the plugin with. They end with the preview; those that are stored are neither read nor changed. Fires `applied` with what the preview is like then. */
@customElement('sodium-preview-settings')
export class PreviewSettings extends ShellElement {
  @property({ attribute: false }) specs: SettingSpecs = {};
  @property({ attribute: false }) values: PreviewInfo['settings'] = {};
  @property({ attribute: false }) client!: PreviewClient;
  @state() private draft: SettingsDraft | null = null;
  @state() private problems: Record<string, string> = {};
  @state() private status: 'idle' | 'saving' | { error: unknown } = 'idle';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.draft || changed.has('specs')) this.draft = new SettingsDraft(this.specs, this.values);
  }

  override render(): TemplateResult | typeof nothing {
    const { draft } = this;
    if (!draft || Object.keys(draft.specs).length === 0) return nothing;
    const body = html`<form class="so-form" novalidate @submit=${this.#save}>
      <p class="so-muted so-small">${msg('They end with the preview. What is stored is neither read nor changed.')}</p>
      ${typeof this.status === 'object' ? notice('danger', messageOf(this.status.error), true) : nothing}
      ${Object.entries(draft.specs)
        .filter(([name]) => draft.visible(name))
        .map(([name, spec]) =>
          settingField({ name, spec, draft, problem: this.problems[name], changed: () => this.requestUpdate() }),
        )}
      <div class="so-actions">
        <wa-button type="submit" size="s" appearance="outlined" ?loading=${this.status === 'saving'}
          >${msg('Try with these')}</wa-button
        >
      </div>
    </form>`;
    return part({ id: 'settings', title: msg('Settings to try'), body });
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.draft) return;
    const { changes } = this.draft;
    // What was not touched may lack something: a preview does without.
    const found = Object.entries(this.draft.problems()).filter(([name]) => name in changes);
    this.problems = Object.fromEntries(found);
    if (found.length > 0) return;
    this.status = 'saving';
    try {
      const detail: PreviewInfo = await this.client.settings(changes);
      this.draft = new SettingsDraft(this.specs, detail.settings);
      this.status = 'idle';
      this.shell.toast(msg('The plugin has these settings now.'), 'success');
      this.dispatchEvent(new CustomEvent('applied', { detail }));
    } catch (error) {
      const fields = error instanceof ApiError ? error.fields : {};
      const named = Object.entries(fields).map(([path, message]) => [path.replace(/^values\./, ''), message] as const);
      this.problems = Object.fromEntries(named.filter(([name]) => name in this.specs));
      this.status = Object.keys(this.problems).length > 0 ? 'idle' : { error };
    }
  };
}
