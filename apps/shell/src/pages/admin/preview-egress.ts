import { msg, str } from '@lit/localize';
import type { PreviewRequest } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { json } from './preview-parts.js';

/** One request that the plugin tried to send. */
export function egressRow({
  method,
  host,
  path,
  headers,
  body,
  bodyBytes,
  refused,
  status,
}: PreviewRequest): TemplateResult {
  return html`<li>
    <details>
      <summary>
        <code>${method} ${host}${path}</code>
        ${
          refused
            ? html`<span class="so-badge so-badge-danger">${msg('refused')}</span>`
            : html`<span class="so-badge">${msg(str`answered ${status ?? ''}`)}</span>`
        }
      </summary>
      ${refused ? html`<p>${refused}</p>` : nothing}
      ${Object.keys(headers).length > 0 ? html`<pre>${json(headers)}</pre>` : nothing}
      ${body === null ? html`<p class="so-muted so-small">${bodyBytes > 0 ? msg(str`${bodyBytes} bytes that are no text.`) : msg('Without a body.')}</p>` : html`<pre>${body}</pre>`}
    </details>
  </li>`;
}
