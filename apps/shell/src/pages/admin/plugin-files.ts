import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../ui/format.js';
import { tableHead } from '../../ui/table-head.js';
import type { PluginDetail } from './plugin-model.js';

/** Every file of the package with its size, and the hash by which the content is known. */
export function pluginFiles(plugin: PluginDetail): TemplateResult {
  const total = plugin.files.reduce((sum, file) => sum + file.size, 0);
  return html`<section class="so-card">
    <header>
      <h2>${msg('Files')}</h2>
      <p>${msg(str`${plugin.files.length} files, ${formatBytes(total)}`)}</p>
    </header>
    ${
      plugin.hash
        ? html`<p class="so-card-body so-small so-muted" style="padding-bottom: 0">
            ${plugin.consent ? msg('What was consented to, and nothing else, runs. Its content:') : msg('Its content:')}
            <span class="so-mono" style="overflow-wrap: anywhere">${plugin.hash}</span>
          </p>`
        : nothing
    }
    <div style="overflow-x: auto">
      <table class="so-table">
        ${tableHead([msg('File'), msg('Size'), 'SHA-256'])}
        <tbody>
          ${plugin.files.map(
            ({ path, size, sha256 }) =>
              html`<tr>
                <td data-label=${msg('File')}><span class="so-mono" style="overflow-wrap: anywhere">${path}</span></td>
                <td data-label=${msg('Size')} class="so-numeric">${formatBytes(size)}</td>
                <td data-label="SHA-256">
                  <span class="so-mono so-muted" title=${sha256}>${sha256.slice(0, 12)}</span>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
