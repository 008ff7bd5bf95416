import type { Template } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import type { FormController } from './form.js';

export type TemplateVariable = Template['variables'][number];

/** The fields of a template's variables; their form names are `variables.<NAME>`, like the panel's messages about them. */
export function variableFields(
  form: FormController,
  variables: readonly TemplateVariable[],
  values: Readonly<Record<string, string>> = {},
): TemplateResult {
  return html`<div class="so-form-row">
    ${variables.map((variable) => field(form, variable, values[variable.name] ?? variable.default))}
  </div>`;
}

function field(form: FormController, variable: TemplateVariable, value: string): TemplateResult {
  const name = `variables.${variable.name}`;
  if (variable.options) {
    return html`<wa-select
      name=${name}
      label=${variable.label}
      hint=${form.hint(name, variable.help)}
      class=${form.look(name)}
      .value=${value}
    >
      ${variable.options.map((option) => html`<wa-option value=${option}>${option}</wa-option>`)}
    </wa-select>`;
  }
  return html`<wa-input
    name=${name}
    label=${variable.label}
    hint=${form.hint(name, variable.help)}
    class=${form.look(name)}
    .value=${value}
    ?required=${variable.required}
    maxlength="4096"
    spellcheck="false"
  ></wa-input>`;
}

export function variablesOf(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith('variables.') ? [[name.slice('variables.'.length), value]] : [],
    ),
  );
}
