import { html, type TemplateResult } from 'lit';
import type { Contribution } from './slots/types.js';

/** The kit's elements for plugins, once one is in view. */
function loadKit(): void {
  void import('./ui/kit.js');
}

/** The place of a contribution. `args` are what its `render` receives. */
export function contribution(entry: Contribution, args: readonly unknown[]): TemplateResult {
  loadKit();
  return html`<sodium-contribution .contribution=${entry} .args=${args}></sodium-contribution>`;
}
