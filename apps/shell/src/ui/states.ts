import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { messageOf } from '../api/api-error.js';
import { blameLine, blameOf } from './blame.js';
import { icon } from './icon.js';

export function emptyState(options: { icon: string; title: string; text: string; action?: unknown }): TemplateResult {
  return html`<div class="so-empty">
    <span class="so-empty-icon">${icon(options.icon)}</span>
    <h2>${options.title}</h2>
    <p>${options.text}</p>
    ${options.action ?? nothing}
  </div>`;
}

/** Who looks at the page where nobody says so: in the admin area that is an admin. */
const likelyViewer = (): { role: string } => ({ role: location.pathname.startsWith('/admin') ? 'admin' : 'user' });

/** What could not be loaded and why, and which plugin caused it, for an admin with the way to it. */
export function errorState(error: unknown, retry?: () => void, viewer = likelyViewer()): TemplateResult {
  return html`<div class="so-empty so-empty-danger" role="alert">
    <span class="so-empty-icon">${icon('circle-alert')}</span>
    <h2>${msg('This could not be loaded')}</h2>
    <p>${messageOf(error)}</p>
    ${blameLine(blameOf(error, viewer))}
    ${
      retry
        ? html`<wa-button appearance="outlined" @click=${retry}
            ><span slot="start">${icon('refresh-cw')}</span>${msg('Try again')}</wa-button
          >`
        : nothing
    }
  </div>`;
}

export function skeletonCards(count = 3): TemplateResult {
  return html`<div class="so-grid" aria-busy="true">
    <span class="so-visually-hidden" role="status">${msg('Loading')}</span>
    ${Array.from({ length: count }, () => html`<span class="so-skeleton so-skeleton-card"></span>`)}
  </div>`;
}

export function skeletonLines(count = 4): TemplateResult {
  return html`<div class="so-card so-card-body so-stack" aria-busy="true">
    <span class="so-visually-hidden" role="status">${msg('Loading')}</span>
    ${Array.from({ length: count }, (_, index) => html`<span class="so-skeleton" style="width: ${90 - ((index * 17) % 45)}%"></span>`)}
  </div>`;
}

type NoticeVariant = 'info' | 'success' | 'warning' | 'danger' | 'neutral';
const NOTICE_ICONS: Record<NoticeVariant, string> = {
  info: 'info',
  neutral: 'info',
  success: 'circle-check',
  warning: 'triangle-alert',
  danger: 'circle-alert',
};

/** A note in the flow of a page. `live` has screen readers read it when it appears. */
export function notice(variant: NoticeVariant, content: unknown, live = false): TemplateResult {
  return html`<div class="so-notice so-notice-${variant}" role=${live ? 'alert' : nothing}>
    ${icon(NOTICE_ICONS[variant])}
    <div>${content}</div>
  </div>`;
}
