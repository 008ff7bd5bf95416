import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { contribution } from '../contribution-place.js';
import { ShellElement } from '../shell-element.js';
import '../slots/index.js';
import type { AdminTabContribution } from '../slots/types.js';
import { emptyState } from '../ui/states.js';
import { adminTabPath } from './preview-app.js';

/** A tab that the plugin adds to its page in the admin area, shown among the pages of the preview. */
@customElement('sodium-preview-admin-tab')
export class PreviewAdminTab extends ShellElement {
  @property({ attribute: false }) tab = '';
  @property({ attribute: false }) subtab: string | null = null;

  protected override attached(): void {
    if (this.shell.plugins) this.follow(this.shell.plugins, 'change');
  }

  override render(): TemplateResult {
    const entry = this.shell.plugins?.store.adminTabs.find(({ id }) => id === this.tab);
    if (!entry || this.shell.user.role !== 'admin') return missing();
    const subtab = this.subtab ?? entry.subtabs[0]?.id ?? null;
    return html`<div class="so-page-head"><h1>${entry.label}</h1></div>
      ${this.#subtabs(entry, subtab)} ${contribution(entry, [{ subtab }])}`;
  }

  #subtabs(entry: AdminTabContribution, current: string | null): TemplateResult | typeof nothing {
    if (entry.subtabs.length === 0) return nothing;
    return html`<nav class="so-tabs" aria-label=${entry.label}>
      ${entry.subtabs.map(
        ({ id, label }) =>
          html`<a
            href=${`${adminTabPath(entry.id)}?subtab=${encodeURIComponent(id)}`}
            aria-current=${id === current ? 'page' : nothing}
            >${label}</a
          >`,
      )}
    </nav>`;
  }
}

function missing(): TemplateResult {
  return emptyState({
    icon: 'puzzle',
    title: msg('There is no such tab'),
    text: msg('Only admins see the tabs of the admin area.'),
  });
}
