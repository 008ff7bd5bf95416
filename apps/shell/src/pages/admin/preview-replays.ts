import { msg, str } from '@lit/localize';
import type { PreviewReplay, PreviewVerdict } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../../ui/format.js';
import { json } from './preview-parts.js';

/** One event that the plugin was shown again, and what it made of it. */
export function replayRow({ event, source, at, context, handlers }: PreviewReplay): TemplateResult {
  return html`<li>
    <details>
      <summary>
        <code>${event}</code> ${handlers.map(({ verdict }) => verdictBadge(verdict))}
        ${source === 'sample' ? html`<span class="so-badge">${msg('made up')}</span>` : nothing}
      </summary>
      ${handlers.map(({ verdict, priority, ms }) => verdictDetail(verdict, priority, ms))}
      <p class="so-muted so-small">
        ${source === 'sample' ? msg('Nothing of the kind has happened yet; this event was made up.') : msg(str`It happened ${formatTime(at)}. Names were changed.`)}
      </p>
      <pre>${json(context)}</pre>
    </details>
  </li>`;
}

function verdictBadge(verdict: PreviewVerdict): TemplateResult {
  switch (verdict.kind) {
    case 'passed':
      return html`<span class="so-badge so-badge-success">${msg('let pass')}</span>`;
    case 'denied':
      return html`<span class="so-badge so-badge-danger">${msg('denied')}</span>`;
    case 'changed':
      return html`<span class="so-badge so-badge-warning">${msg('changed')}</span>`;
    case 'failed':
      return html`<span class="so-badge so-badge-danger">${msg('failed')}</span>`;
  }
}

function verdictDetail(verdict: PreviewVerdict, priority: number, ms: number): TemplateResult {
  const when = html`<span class="so-muted so-small">${msg(str`Priority ${priority}, ${ms.toFixed(1)} ms`)}</span>`;
  switch (verdict.kind) {
    case 'passed':
      return html`<p>${msg('It would have let this pass.')} ${when}</p>`;
    case 'denied':
      return html`<p>${msg('It would have denied this:')} <b>${verdict.reason}</b> ${when}</p>`;
    case 'failed':
      return html`<p>
        <b>${verdict.message}</b> ${verdict.denies ? msg('In earnest this would have been refused.') : nothing} ${when}
      </p>`;
    case 'changed':
      return html`<p>${msg('It would have changed:')} ${when}</p>
        ${verdict.changes.map(
          ({ field, before, after }) =>
            html`<p><code>${field}</code></p>
              <pre class="so-preview-before">${json(before)}</pre>
              <pre class="so-preview-after">${json(after)}</pre>`,
        )}`;
  }
}
