import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';

/** The head of a table. A column of buttons at the end has a name that is only read aloud. */
export function tableHead(labels: readonly string[], end: 'actions' | null = null): TemplateResult {
  return html`<thead>
    <tr>
      ${labels.map((label) => html`<th scope="col">${label}</th>`)}
      ${end ? html`<th scope="col"><span class="so-visually-hidden">${msg('Actions')}</span></th>` : nothing}
    </tr>
  </thead>`;
}
