import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { Server, Template } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { messageOf } from '../api/api-error.js';
import { ShellElement } from '../shell-element.js';
import { FormController } from '../ui/form.js';
import { blameLine, blameOf } from '../ui/blame.js';
import { icon } from '../ui/icon.js';
import { limitFields, limitsOf } from '../ui/limit-fields.js';
import { errorState, notice, skeletonLines } from '../ui/states.js';
import { variableFields, variablesOf } from '../ui/variable-fields.js';

@customElement('sodium-server-create')
export class ServerCreate extends ShellElement {
  @state() private template: string | null = null;
  readonly #form = new FormController(this);
  readonly #templates = new Task(this, {
    args: () => [],
    task: async () => (await this.shell.api.get<{ items: Template[] }>('/api/templates')).items,
  });

  #create = this.#form.submit(async (values) => {
    const body = {
      name: values.name,
      template: values.template,
      limits: limitsOf(values),
      variables: variablesOf(values),
    };
    const server = await this.shell.api.post<Server>('/api/servers', body);
    this.shell.servers.put(server);
    this.shell.toast(msg(str`“${server.name}” was created.`), 'success');
    await this.shell.router.navigate(`/servers/${server.id}`);
  });

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <a class="so-back" href="/servers">${icon('chevron-left')}${msg('Servers')}</a>
          <h1>${msg('New server')}</h1>
        </div>
      </div>
      ${this.#templates.render({
        pending: () => skeletonLines(6),
        error: (error) =>
          html`<div class="so-card">${errorState(error, () => void this.#templates.run(), this.shell.user)}</div>`,
        complete: (templates) => this.#formFor(templates),
      })}`;
  }

  #formFor(templates: readonly Template[]): TemplateResult {
    const chosen = templates.find(({ id }) => id === this.template) ?? templates[0];
    if (!chosen) return notice('warning', msg('This panel has no templates yet. Ask its administrator to add one.'));
    return html`<form class="so-form" novalidate @submit=${this.#create}>
      ${this.#refusal()}
      <section class="so-card so-card-body so-form">
        <fieldset class="so-choices">
          <legend>${msg('Template')}</legend>
          ${templates.map((template) => this.#choice(template, template === chosen))}
        </fieldset>
        <wa-input
          name="name"
          class=${this.#form.look('name')}
          label=${msg('Name')}
          hint=${this.#form.hint('name', msg('You can change it later.'))}
          maxlength="64"
          autocomplete="off"
          required
          style="max-width: 30rem"
        ></wa-input>
        ${chosen.variables.length > 0 ? variableFields(this.#form, chosen.variables) : nothing}
      </section>
      <wa-details summary=${msg('Limits')}>${limitFields(this.#form)}</wa-details>
      <div class="so-actions">
        <wa-button type="submit" variant="brand" ?loading=${this.#form.busy}>${msg('Create the server')}</wa-button>
        <wa-button appearance="plain" href="/servers">${msg('Cancel')}</wa-button>
      </div>
    </form>`;
  }

  /** A plugin may refuse the creation: its reason is what the user needs. */
  #refusal(): TemplateResult | typeof nothing {
    const { error } = this.#form;
    if (!error) return nothing;
    const blame = blameOf(error, this.shell.user);
    return notice(
      'danger',
      html`<b>${blame ? msg('The server was not created') : msg('This did not work')}</b
        ><span>${messageOf(error)}</span> ${blameLine(blame)}`,
      true,
    );
  }

  #choice(template: Template, chosen: boolean): TemplateResult {
    return html`<label class="so-choice">
      <input
        type="radio"
        name="template"
        value=${template.id}
        .checked=${chosen}
        @change=${() => (this.template = template.id)}
      />
      ${icon(template.icon ?? 'box')}<b>${template.name}</b><small>${template.description}</small>
    </label>`;
  }
}
