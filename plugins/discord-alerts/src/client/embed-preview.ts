import { css, html, nothing, type TemplateResult } from 'lit';
import type { Embed } from '../shapes.js';
import { discordMarkdown } from './markdown.js';

/** A message as it will look in the channel. */
export function embedPreview(embed: Embed, mentions: number, sender: string): TemplateResult {
  const color = `#${embed.color.toString(16).padStart(6, '0')}`;
  return html`<div class="message" role="group" aria-label="Preview">
    <p class="sender"><strong>${sender}</strong> <span class="app">APP</span></p>
    ${
      mentions > 0
        ? html`<p class="small">Calls ${mentions === 1 ? 'one role or user' : `${mentions} roles and users`}.</p>`
        : nothing
    }
    <div class="embed" style="--bar: ${color}">
      <p class="title">${discordMarkdown(embed.title)}</p>
      <p class="description">${discordMarkdown(embed.description)}</p>
    </div>
  </div>`;
}

export const embedStyles = css`
  .message {
    display: grid;
    gap: var(--sodium-space-2);
    padding: var(--sodium-space-4);
    border-radius: var(--sodium-radius-md);
    background: var(--sodium-color-surface-sunken);
  }
  .app {
    padding: 0 var(--sodium-space-1);
    border: var(--sodium-border-width) solid var(--sodium-color-border-strong);
    border-radius: var(--sodium-radius-sm);
    font-size: var(--sodium-text-xs);
    color: var(--sodium-color-text-muted);
  }
  .embed {
    display: grid;
    gap: var(--sodium-space-2);
    max-inline-size: 32rem;
    padding: var(--sodium-space-3) var(--sodium-space-4);
    border-inline-start: 4px solid var(--bar);
    border-radius: var(--sodium-radius-sm);
    background: var(--sodium-color-surface);
    overflow-wrap: anywhere;
  }
  .title {
    font-weight: var(--sodium-weight-bold);
  }
  .description {
    font-size: var(--sodium-text-sm);
    white-space: pre-line;
  }
`;
