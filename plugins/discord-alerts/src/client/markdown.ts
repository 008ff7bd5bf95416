import { html, type TemplateResult } from 'lit';

type Piece = string | TemplateResult;

/** An escaped character, code, bold, italic, a moment: what Discord makes of a text, as far as messages use it. */
const TOKEN = /\\([^0-9A-Za-z\s])|`([^`\n]+)`|\*\*(.+?)\*\*|\*([^*\n]+)\*|<t:(\d+)(?::([tTdDfFR]))?>/s;

/** Shows a text as Discord would. What it contains is text to the page, never markup. */
export function discordMarkdown(text: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = text;
  for (let found = TOKEN.exec(rest); found; found = TOKEN.exec(rest)) {
    const [whole, escaped, code, bold, italic, seconds, style] = found;
    pieces.push(rest.slice(0, found.index));
    if (escaped !== undefined) pieces.push(escaped);
    else if (code !== undefined) pieces.push(html`<code>${code}</code>`);
    else if (bold !== undefined) pieces.push(html`<strong>${discordMarkdown(bold)}</strong>`);
    else if (italic !== undefined) pieces.push(html`<em>${discordMarkdown(italic)}</em>`);
    else pieces.push(moment(Number(seconds) * 1000, style));
    rest = rest.slice(found.index + whole.length);
  }
  pieces.push(rest);
  return pieces.filter((piece) => piece !== '');
}

function moment(at: number, style = 'f'): string {
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  if (style === 'T') return new Date(at).toLocaleTimeString([], { ...time, second: '2-digit' });
  return new Date(at).toLocaleString([], { dateStyle: 'long', timeStyle: 'short' });
}
