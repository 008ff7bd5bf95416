import { msg } from '@lit/localize';
import { html, LitElement, nothing, render, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import type { ApiClient } from '../api/api-client.js';
import { messageOf } from '../api/api-error.js';
import { isSafeMode } from '../api/safe-mode.js';
import { safeNext, type Session } from '../api/session.js';
import { FormController } from '../ui/form.js';
import { notice } from '../ui/states.js';

type Mode = 'login' | 'register' | 'setup';

/** Shows what stands before the panel: logging in, registering, or making the first account. */
export function showGate(api: ApiClient, session: Session): void {
  const gate = new Gate();
  gate.api = api;
  gate.mode = session.kind === 'setup' ? 'setup' : 'login';
  gate.registration = session.kind === 'visitor' && session.registration;
  const main = document.createElement('main');
  main.className = 'so-gate';
  document.body.replaceChildren(main);
  render(gate, main);
}

@customElement('sodium-gate')
export class Gate extends LitElement {
  @property({ attribute: false }) api!: ApiClient;
  @property() mode: Mode = 'login';
  @property({ type: Boolean }) registration = false;
  @state() private done = false;
  readonly #form = new FormController(this);

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #login = this.#form.submit(async ({ username, password }) => {
    await this.api.post('/api/auth/login', { username, password });
    this.#enter();
  });

  #register = this.#form.submit(async ({ username, email, password, repeat }) => {
    if (password !== repeat) this.#form.refuse({ repeat: msg('The two passwords differ. Type the same one twice.') });
    await this.api.post('/api/auth/register', { username, email, password });
    this.#enter();
  });

  /** A page load, so that nothing of the visitor's page lives on in the user's. */
  #enter(): void {
    this.done = true;
    location.assign(this.mode === 'setup' ? '/' : safeNext(new URLSearchParams(location.search).get('next')));
  }

  override render(): TemplateResult {
    const texts = this.#texts();
    document.title = `${texts.title} · Sodium`;
    return html`<div class="so-gate-card">
      <header>
        <img src="/favicon.svg" alt="Sodium" />
        <h1>${texts.title}</h1>
        <p class="so-muted">${texts.text}</p>
      </header>
      <form class="so-form" novalidate @submit=${this.mode === 'login' ? this.#login : this.#register}>
        ${isSafeMode() ? notice('warning', msg('Safe mode: after logging in, no plugin is shown in this tab.')) : nothing}
        ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : nothing} ${this.#fields()}
        <wa-button type="submit" variant="brand" ?loading=${this.#form.busy || this.done}>${texts.action}</wa-button>
      </form>
      ${this.#foot()}
    </div>`;
  }

  #fields(): TemplateResult {
    const fresh = this.mode !== 'login';
    return html`<wa-input
        name="username"
        label=${fresh ? msg('User name') : msg('User name or email')}
        hint=${this.#form.hint('username')}
        class=${this.#form.look('username')}
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        maxlength="254"
        autofocus
        required
      ></wa-input>
      ${fresh ? this.#field('email', 'email', msg('Email'), 'email') : nothing}
      ${this.#field(
        'password',
        'password',
        msg('Password'),
        fresh ? 'new-password' : 'current-password',
        fresh ? msg('At least 8 characters.') : '',
      )}
      ${fresh ? this.#field('repeat', 'password', msg('Password again'), 'new-password') : nothing}`;
  }

  #field(name: string, type: 'email' | 'password', label: string, autocomplete: string, hint = ''): TemplateResult {
    return html`<wa-input
      name=${name}
      type=${type}
      label=${label}
      hint=${this.#form.hint(name, hint)}
      class=${this.#form.look(name)}
      autocomplete=${autocomplete}
      ?password-toggle=${type === 'password'}
      required
    ></wa-input>`;
  }

  #foot(): TemplateResult | typeof nothing {
    if (this.mode === 'setup' || (this.mode === 'login' && !this.registration)) return nothing;
    const other = this.mode === 'login' ? 'register' : 'login';
    const change = (event: Event): void => {
      event.preventDefault();
      this.mode = other;
    };
    return html`<p class="so-gate-foot">
      ${other === 'register' ? msg('No account yet?') : msg('You have an account?')}
      <a href="/login" @click=${change}>${other === 'register' ? msg('Create one') : msg('Log in')}</a>
    </p>`;
  }

  #texts(): { title: string; text: string; action: string } {
    switch (this.mode) {
      case 'setup':
        return {
          title: msg('Welcome to Sodium'),
          text: msg('Create the first account. It administers this panel.'),
          action: msg('Create the administrator'),
        };
      case 'register':
        return {
          title: msg('Create an account'),
          text: msg('It takes a moment, then you can create servers.'),
          action: msg('Create the account'),
        };
      case 'login':
        return { title: msg('Log in'), text: msg('Good to see you again.'), action: msg('Log in') };
    }
  }
}
