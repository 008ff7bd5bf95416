import { msg } from '@lit/localize';
import type { Schedule } from '@sodium/contract';
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
import { actionLabel } from '../power.js';

const EXAMPLES = [
  ['0 4 * * *', () => msg('Every day at 4:00')],
  ['0 * * * *', () => msg('Every hour')],
  ['*/15 * * * *', () => msg('Every 15 minutes')],
  ['0 20 * * 5', () => msg('Fridays at 20:00')],
] as const;

/** Creates or edits a schedule. Fires `saved` and, whatever happened, `closed`. */
@customElement('sodium-schedule-dialog')
export class ScheduleDialog extends ShellElement {
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) schedule: Schedule | null = null;
  @state() private open = true;
  @state() private kind: 'power' | 'command' | null = null;
  readonly #form = new FormController(this);

  #save = this.#form.submit(async (values) => {
    const task =
      this.#kind() === 'power'
        ? { type: 'power', action: values['task.action'] }
        : { type: 'command', command: values['task.command'] };
    const body = { name: values.name, cron: values.cron, timezone: values.timezone, task };
    if (this.schedule) await this.shell.api.patch(`${this.path}/${encodeURIComponent(this.schedule.id)}`, body);
    else await this.shell.api.post(this.path, body);
    this.dispatchEvent(new Event('saved'));
    this.open = false;
  });

  #kind(): 'power' | 'command' {
    return this.kind ?? this.schedule?.task.type ?? 'power';
  }

  #closed = (event: Event): void => {
    if (event.target === event.currentTarget) this.dispatchEvent(new Event('closed'));
  };

  override render(): TemplateResult {
    const { schedule } = this;
    return html`<wa-dialog
      label=${schedule ? msg('Edit the schedule') : msg('New schedule')}
      .open=${this.open}
      @wa-hide=${(event: Event) => event.target === event.currentTarget && (this.open = false)}
      @wa-after-hide=${this.#closed}
    >
      <form class="so-form" id="so-schedule" novalidate @submit=${this.#save}>
        ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : nothing}
        ${this.#text('name', msg('Name'), schedule?.name ?? '', msg('Such as “Nightly restart”.'), true)}
        <div class="so-form-row">
          ${this.#text('cron', msg('When'), schedule?.cron ?? '0 4 * * *', msg('Minute, hour, day, month, weekday.'))}
          ${this.#text('timezone', msg('Time zone'), schedule?.timezone ?? localZone())}
        </div>
        <div class="so-row" role="group" aria-label=${msg('Examples')}>
          ${EXAMPLES.map(
            ([cron, label]) =>
              html`<wa-button size="s" appearance="outlined" type="button" @click=${() => this.#use(cron)}
                >${label()}</wa-button
              >`,
          )}
        </div>
        ${this.#task(schedule)}
      </form>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" @click=${() => (this.open = false)}>${msg('Cancel')}</wa-button>
        <wa-button variant="brand" ?loading=${this.#form.busy} @click=${this.#submit}>${msg('Save')}</wa-button>
      </div>
    </wa-dialog>`;
  }

  #task(schedule: Schedule | null): TemplateResult {
    const task = schedule?.task;
    const choose = (event: Event): void => {
      this.kind = (event.target as HTMLInputElement).value as 'power' | 'command';
    };
    return html`<div class="so-form-row">
      <wa-select label=${msg('What')} .value=${this.#kind()} @change=${choose}>
        <wa-option value="power">${msg('Power action')}</wa-option>
        <wa-option value="command">${msg('Console command')}</wa-option>
      </wa-select>
      ${
        this.#kind() === 'power'
          ? html`<wa-select
              name="task.action"
              label=${msg('Action')}
              .value=${task?.type === 'power' ? task.action : 'restart'}
            >
              ${(['start', 'stop', 'restart', 'kill'] as const).map((each) => html`<wa-option value=${each}>${actionLabel(each)}</wa-option>`)}
            </wa-select>`
          : this.#text('task.command', msg('Command'), task?.type === 'command' ? task.command : '')
      }
    </div>`;
  }

  #text(name: string, label: string, value: string, hint = '', autofocus = false): TemplateResult {
    return html`<wa-input
      name=${name}
      label=${label}
      hint=${this.#form.hint(name, hint)}
      class=${this.#form.look(name)}
      .defaultValue=${value}
      ?autofocus=${autofocus}
      autocomplete="off"
      spellcheck="false"
      required
    ></wa-input>`;
  }

  #use(cron: string): void {
    const input = this.querySelector<HTMLInputElement>('[name="cron"]');
    if (input) input.value = cron;
  }

  /** The footer is outside the form. */
  #submit = (): void => this.querySelector('form')?.requestSubmit();
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
