import { msg } from '@lit/localize';
import { html, render } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';

export interface ConfirmOptions {
  title: string;
  message: string;
  confirmLabel?: string;
  danger?: boolean;
}

/** Asks in a dialog. False when it is closed in any other way than by the confirming button. */
export async function confirm(options: ConfirmOptions): Promise<boolean> {
  await import('@awesome.me/webawesome/dist/components/dialog/dialog.js');
  const host = document.createElement('div');
  document.body.append(host);
  return new Promise((resolve) => {
    let answer = false;
    const close = (value: boolean): void => {
      answer = value;
      const dialog = host.querySelector('wa-dialog');
      if (dialog) dialog.open = false;
    };
    const closed = (event: Event): void => {
      if (event.target !== event.currentTarget) return;
      host.remove();
      resolve(answer);
    };
    render(template(options, close, closed), host);
  });
}

function template(options: ConfirmOptions, close: (value: boolean) => void, closed: (event: Event) => void) {
  return html`<wa-dialog label=${options.title} open @wa-after-hide=${closed}>
    <p style="white-space: pre-line">${options.message}</p>
    <div slot="footer" class="so-actions">
      <wa-button appearance="outlined" autofocus @click=${() => close(false)}>${msg('Cancel')}</wa-button>
      <wa-button variant=${options.danger ? 'danger' : 'brand'} @click=${() => close(true)}>
        ${options.confirmLabel ?? msg('Continue')}
      </wa-button>
    </div>
  </wa-dialog>`;
}
