import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { PluginHandle } from './types.js';

export interface PluginFailure {
  readonly error: unknown;
  readonly where: string;
}

export const errorMessage = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
};

/** The same where there is no room for a card. */
export function errorSign(handle: PluginHandle, failure: PluginFailure): TemplateResult {
  const { name, version } = handle.entry;
  const words = msg(str`${name} ${version} failed: ${errorMessage(failure.error)}`);
  return html`<span class="error-sign" part="error" role="img" aria-label=${words} title=${words}>!</span>`;
}

/** The card that stands in the place of a failed view, or above one that failed later on. */
export function errorCard(handle: PluginHandle, failure: PluginFailure, onRetry: () => void): TemplateResult {
  const { id, name, version } = handle.entry;
  return html`<div class="error-card" part="error" role="alert">
    <p class="error-title">${msg(str`${name} ${version} failed: ${errorMessage(failure.error)}`)}</p>
    <p class="error-hint">${msg('The rest of the panel is not affected.')}</p>
    <div class="error-actions">
      <button type="button" @click=${onRetry}>${msg('Retry')}</button>
      ${
        handle.viewerIsAdmin
          ? html`<a href="/admin/plugins/${encodeURIComponent(id)}" data-native
              >${msg(str`Open ${name} in the admin area`)}</a
            >`
          : nothing
      }
    </div>
  </div>`;
}

/** Stands above a view whose plugin was updated while the user was typing into it. */
export function updateCard(handle: PluginHandle, onLoad: () => void): TemplateResult {
  const { name, version } = handle.entry;
  return html`<div class="error-card" role="status">
    <p class="error-title">${msg(str`${name} was updated to ${version}.`)}</p>
    <p class="error-hint">${msg('What you have typed is still here. Loading the new version discards it.')}</p>
    <div class="error-actions"><button type="button" @click=${onLoad}>${msg('Load the new version')}</button></div>
  </div>`;
}

/** Holds the place while a plugin's code is on its way. */
export function skeleton(name: string): TemplateResult {
  return html`<div class="skeleton" part="skeleton" role="status" aria-label=${msg(str`Loading ${name}`)}>
    <div></div>
    <div></div>
    <div></div>
  </div>`;
}

export const errorCardStyles = css`
  .error-sign {
    display: inline-grid;
    place-items: center;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    border: 1px solid var(--sodium-color-danger-border);
    border-radius: var(--sodium-radius-full);
    background: var(--sodium-color-danger-soft);
    color: var(--sodium-color-danger-text);
    font-size: var(--sodium-text-xs);
    font-weight: 600;
  }
  .error-card {
    border: 1px solid var(--sodium-color-danger-border);
    border-radius: var(--sodium-radius-md);
    background: var(--sodium-color-danger-soft);
    color: var(--sodium-color-text);
    padding: var(--sodium-space-4);
    overflow-wrap: anywhere;
  }
  .error-card:has(+ .place > .content) {
    margin-block-end: var(--sodium-space-4);
  }
  .error-card[role='status'] {
    border-color: var(--sodium-color-info-border);
    background: var(--sodium-color-info-soft);
  }
  .error-card p {
    margin: 0 0 var(--sodium-space-2);
  }
  .error-card .error-title {
    font-weight: var(--sodium-weight-medium);
  }
  .error-card .error-hint {
    font-size: var(--sodium-text-sm);
  }
  .error-actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--sodium-space-3);
  }
  .error-actions button {
    font: inherit;
    color: var(--sodium-color-text);
    cursor: pointer;
    background: var(--sodium-color-surface);
    border: 1px solid var(--sodium-color-border-strong);
    border-radius: var(--sodium-radius-sm);
    padding: var(--sodium-space-1) var(--sodium-space-4);
    min-block-size: 2.25rem;
  }
  .error-actions :focus-visible {
    outline: 2px solid var(--sodium-color-focus);
    outline-offset: 2px;
  }
  .error-actions a {
    color: inherit;
  }
`;
