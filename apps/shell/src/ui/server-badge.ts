import type { Server, ServerState } from '@sodium/contract';
import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';

const LOOKS: Record<ServerState, string> = {
  offline: '',
  installing: 'so-badge-info so-badge-busy',
  starting: 'so-badge-info so-badge-busy',
  running: 'so-badge-success',
  stopping: 'so-badge-warning so-badge-busy',
};

export function stateLabel(state: ServerState): string {
  const labels: Record<ServerState, string> = {
    offline: msg('Offline'),
    installing: msg('Installing'),
    starting: msg('Starting'),
    running: msg('Running'),
    stopping: msg('Stopping'),
  };
  return labels[state];
}

export function serverBadge(server: Pick<Server, 'state' | 'suspended' | 'lastExit'>): TemplateResult {
  if (server.suspended) return html`<span class="so-badge so-badge-dot so-badge-danger">${msg('Suspended')}</span>`;
  if (server.state === 'offline' && server.lastExit?.crashed) {
    return html`<span class="so-badge so-badge-dot so-badge-danger">${msg('Crashed')}</span>`;
  }
  return html`<span class="so-badge so-badge-dot ${LOOKS[server.state]}">${stateLabel(server.state)}</span>`;
}
