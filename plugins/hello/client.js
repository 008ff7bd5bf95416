// The frontend half of the plugin: a plain ES module, used as it is. The shell loads it when its page is opened, or when
// the page is idle, for the badge.

export default function (sodium) {
  const { api, lit, ui } = sodium;

  ui.registerPages({
    '/hello': { title: 'Hello', element: createPage(sodium, lit) },
  });

  ui.addSidebarItem({
    label: 'Hello',
    icon: 'hand',
    href: '/hello',
    // Asked again after each navigation, and when this plugin has changed something through its own routes.
    badge: async () => (await api.get('/greetings')).total,
  });
}

// Lit comes from the shell, so that it exists once on the page. Colours and sizes come from the design tokens
// (--sodium-*), so that the page fits every theme, light and dark. `wa-…` elements belong to the shell's UI kit.
function createPage({ api, user, toast, confirm }, { LitElement, html, css, nothing }) {
  return class HelloPage extends LitElement {
    static properties = {
      greetings: { state: true },
      failure: { state: true },
      saving: { state: true },
      text: { state: true },
    };

    constructor() {
      super();
      this.greetings = null;
      this.failure = '';
      this.saving = false;
      this.text = '';
    }

    connectedCallback() {
      super.connectedCallback();
      this.load();
    }

    async load() {
      try {
        this.greetings = (await api.get('/greetings')).items;
        this.failure = '';
      } catch (error) {
        this.failure = error.message;
      }
    }

    async add(event) {
      event.preventDefault();
      if (this.text.trim() === '' || this.saving) return;
      this.saving = true;
      try {
        const greeting = await api.post('/greetings', { text: this.text });
        this.greetings = [greeting, ...(this.greetings ?? [])];
        this.text = '';
      } catch (error) {
        toast(error.message, { variant: 'danger' });
      } finally {
        this.saving = false;
      }
    }

    async removeGreeting(greeting) {
      const sure = await confirm({
        title: 'Remove this greeting?',
        message: `“${greeting.text}” will be gone for everybody.`,
        confirmLabel: 'Remove',
        danger: true,
      });
      if (!sure) return;
      try {
        await api.delete(`/greetings/${greeting.id}`);
        this.greetings = this.greetings.filter(({ id }) => id !== greeting.id);
      } catch (error) {
        toast(error.message, { variant: 'danger' });
      }
    }

    render() {
      return html`
        <header>
          <h2>Guest book</h2>
          <p class="lead">Leave a word for everybody who uses this panel.</p>
        </header>
        <form @submit=${this.add}>
          <label for="text">Your greeting</label>
          <div class="row">
            <input
              id="text"
              maxlength="280"
              autocomplete="off"
              placeholder="Hello, ${user.username} here"
              .value=${this.text}
              @input=${(event) => (this.text = event.target.value)}
            />
            <wa-button type="submit" variant="brand" ?loading=${this.saving}>Say hello</wa-button>
          </div>
        </form>
        ${this.renderList()}
      `;
    }

    renderList() {
      if (this.failure) {
        return html`<wa-callout variant="danger">
          ${this.failure} <wa-button size="small" @click=${this.load}>Try again</wa-button>
        </wa-callout>`;
      }
      if (!this.greetings) return html`<p class="quiet" role="status">Loading greetings…</p>`;
      if (this.greetings.length === 0) {
        return html`<div class="empty">
          <strong>Nobody has said hello yet</strong>
          <span class="quiet">The first greeting appears here.</span>
        </div>`;
      }
      return html`<ul aria-label="Greetings">
        ${this.greetings.map((greeting) => this.renderGreeting(greeting))}
      </ul>`;
    }

    renderGreeting(greeting) {
      const mayRemove = greeting.authorId === user.id || user.role === 'admin';
      return html`<li>
        <wa-avatar initials=${greeting.author.slice(0, 2).toUpperCase()} label="" aria-hidden="true"></wa-avatar>
        <div class="words">
          <p>${greeting.text}</p>
          <p class="quiet">
            ${greeting.author} ·
            <time datetime=${greeting.createdAt}>${new Date(greeting.createdAt).toLocaleString()}</time>
          </p>
        </div>
        ${
          mayRemove
            ? html`<wa-button
                appearance="plain"
                size="small"
                aria-label="Remove the greeting of ${greeting.author}"
                @click=${() => this.removeGreeting(greeting)}
                >Remove</wa-button
              >`
            : nothing
        }
      </li>`;
    }

    static styles = css`
      :host {
        display: grid;
        gap: var(--sodium-space-5);
        max-inline-size: 46rem;
      }
      p,
      ul {
        margin: 0;
        padding: 0;
      }
      h2 {
        margin: 0 0 var(--sodium-space-1);
        font-size: var(--sodium-text-xl);
        line-height: var(--sodium-leading-tight);
      }
      .lead {
        color: var(--sodium-color-text-muted);
      }
      .quiet {
        color: var(--sodium-color-text-muted);
        font-size: var(--sodium-text-sm);
      }
      form,
      ul,
      .empty {
        background: var(--sodium-color-surface);
        border: 1px solid var(--sodium-color-border);
        border-radius: var(--sodium-radius-lg);
        box-shadow: var(--sodium-shadow-sm);
      }
      form {
        padding: var(--sodium-space-5);
      }
      label {
        display: block;
        margin-block-end: var(--sodium-space-2);
        font-weight: var(--sodium-weight-medium);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--sodium-space-3);
      }
      input {
        flex: 1 1 14rem;
        box-sizing: border-box;
        min-inline-size: 0;
        block-size: 2.5rem;
        padding-inline: var(--sodium-space-3);
        font: inherit;
        color: var(--sodium-color-text);
        background: var(--sodium-color-surface);
        border: 1px solid var(--sodium-color-border-strong);
        border-radius: var(--sodium-radius-md);
      }
      input:focus-visible {
        outline: 2px solid var(--sodium-color-focus);
        outline-offset: 1px;
      }
      input::placeholder {
        color: var(--sodium-color-text-muted);
      }
      li {
        display: flex;
        align-items: center;
        gap: var(--sodium-space-4);
        padding: var(--sodium-space-4) var(--sodium-space-5);
        list-style: none;
      }
      li + li {
        border-block-start: 1px solid var(--sodium-color-border);
      }
      wa-avatar {
        --size: 2.5rem;
        flex: none;
      }
      .words {
        flex: 1;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .empty {
        display: grid;
        gap: var(--sodium-space-1);
        justify-items: center;
        padding: var(--sodium-space-12) var(--sodium-space-5);
        text-align: center;
      }
    `;
  };
}
