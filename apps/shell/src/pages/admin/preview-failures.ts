import { msg } from '@lit/localize';
import type { PreviewReport } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { formatTime } from '../../ui/format.js';

interface Failure {
  at: string;
  message: string;
  where: string | null;
  trace: string[];
}

/** What went wrong, each once: a start that fails is told by the panel, by its log and by the plugin's own process. */
export function failuresOf({ problems, errors }: Pick<PreviewReport, 'problems' | 'errors'>): Failure[] {
  const told = problems.map(failure);
  const others = errors.map(failure).filter(({ message }) => {
    const said = message.replace(/^It failed: |\.$/g, '');
    return !told.some((problem) => problem.message.includes(said));
  });
  return [...told, ...others];
}

export function failureRow({ at, message, where, trace }: Failure): TemplateResult {
  return html`<li>
    <div class="so-preview-failure">
      <b>${message}</b>
      <span class="so-muted so-small"
        >${where ? html`<code>${where}</code> · ` : nothing}<time>${formatTime(at)}</time></span
      >
      ${
        trace.length > 0
          ? html`<details>
              <summary class="so-small">${msg('How it came there')}</summary>
              <pre class="so-preview-trace">${trace.join('\n')}</pre>
            </details>`
          : nothing
      }
    </div>
  </li>`;
}

function failure({ at, message, where }: { at: string; message: string; where: string | null }): Failure {
  const [first = '', ...more] = withoutAddresses(message).split('\n');
  const trace = more.map((line) => line.trim()).filter((line) => line !== '' && !first.startsWith(line));
  return { at, where, message: first, trace };
}

/** Files as their author knows them, without the address that they have for this preview. */
const withoutAddresses = (text: string): string =>
  text.replace(/https?:\/\/[^\s/]+\/preview\/[\w-]+\/(?:plugins\/[^/\s]+\/[^/\s]+\/)?/g, '');
