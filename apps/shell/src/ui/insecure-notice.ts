import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { notice } from './states.js';

/**
 * For pages of the admin area that were opened over plain HTTP by a network name. Browsers leave out there what tells
 * the panel which page a request comes from, and whoever is on the way reads along.
 */
export function insecureNotice(isSecure = window.isSecureContext): TemplateResult | typeof nothing {
  if (isSecure) return nothing;
  return notice(
    'warning',
    html`<b>${msg('This connection is not encrypted')}</b>
      <span
        >${msg('Over plain HTTP your session can be read on its way, and browsers do not say which page a request comes from: plugins in the user area are not kept away from the admin area as well as they could be.')}
        <a href="/docs/operate/reverse-proxy" data-native>${msg('Put the panel behind HTTPS')}</a></span
      >`,
  );
}
