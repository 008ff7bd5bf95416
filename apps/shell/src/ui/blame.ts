import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';

/** The plugin that caused what somebody sees fail. */
export interface Blame {
  /** Its name, or its id where that is all that is known. */
  name: string;
  version: string | undefined;
  /** Its page in the admin area, one click from disabling it; for admins alone. */
  href: string | undefined;
}

/** Whom the panel itself blames for a refusal or a failure; null when it was no plugin. */
export function blameOf(error: unknown, viewer: { role: string }): Blame | null {
  if (!(error instanceof ApiError) || error.plugin === undefined) return null;
  const { plugin, blamed: { name, version } = { name: error.plugin, version: undefined } } = error;
  const href = viewer.role === 'admin' ? `/admin/plugins/${encodeURIComponent(plugin)}` : undefined;
  return { name, version, href };
}

/** One line that names the plugin, for below a message. */
export function blameLine(blame: Blame | null): TemplateResult | typeof nothing {
  if (!blame) return nothing;
  const name = blame.version ? `${blame.name} ${blame.version}` : blame.name;
  return html`<span class="so-blame"
    >${msg(str`This came from the plugin “${name}”.`)}
    ${
      blame.href
        ? html`<a href=${blame.href} ?data-native=${!location.pathname.startsWith('/admin')}
            >${msg('Open it in the admin area')}</a
          >`
        : nothing
    }</span
  >`;
}
