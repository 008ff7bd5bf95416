import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../shell-element.js';
import { formatRelative } from '../ui/format.js';
import { errorState, skeletonLines } from '../ui/states.js';

interface SessionRow {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  ip: string;
  agent: string;
  current?: boolean;
}

/** Where this account is logged in, and the means to end it. */
@customElement('sodium-account-sessions')
export class AccountSessions extends ShellElement {
  readonly #sessions = new Task(this, {
    args: () => [],
    task: async () => (await this.shell.api.get<{ items: SessionRow[] }>('/api/account/sessions')).items,
  });

  override render(): TemplateResult {
    return html`<section class="so-card">
      <header><h2>${msg('Where you are logged in')}</h2></header>
      ${this.#sessions.render({
        pending: () => skeletonLines(3),
        error: (error) => errorState(error, () => void this.#sessions.run()),
        complete: (items) =>
          html`<ul class="so-list">
            ${items.map((item) => this.#row(item))}
          </ul>`,
      })}
    </section>`;
  }

  #row(item: SessionRow): TemplateResult {
    return html`<li>
      <div>
        <p><b>${browserName(item.agent)}</b></p>
        <p class="so-muted so-small">${item.ip} · ${msg('last seen')} ${formatRelative(item.lastSeenAt)}</p>
      </div>
      ${
        item.current
          ? html`<span class="so-badge so-badge-success">${msg('This browser')}</span>`
          : html`<wa-button size="s" appearance="outlined" @click=${() => void this.#end(item)}
              >${msg('End')}</wa-button
            >`
      }
    </li>`;
  }

  async #end(item: SessionRow): Promise<void> {
    try {
      await this.shell.api.delete(`/api/account/sessions/${encodeURIComponent(item.id)}`);
      this.shell.toast(msg('The session has ended.'), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#sessions.run();
  }
}

/** Enough of a user agent to recognise one's own browser. */
export function browserName(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1];
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' };
  const parts = [browser, system].flatMap((part) => (part ? [names[part] ?? part] : []));
  return parts.length > 0 ? parts.join(' · ') : agent.slice(0, 60) || msg('Unknown client');
}
