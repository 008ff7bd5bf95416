import { html, type TemplateResult } from 'lit';
import { icon } from '../ui/icon.js';

/** One figure in a `<dl class="so-stats">`. */
export function figure(symbol: string, name: string, value: unknown): TemplateResult {
  return html`<div class="so-card so-stat">
    <dt>${icon(symbol)}${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
