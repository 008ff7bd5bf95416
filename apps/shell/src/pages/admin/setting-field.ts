import { msg } from '@lit/localize';
import type { SettingSpec } from '@sodium/sdk/manifest';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { isSecret, type SettingsDraft } from './settings-draft.js';

interface Field {
  name: string;
  spec: SettingSpec;
  draft: SettingsDraft;
  /** What is wrong with it. */
  problem?: string | undefined;
  changed(): void;
}

/** The control for one setting. */
export function settingField(field: Field): TemplateResult {
  const { spec } = field;
  if (isSecret(spec)) return secret(field);
  switch (spec.type) {
    case 'boolean':
      return html`<wa-switch
        name=${field.name}
        hint=${field.problem ?? help(spec)}
        .checked=${field.draft.value(field.name) === true}
        @change=${(event: Event) => set(field, (event.target as HTMLInputElement).checked)}
        >${label(field)}</wa-switch
      >`;
    case 'select':
      return html`<wa-select
        name=${field.name}
        label=${label(field)}
        hint=${field.problem ?? help(spec)}
        class=${look(field)}
        .value=${text(field)}
        @change=${change(field)}
      >
        ${spec.options.map((option) =>
          typeof option === 'string'
            ? html`<wa-option value=${option}>${option}</wa-option>`
            : html`<wa-option value=${option.value}>${option.label}</wa-option>`,
        )}
      </wa-select>`;
    case 'color':
      return html`<wa-color-picker
        name=${field.name}
        label=${label(field)}
        hint=${field.problem ?? help(spec)}
        class=${look(field)}
        format="hex"
        without-format-toggle
        .value=${text(field)}
        @change=${change(field)}
      ></wa-color-picker>`;
    case 'number':
      return html`<wa-input
        name=${field.name}
        type="number"
        label=${label(field)}
        hint=${field.problem ?? help(spec)}
        class=${look(field)}
        min=${spec.min ?? nothing}
        max=${spec.max ?? nothing}
        step=${spec.step ?? 'any'}
        .value=${live(text(field))}
        @input=${(event: Event) => set(field, numberIn(event.target as HTMLInputElement))}
        >${spec.unit ? html`<span slot="end">${spec.unit}</span>` : nothing}</wa-input
      >`;
    default:
      return spec.type === 'string' && spec.multiline ? multiline(field) : line(field);
  }
}

function line(field: Field): TemplateResult {
  const { spec } = field;
  return html`<wa-input
    name=${field.name}
    type=${spec.type === 'url' ? 'url' : 'text'}
    label=${label(field)}
    hint=${field.problem ?? help(spec)}
    class=${look(field)}
    placeholder=${('placeholder' in spec && spec.placeholder) || nothing}
    spellcheck="false"
    autocomplete="off"
    .value=${live(text(field))}
    @input=${change(field)}
  ></wa-input>`;
}

function multiline(field: Field): TemplateResult {
  return html`<wa-textarea
    name=${field.name}
    label=${label(field)}
    hint=${field.problem ?? help(field.spec)}
    class=${look(field)}
    rows="4"
    resize="auto"
    .value=${live(text(field))}
    @input=${change(field)}
  ></wa-textarea>`;
}

/** A secret is never shown: it can be replaced or removed. */
function secret(field: Field): TemplateResult {
  const { name, draft, spec } = field;
  const isSet = draft.isSet(name);
  const typed = draft.value(name);
  const remove = (): void => set(field, null);
  const keep = (): void => {
    draft.reset(name);
    field.changed();
  };
  const onInput = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    if (value) set(field, value);
    else keep();
  };
  const state =
    typed === null
      ? msg('Will be removed when you save.')
      : isSet
        ? msg('Set. Type a new value to replace it.')
        : msg('Not set.');
  return html`<div class="so-row so-row-nowrap so-field-action">
    <wa-input
      name=${name}
      type="password"
      label=${label(field)}
      hint=${field.problem ?? `${help(spec)} ${state}`.trim()}
      class=${look(field)}
      placeholder=${isSet ? '••••••••' : nothing}
      autocomplete="new-password"
      style="flex: 1"
      .value=${live(typeof typed === 'string' ? typed : '')}
      @input=${onInput}
    ></wa-input>
    ${
      typed !== undefined
        ? html`<wa-button size="s" appearance="plain" @click=${keep}>${msg('Undo')}</wa-button>`
        : isSet
          ? html`<wa-button size="s" appearance="plain" @click=${remove}>${msg('Remove')}</wa-button>`
          : nothing
    }
  </div>`;
}

function label({ name, spec }: Field): string {
  return `${spec.label ?? name}${spec.required ? ' *' : ''}`;
}

function help(spec: SettingSpec): string {
  return spec.help ?? spec.description ?? '';
}

function look(field: Field): string | typeof nothing {
  return field.problem ? 'so-invalid' : nothing;
}

function text({ name, draft }: Field): string {
  const value = draft.value(name);
  return value === undefined || value === null ? '' : String(value);
}

/** What is no number leaves such a field without a value, as if it had been emptied. */
function numberIn({ value, validity }: HTMLInputElement): number | null {
  if (validity.badInput) return Number.NaN;
  return value.trim() === '' ? null : Number(value);
}

function change(field: Field): (event: Event) => void {
  return (event) => set(field, (event.target as HTMLInputElement).value);
}

function set(field: Field, value: unknown): void {
  field.draft.set(field.name, value);
  field.changed();
}
