import { msg } from '@lit/localize';
import type { ServerLimits } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import type { FormController } from './form.js';

const FIELDS = ['memoryMb', 'cpu', 'diskMb'] as const;

/** The fields of a server's limits. Empty means no limit. */
export function limitFields(form: FormController, limits: ServerLimits = {}): TemplateResult {
  const labels = { memoryMb: msg('Memory (MiB)'), cpu: msg('CPU (percent of one core)'), diskMb: msg('Disk (MiB)') };
  return html`<div class="so-form-row">
    ${FIELDS.map((field) => {
      const name = `limits.${field}`;
      return html`<wa-input
        name=${name}
        type="number"
        min="0"
        label=${labels[field]}
        hint=${form.hint(name, msg('Empty: no limit.'))}
        class=${form.look(name)}
        .value=${limits[field] ? String(limits[field]) : ''}
        without-spin-buttons
      ></wa-input>`;
    })}
  </div>`;
}

export function limitsOf(values: Readonly<Record<string, string>>): ServerLimits {
  const given = FIELDS.filter((field) => `limits.${field}` in values);
  return Object.fromEntries(given.map((field) => [field, Number(values[`limits.${field}`]) || 0]));
}
