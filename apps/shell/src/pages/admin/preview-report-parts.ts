import { msg } from '@lit/localize';
import type { PreviewReport } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { egressRow } from './preview-egress.js';
import { failureRow, failuresOf } from './preview-failures.js';
import { count, empty, json, part, partBadge } from './preview-parts.js';

export function problems(report: PreviewReport): TemplateResult | typeof nothing {
  const { warnings } = report;
  const all = failuresOf(report);
  if (all.length + warnings.length === 0) return nothing;
  const body = html`<ul class="so-list so-preview-list">
    ${all.map(failureRow)} ${warnings.map((text) => html`<li><div>${text}</div></li>`)}
  </ul>`;
  return part({ id: 'errors', title: msg('Errors'), badge: partBadge(all.length, 'danger'), open: true, body });
}

export function conflicts(report: PreviewReport): TemplateResult | typeof nothing {
  const { conflicts } = report;
  if (conflicts.length === 0) return nothing;
  const worst = conflicts.some(({ severity }) => severity === 'error') ? 'danger' : 'warning';
  const variants = { error: 'danger', warning: 'warning', info: 'info' } as const;
  const body = html`<ul class="so-list so-preview-list">
    ${conflicts.map(
      ({ message, severity, name }) =>
        html`<li>
          <div>
            <span class="so-row"
              ><code>${name}</code
              ><span class="so-badge so-badge-${variants[severity]}">${severityName(severity)}</span></span
            >
            <span>${message}</span>
          </div>
        </li>`,
    )}
  </ul>`;
  const open = worst === 'danger';
  return part({ id: 'conflicts', title: msg('Conflicts'), badge: partBadge(conflicts.length, worst), open, body });
}

export function documents(report: PreviewReport): TemplateResult | typeof nothing {
  const { collections, counts, items } = report.documents;
  if (collections.length === 0 && items.length === 0) return nothing;
  const names = { added: msg('added'), changed: msg('changed'), removed: msg('removed') };
  const looks = { added: 'success', changed: 'warning', removed: 'danger' };
  const body = html`<p class="so-muted so-small">
      ${msg('Compared with what is stored. None of this was written to disk.')}
    </p>
    <ul class="so-list so-preview-list">
      ${items.map(
        ({ collection, id, change, before, after }) =>
          html`<li>
            <details>
              <summary>
                <span class="so-badge so-badge-${looks[change]}">${names[change]}</span>
                <code>${collection}/${id}</code>
              </summary>
              ${before === null ? nothing : html`<pre class="so-preview-before">${json(before)}</pre>`}
              ${after === null ? nothing : html`<pre class="so-preview-after">${json(after)}</pre>`}
            </details>
          </li>`,
      )}
    </ul>
    ${items.length === 0 ? empty(msg('It has changed no document.')) : nothing}`;
  const total = counts.added + counts.changed + counts.removed;
  return part({ id: 'documents', title: msg('Documents'), badge: partBadge(total), open: total > 0, body });
}

export function egress(report: PreviewReport): TemplateResult | typeof nothing {
  const { egress, permissions } = report;
  if (egress.length === 0 && !permissions.declared.includes('webhooks:send')) return nothing;
  const body = html`<p class="so-muted so-small">
      ${msg('Nothing left the panel: each request was recorded, and answered as chosen under “Answers”.')}
    </p>
    <ul class="so-list so-preview-list">
      ${egress.map(egressRow)}
    </ul>
    ${egress.length === 0 ? empty(msg('It has sent nothing.')) : nothing}`;
  return part({
    id: 'egress',
    title: msg('Requests to the outside'),
    badge: partBadge(egress.length),
    open: egress.length > 0,
    body,
  });
}

export function actions(report: PreviewReport): TemplateResult | typeof nothing {
  const { actions } = report;
  if (actions.length === 0) return nothing;
  const body = html`<p class="so-muted so-small">${msg('It was told that these were done. They were not.')}</p>
    <ul class="so-list so-preview-list">
      ${actions.map(({ name, args }) => html`<li><code>${name}(${json(args, 0)})</code></li>`)}
    </ul>`;
  return part({
    id: 'actions',
    title: msg('Actions asked for'),
    badge: partBadge(actions.length, 'warning'),
    open: true,
    body,
  });
}

export function routes(report: PreviewReport): TemplateResult | typeof nothing {
  const { routes } = report;
  if (routes.length === 0) return nothing;
  const body = html`<ul class="so-list so-preview-list">
    ${routes.map(
      ({ method, path, public: open }) =>
        html`<li class="so-row">
          <code>${method ?? '*'} ${path}</code>
          ${open ? html`<span class="so-badge so-badge-warning">${msg('without login')}</span>` : nothing}
        </li>`,
    )}
  </ul>`;
  return part({ id: 'routes', title: msg('Routes'), badge: partBadge(routes.length), body });
}

export function log({ logs }: PreviewReport): TemplateResult {
  const body =
    logs.length === 0
      ? empty(msg('It has said nothing yet.'))
      : html`<div class="so-log" role="log" tabindex="0" aria-label=${msg('Log')}>
          ${logs.map(
            ({ at, level, text }) =>
              html`<div class="so-log-${level}">
                <time>${new Date(at).toLocaleTimeString()}</time> <b>${level}</b> <span>${text}</span>
              </div>`,
          )}
        </div>`;
  return part({ id: 'log', title: msg('Log'), badge: count(logs.length), open: logs.length > 0, body });
}

function severityName(severity: 'error' | 'warning' | 'info'): string {
  return { error: msg('refused'), warning: msg('warning'), info: msg('note') }[severity];
}
