import { msg, str } from '@lit/localize';
import type { PreviewAnswers, PreviewInfo } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/textarea/textarea.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { FormController } from '../../ui/form.js';
import { icon } from '../../ui/icon.js';
import { notice } from '../../ui/states.js';
import type { PreviewClient } from './preview-client.js';
import { part } from './preview-parts.js';

/** What the recorder answers to the plugin's requests, instead of the network. Fires `changed` with what the preview is like then. */
@customElement('sodium-preview-answers')
export class PreviewAnswersForm extends ShellElement {
  @property({ attribute: false }) answers!: PreviewAnswers;
  /** The hosts it has asked, so that nobody has to type them. */
  @property({ attribute: false }) hosts: readonly string[] = [];
  @property({ attribute: false }) client!: PreviewClient;
  readonly #form = new FormController(this);

  #save = this.#form.submit(async ({ host = '', status = '', body = '' }) => {
    const answer = { status: Number(status), body };
    const { default: usual, hosts } = this.answers;
    const answers =
      host.trim() === '' ? { default: answer, hosts } : { default: usual, hosts: { ...hosts, [host.trim()]: answer } };
    await this.#put(answers);
    this.shell.toast(msg('The next request is answered so.'), 'success');
  });

  async #put(answers: PreviewAnswers): Promise<void> {
    const detail: PreviewInfo = await this.client.answers(answers);
    this.dispatchEvent(new CustomEvent('changed', { detail }));
  }

  async #remove(host: string): Promise<void> {
    const hosts = { ...this.answers.hosts };
    delete hosts[host];
    try {
      await this.#put({ ...this.answers, hosts });
      this.shell.toast(msg(str`“${host}” is answered like all others again.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
  }

  override render(): TemplateResult {
    const { default: usual, hosts } = this.answers;
    const known = Object.entries(hosts);
    const body = html`<form class="so-form" novalidate @submit=${this.#save}>
      ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : nothing}
      <ul class="so-list so-preview-list" aria-label=${msg('Chosen answers')}>
        ${known.map(
          ([host, { status }]) =>
            html`<li>
              <span class="so-row"><code>${host}</code> ${status}</span>
              <button
                type="button"
                class="so-icon-button"
                title=${msg('Remove')}
                aria-label=${msg(str`Remove the answer of ${host}`)}
                @click=${() => void this.#remove(host)}
              >
                ${icon('x')}
              </button>
            </li>`,
        )}
        <li><span>${known.length > 0 ? msg('Every other host') : msg('Every host')}: ${usual.status}</span></li>
      </ul>
      <wa-input
        name="host"
        size="s"
        label=${msg('Host')}
        hint=${this.#form.hint('host', msg('Empty: every host that has no answer of its own.'))}
        list="preview-hosts"
        spellcheck="false"
        autocomplete="off"
      ></wa-input>
      <datalist id="preview-hosts">${this.hosts.map((host) => html`<option value=${host}></option>`)}</datalist>
      ${keyed(
        usual,
        html`<wa-input
            name="status"
            type="number"
            size="s"
            min="200"
            max="599"
            label=${msg('Status')}
            hint=${this.#form.hint('status')}
            .defaultValue=${String(usual.status)}
          ></wa-input>
          <wa-textarea
            name="body"
            size="s"
            rows="3"
            resize="auto"
            label=${msg('Body')}
            .defaultValue=${usual.body}
          ></wa-textarea>`,
      )}
      <div class="so-actions">
        <wa-button type="submit" size="s" appearance="outlined" ?loading=${this.#form.busy}
          >${msg('Answer so')}</wa-button
        >
      </div>
    </form>`;
    return part({ id: 'answers', title: msg('Answers'), body });
  }
}
