import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { SORTS, type PluginFilter, type Sort } from './plugin-filter.js';
import { typeName } from './plugin-table-row.js';

/** The controls above the list of plugins. */
export function pluginFilterBar(
  filter: PluginFilter,
  { shown, all }: { shown: number; all: number },
  show: (filter: PluginFilter) => void,
): TemplateResult {
  const states: [PluginFilter['state'], string][] = [
    ['', msg('All')],
    ['attention', msg('Needs attention')],
    ['active', msg('Active')],
    ['inactive', msg('Inactive')],
    ['failed', msg('Failed')],
    ['quarantined', msg('Quarantined')],
    ['invalid', msg('Invalid')],
  ];
  const types = ['feature', 'widget', 'hook', 'theme'].map((type): [string, string] => [type, typeName(type)]);
  const sorts: Record<Sort, string> = {
    name: msg('Name'),
    state: msg('State'),
    type: msg('Type'),
    permissions: msg('Most permissions'),
  };
  return html`<div class="so-tools" role="search">
    <input
      class="so-search"
      type="search"
      aria-label=${msg('Search plugins')}
      placeholder=${msg('Name, id, author, description')}
      .value=${live(filter.text)}
      @input=${(event: Event) => show({ ...filter, text: (event.target as HTMLInputElement).value })}
    />
    ${choice(msg('State'), filter.state, states, (state) => show({ ...filter, state }))}
    ${choice(msg('Type'), filter.type, [['', msg('All')], ...types], (type) => show({ ...filter, type }))}
    ${choice(
      msg('Sort by'),
      filter.sort,
      SORTS.map((sort): [Sort, string] => [sort, sorts[sort]]),
      (sort) => show({ ...filter, sort }),
    )}
    <span class="so-muted so-small" role="status"
      >${shown === all ? msg(str`${all} plugins`) : msg(str`${shown} of ${all}`)}</span
    >
  </div>`;
}

function choice<T extends string>(
  label: string,
  value: T,
  options: readonly (readonly [T, string])[],
  choose: (value: T) => void,
): TemplateResult {
  return html`<label class="so-menu-field"
    ><span class="so-visually-hidden">${label}</span
    ><select
      title=${label}
      .value=${live(value)}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}
    >
      ${options.map(([name, text]) => html`<option value=${name} ?selected=${name === value}>${name === '' ? `${label}: ${text}` : text}</option>`)}
    </select></label
  >`;
}
