import { msg } from '@lit/localize';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { html, render } from 'lit';
import { messageOf } from '../api/api-error.js';
import { icon } from '../ui/icon.js';

/** The whole page, when the panel could not even say who is looking. */
export function showFailure(error: unknown): void {
  const host = document.createElement('main');
  host.className = 'so-gate';
  document.body.replaceChildren(host);
  document.title = msg('Not available · Sodium');
  render(
    html`<div class="so-gate-card so-empty so-empty-danger" role="alert">
      <span class="so-empty-icon">${icon('cloud-off')}</span>
      <h1>${msg('The panel cannot be shown')}</h1>
      <p>${messageOf(error)}</p>
      <wa-button variant="brand" @click=${() => location.reload()}>${msg('Load the page again')}</wa-button>
    </div>`,
    host,
  );
}
