import { msg, str } from '@lit/localize';
import type { User } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { FormController } from '../../ui/form.js';
import { notice } from '../../ui/states.js';

/** Creates an account, or changes its role or password. Fires `saved` and, whatever happened, `closed`. */
@customElement('sodium-user-dialog')
export class UserDialog extends ShellElement {
  @property({ attribute: false }) user: User | null = null;
  @state() private open = true;
  readonly #form = new FormController(this);

  #save = this.#form.submit(async (values) => {
    const { api } = this.shell;
    if (this.user) {
      const patch = { role: values.role, ...(values.password ? { password: values.password } : {}) };
      await api.patch(`/api/admin/users/${encodeURIComponent(this.user.id)}`, patch);
    } else await api.post('/api/admin/users', values);
    this.dispatchEvent(new Event('saved'));
    this.open = false;
  });

  override render(): TemplateResult {
    const { user } = this;
    const own = (event: Event): boolean => event.target === event.currentTarget;
    return html`<wa-dialog
      label=${user ? msg(str`Edit “${user.username}”`) : msg('New user')}
      .open=${this.open}
      @wa-hide=${(event: Event) => own(event) && (this.open = false)}
      @wa-after-hide=${(event: Event) => own(event) && this.dispatchEvent(new Event('closed'))}
    >
      <form class="so-form" novalidate autocomplete="off" @submit=${this.#save}>
        ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : nothing}
        ${user ? nothing : html`${this.#text('username', msg('User name'))}${this.#text('email', msg('Email'), '', 'email')}`}
        <wa-select name="role" label=${msg('Role')} .value=${user?.role ?? 'user'} hint=${this.#form.hint('role')}>
          <wa-option value="user">${msg('User')}</wa-option>
          <wa-option value="admin">${msg('Administrator')}</wa-option>
        </wa-select>
        ${this.#text(
          'password',
          user ? msg('New password') : msg('Password'),
          user ? msg('Empty: keep the present one.') : msg('At least 8 characters.'),
          'password',
        )}
      </form>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" @click=${() => (this.open = false)}>${msg('Cancel')}</wa-button>
        <wa-button
          variant="brand"
          ?loading=${this.#form.busy}
          @click=${() => this.querySelector('form')?.requestSubmit()}
          >${msg('Save')}</wa-button
        >
      </div>
    </wa-dialog>`;
  }

  #text(name: string, label: string, hint = '', type: 'text' | 'email' | 'password' = 'text'): TemplateResult {
    return html`<wa-input
      name=${name}
      type=${type}
      label=${label}
      hint=${this.#form.hint(name, hint)}
      class=${this.#form.look(name)}
      autocomplete=${type === 'password' ? 'new-password' : 'off'}
    ></wa-input>`;
  }
}
