import { html, nothing, type TemplateResult } from 'lit';

interface Part {
  id: string;
  title: string;
  badge?: TemplateResult | typeof nothing;
  /** As it begins; from then on it is the reader's. */
  open?: boolean;
  body: unknown;
}

const opened = new Map<string, boolean>();
let reader: string | null = null;

/** What was folded while one plugin was looked at says nothing about the next. */
export function beginParts(plugin: string): void {
  if (reader !== plugin) opened.clear();
  reader = plugin;
}

/** One part of the report, folded until somebody wants it or it has something to say. */
export function part({ id, title, badge = nothing, open = false, body }: Part): TemplateResult {
  const remember = (event: Event): void => {
    const { open: now } = event.currentTarget as HTMLDetailsElement;
    opened.set(id, now);
  };
  return html`<details class="so-card so-preview-part" ?open=${opened.get(id) ?? open} @toggle=${remember}>
    <summary>
      <h2>${title}</h2>
      ${badge}
    </summary>
    <div class="so-preview-part-body">${body}</div>
  </details>`;
}

export function partBadge(
  value: number | string,
  variant: 'danger' | 'warning' | '' = '',
): TemplateResult | typeof nothing {
  if (value === 0) return nothing;
  return html`<span class="so-badge ${variant ? `so-badge-${variant}` : ''}">${value}</span>`;
}

export const count = (value: number): TemplateResult | typeof nothing => partBadge(value);

export const empty = (text: string): TemplateResult => html`<p class="so-muted">${text}</p>`;

/** What came from a plugin, as text. */
export function json(value: unknown, indent = 2): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value, null, indent) ?? '')).slice(0, 20_000);
}
