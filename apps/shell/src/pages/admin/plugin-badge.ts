import { msg } from '@lit/localize';
import type { PluginState } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';

const LOOKS: Record<PluginState, string> = {
  invalid: 'so-badge-danger',
  inactive: '',
  activating: 'so-badge-info so-badge-busy',
  active: 'so-badge-success',
  failed: 'so-badge-danger',
  quarantined: 'so-badge-warning',
};

export function pluginBadge(state: PluginState): TemplateResult {
  const labels: Record<PluginState, string> = {
    invalid: msg('Invalid'),
    inactive: msg('Inactive'),
    activating: msg('Activating'),
    active: msg('Active'),
    failed: msg('Failed'),
    quarantined: msg('Quarantined'),
  };
  return html`<span class="so-badge so-badge-dot ${LOOKS[state]}">${labels[state]}</span>`;
}
