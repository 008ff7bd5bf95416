import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { Server, Template } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { copyButton } from '../../ui/copy-button.js';
import { FormController } from '../../ui/form.js';
import { formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { limitFields, limitsOf } from '../../ui/limit-fields.js';
import { notice } from '../../ui/states.js';
import { UnsavedGuard } from '../../ui/unsaved-guard.js';
import { variableFields, variablesOf } from '../../ui/variable-fields.js';

@customElement('sodium-settings-tab')
export class SettingsTab extends ShellElement {
  @property({ attribute: false }) server!: Server;
  readonly #form = new FormController(this);
  readonly #unsaved = new UnsavedGuard(this);
  readonly #template = new Task(this, {
    args: () => [this.server.template] as const,
    task: async ([id]) => {
      const { items } = await this.shell.api.get<{ items: Template[] }>('/api/templates');
      return items.find((template) => template.id === id) ?? null;
    },
  });

  #path(): string {
    return `/api/servers/${encodeURIComponent(this.server.id)}`;
  }

  #save = this.#form.submit(async (values) => {
    const limits = limitsOf(values);
    const body = {
      name: values.name,
      variables: { ...this.server.variables, ...variablesOf(values) },
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
    };
    this.shell.servers.put(await this.shell.api.patch<Server>(this.#path(), body));
    this.#unsaved.clear();
    this.shell.toast(msg('Saved. Changed variables apply from the next start.'), 'success');
  });

  override render(): TemplateResult {
    const { server } = this;
    const variables = this.#template.value?.variables ?? [];
    return html`<div class="so-stack-lg">
      <form class="so-card" novalidate @submit=${this.#save} @input=${() => this.#unsaved.mark()}>
        <header><h2>${msg('Server')}</h2></header>
        <div class="so-card-body so-form">
          ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : nothing}
          <wa-input
            name="name"
            label=${msg('Name')}
            hint=${this.#form.hint('name')}
            class=${this.#form.look('name')}
            .defaultValue=${server.name}
            maxlength="64"
            required
            style="max-width: 30rem"
          ></wa-input>
          ${variables.length > 0 ? variableFields(this.#form, variables, server.variables) : nothing}
          ${this.shell.user.role === 'admin' ? limitFields(this.#form, server.limits) : nothing}
        </div>
        <footer><wa-button type="submit" variant="brand" ?loading=${this.#form.busy}>${msg('Save')}</wa-button></footer>
      </form>
      ${this.#facts()} ${this.#danger()}
    </div>`;
  }

  #facts(): TemplateResult {
    const { server } = this;
    return html`<section class="so-card">
      <header><h2>${msg('About this server')}</h2></header>
      <dl class="so-card-body so-facts">
        <dt>${msg('Id')}</dt>
        <dd class="so-row">
          <span class="so-mono">${server.id}</span>${copyButton(this.shell, server.id, msg('Copy the id'))}
        </dd>
        <dt>${msg('Template')}</dt>
        <dd>${this.#template.value?.name ?? server.template}</dd>
        <dt>${msg('Created')}</dt>
        <dd>${formatTime(server.createdAt)}</dd>
      </dl>
    </section>`;
  }

  #danger(): TemplateResult {
    return html`<section class="so-card so-card-danger">
      <header><h2>${msg('Delete this server')}</h2></header>
      <div class="so-card-body so-row" style="justify-content: space-between">
        <p class="so-muted">${msg('The server stops and its files are removed. This cannot be undone.')}</p>
        <wa-button variant="danger" appearance="outlined" @click=${this.#remove}>
          <span slot="start">${icon('trash-2')}</span>${msg('Delete')}
        </wa-button>
      </div>
    </section>`;
  }

  #remove = async (): Promise<void> => {
    const { server, shell } = this;
    const sure = await shell.confirm({
      title: msg(str`Delete “${server.name}”?`),
      message: msg('The server stops and all its files and schedules are removed. This cannot be undone.'),
      confirmLabel: msg('Delete the server'),
      danger: true,
    });
    if (!sure) return;
    try {
      await shell.api.delete(this.#path());
      this.#unsaved.clear();
      await shell.router.navigate('/servers');
      shell.servers.remove(server.id);
      shell.toast(msg(str`“${server.name}” was deleted.`), 'success');
    } catch (error) {
      shell.fail(error);
    }
  };
}
