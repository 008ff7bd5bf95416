import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { PluginDetail } from './plugin-model.js';

/** What a plugin does at set times. */
export function pluginTasks(plugin: PluginDetail): TemplateResult {
  return html`<section class="so-card">
    <header><h2>${msg('Schedules')}</h2></header>
    <ul class="so-list">
      ${plugin.crons.map(
        ({ name, expression, timezone }) =>
          html`<li>
            <div><b>${name}</b></div>
            <span class="so-muted"><code>${expression}</code> ${timezone ?? nothing}</span>
          </li>`,
      )}
    </ul>
  </section>`;
}
