import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Shell } from '../shell.js';
import { icon } from './icon.js';

export function copyButton(shell: Shell, text: string, label: string): TemplateResult {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      shell.toast(msg('Copied.'), 'success');
    } catch {
      // Browsers allow the clipboard on https and localhost only.
      shell.toast(msg('The browser does not allow copying here. Select the text instead.'), 'warning');
    }
  };
  return html`<button class="so-icon-button" type="button" aria-label=${label} title=${label} @click=${copy}>
    ${icon('copy')}
  </button>`;
}
