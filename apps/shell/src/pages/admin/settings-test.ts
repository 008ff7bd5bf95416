import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { notice } from '../../ui/states.js';
import { pluginApi } from './plugin-model.js';

interface TestResult {
  ok: boolean;
  message: string;
}

/** Has the running plugin try the settings that were saved. */
@customElement('sodium-settings-test')
export class SettingsTest extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  /** There is input that was not saved. */
  @property({ attribute: false }) dirty = false;
  @state() private busy = false;
  @state() private result: TestResult | null = null;

  override render(): TemplateResult {
    return html`<section class="so-card" style="margin-top: var(--sodium-space-5)">
      <header><h2>${msg('Try the settings')}</h2></header>
      <div class="so-card-body so-stack">
        <p class="so-muted">
          ${
            this.dirty
              ? msg('The plugin tries the settings as they were saved last, without what you have changed since.')
              : msg('The plugin tries the saved settings and says whether they work.')
          }
        </p>
        <div>
          <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => void this.#run()}
            >${msg('Test')}</wa-button
          >
        </div>
        <div role="status">${this.result ? this.#answer(this.result) : nothing}</div>
      </div>
    </section>`;
  }

  #answer({ ok, message }: TestResult): TemplateResult {
    const said = message || (ok ? msg('The settings work.') : msg('The settings do not work.'));
    return notice(ok ? 'success' : 'danger', html`<span style="overflow-wrap: anywhere">${said}</span>`);
  }

  async #run(): Promise<void> {
    this.busy = true;
    this.result = null;
    try {
      this.result = await this.shell.api.post<TestResult>(`${pluginApi(this.pluginId)}/settings/test`);
    } catch (error) {
      this.result = { ok: false, message: messageOf(error) };
    }
    this.busy = false;
  }
}
