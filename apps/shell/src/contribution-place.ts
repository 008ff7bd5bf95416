import { html, type TemplateResult } from 'lit';
import type { Contribution } from './slots/types.js';

let kit: Promise<unknown> | undefined;

/** The kit's elements for plugins, once one is in view. What could not be fetched is asked for again by the next one. */
function loadKit(): void {
  kit ??= import('./ui/kit.js').catch(() => (kit = undefined));
}

/** The place of a contribution. `args` are what its `render` receives. */
export function contribution(entry: Contribution, args: readonly unknown[]): TemplateResult {
  loadKit();
  return html`<sodium-contribution .contribution=${entry} .args=${args}></sodium-contribution>`;
}
