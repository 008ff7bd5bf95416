import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { messageOf } from '../api/api-error.js';
import { ShellElement } from '../shell-element.js';
import type { ThemeChoice } from '../theme/theme-controller.js';
import { FormController } from '../ui/form.js';
import { themeCards } from '../theme/theme-cards.js';
import { icon } from '../ui/icon.js';
import { notice } from '../ui/states.js';
import './account-sessions.js';

@customElement('sodium-account')
export class Account extends ShellElement {
  readonly #email = new FormController(this);
  readonly #password = new FormController(this);

  #saveEmail = this.#email.submit(async (values, form) => {
    await this.shell.api.patch('/api/account', { email: values.email, currentPassword: values.currentPassword });
    clearPasswords(form);
    this.shell.toast(msg('Your email address was changed.'), 'success');
  });

  #savePassword = this.#password.submit(async (values, form) => {
    if (values.password !== values.repeat)
      this.#password.refuse({ repeat: msg('The two passwords differ. Type the same one twice.') });
    await this.shell.api.patch('/api/account', { password: values.password, currentPassword: values.currentPassword });
    clearPasswords(form);
    this.shell.toast(msg('Your password was changed. Other sessions have ended.'), 'success');
  });

  protected override attached(): void {
    const { theme } = this.shell;
    this.own(theme.subscribe(() => this.requestUpdate()));
    void theme.refresh().then(() => this.requestUpdate());
  }

  override render(): TemplateResult {
    const { user } = this.shell;
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Your account')}</h1>
          <p>${user.username} · ${user.role === 'admin' ? msg('Administrator') : msg('User')}</p>
        </div>
      </div>
      <div class="so-stack-lg" style="max-width: 46rem">
        ${this.#appearance()}
        <form class="so-card" novalidate @submit=${this.#saveEmail}>
          <header><h2>${msg('Email')}</h2></header>
          <div class="so-card-body so-form">
            ${this.#problem(this.#email)} ${username(user.username)}
            <div class="so-form-row">
              ${field(this.#email, 'email', 'email', msg('Email'), 'email', user.email)}
              ${field(this.#email, 'currentPassword', 'password', msg('Current password'), 'current-password')}
            </div>
          </div>
          <footer>
            <wa-button type="submit" variant="brand" ?loading=${this.#email.busy}>${msg('Change the email')}</wa-button>
          </footer>
        </form>
        <form class="so-card" novalidate @submit=${this.#savePassword}>
          <header><h2>${msg('Password')}</h2></header>
          <div class="so-card-body so-form">
            ${this.#problem(this.#password)} ${username(user.username)}
            ${field(this.#password, 'currentPassword', 'password', msg('Current password'), 'current-password')}
            <div class="so-form-row">
              ${field(this.#password, 'password', 'password', msg('New password'), 'new-password', '', msg('At least 8 characters.'))}
              ${field(this.#password, 'repeat', 'password', msg('New password again'), 'new-password')}
            </div>
          </div>
          <footer>
            <wa-button type="submit" variant="brand" ?loading=${this.#password.busy}
              >${msg('Change the password')}</wa-button
            >
          </footer>
        </form>
        <sodium-account-sessions></sodium-account-sessions>
      </div>`;
  }

  #problem(form: FormController): TemplateResult | typeof nothing {
    return form.error ? notice('danger', messageOf(form.error), true) : nothing;
  }

  #appearance(): TemplateResult {
    const { theme } = this.shell;
    const choices: [ThemeChoice, string, string][] = [
      ['system', 'monitor', msg('System')],
      ['light', 'sun', msg('Light')],
      ['dark', 'moon', msg('Dark')],
    ];
    return html`<section class="so-card">
      <header><h2 id="so-appearance">${msg('Appearance')}</h2></header>
      <div class="so-card-body so-stack">
        ${themeCards(theme)}
        ${
          theme.onlyMode
            ? html`<p class="so-muted so-small">
                ${theme.onlyMode === 'dark' ? msg('This theme is dark only.') : msg('This theme is light only.')}
              </p>`
            : nothing
        }
        <div class="so-segmented" role="radiogroup" aria-label=${msg('Mode')}>
          ${choices.map(
            ([choice, symbol, label]) =>
              html`<label>
                <input
                  type="radio"
                  name="mode"
                  value=${choice}
                  .checked=${live(theme.choice === choice)}
                  ?disabled=${theme.onlyMode !== null}
                  @change=${() => theme.choose(choice)}
                />${icon(symbol)}${label}
              </label>`,
          )}
        </div>
      </div>
    </section>`;
  }
}

/** Tells password managers whose password this is. */
function username(value: string): TemplateResult {
  return html`<input type="text" name="username" autocomplete="username" .value=${value} hidden readonly />`;
}

function field(
  form: FormController,
  name: string,
  type: 'email' | 'password',
  label: string,
  autocomplete: string,
  value = '',
  hint = '',
): TemplateResult {
  return html`<wa-input
    name=${name}
    type=${type}
    label=${label}
    hint=${form.hint(name, hint)}
    class=${form.look(name)}
    .defaultValue=${value}
    autocomplete=${autocomplete}
    required
  ></wa-input>`;
}

function clearPasswords(form: HTMLFormElement): void {
  for (const input of form.querySelectorAll<HTMLElement & { value: string }>('wa-input[type=password]'))
    input.value = '';
}
