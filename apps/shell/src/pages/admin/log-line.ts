import { msg, str } from '@lit/localize';
import type { PluginLogLine } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
});

/** One line, with what was searched for marked, below a word on lines that are missing before it. */
export function logLine({ at, level, source, text }: PluginLogLine, words: string, missed: number): TemplateResult {
  const date = new Date(at);
  return html`${missed > 0 ? html`<p class="so-log-gap">${msg(str`${missed} lines were left out`)}</p>` : nothing}
    <div class="so-log-${level}">
      <time datetime=${date.toISOString()} title=${date.toLocaleString()}>${clock.format(date)}</time>
      <b>${level}</b> ${source === 'panel' ? html`<i>${msg('panel')}</i> ` : nothing}<span>${marked(text, words)}</span>
    </div>`;
}

/** The lines as text, for a report. */
export function logText(lines: readonly PluginLogLine[]): string {
  return lines.map(({ at, level, text }) => `${new Date(at).toISOString()} ${level} ${text}`).join('\n');
}

function marked(text: string, words: string): unknown {
  if (!words) return text;
  const parts: unknown[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(words.toLowerCase()); at >= 0; at = lower.indexOf(words.toLowerCase(), from)) {
    parts.push(text.slice(from, at), html`<mark>${text.slice(at, at + words.length)}</mark>`);
    from = at + words.length;
  }
  return [...parts, text.slice(from)];
}
