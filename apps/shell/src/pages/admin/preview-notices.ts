import { msg } from '@lit/localize';
import type { PreviewInfo, PreviewReport } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { notice } from '../../ui/states.js';
import { didNotStart } from './preview-report.js';

/** Why there is less to see than somebody would expect. */
export function lessToSee({ visible }: PreviewInfo, report: PreviewReport | null): TemplateResult | typeof nothing {
  if (report && didNotStart(report))
    return notice(
      'danger',
      html`<b>${msg('Its backend did not start.')}</b>
        <span>${msg('What is here is what is left of it without that. Where it failed is told under Errors.')}</span>`,
    );
  if (visible) return nothing;
  return notice(
    'info',
    html`<b>${msg('It adds nothing to see.')}</b>
      <span>${msg('What it does with events and requests is told in the report.')}</span>`,
  );
}

export function frameLost(reason: string, open: () => void): TemplateResult {
  return html`${notice('danger', html`<b>${msg('The frame was closed')}</b><span>${reason}</span>`, true)}
    <p class="so-actions">
      <wa-button appearance="outlined" size="s" @click=${open}>${msg('Open it again')}</wa-button>
    </p>`;
}

export function unsealed(): TemplateResult {
  return html`<div class="so-preview-note">
    ${notice(
      'warning',
      html`<b>${msg('This browser cannot keep everything in a frame.')}</b>
        <span
          >${msg('A plugin could tell others what it sees here, so this preview shows made-up servers and people. Chromium 150 or later can show yours.')}</span
        >`,
    )}
  </div>`;
}
