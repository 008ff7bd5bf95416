import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { errorState, notice, skeletonLines } from '../../ui/states.js';
import { permissionList } from './permission-list.js';
import { pluginApi } from './plugin-model.js';
import './plugin-text.js';

interface Change {
  added: string[];
  removed: string[];
}
interface OfferedUpdate {
  from: { version: string; hash: string };
  to: { version: string; hash: string };
  permissions: Change;
  hooks: Change;
  hosts: Change;
  publicRoutes: Change;
  settings: Change;
  files: Change & { changed: string[] };
  changelog: string | null;
}

/** How the content of a plugin's folder differs from what an admin consented to. */
@customElement('sodium-plugin-update')
export class PluginUpdate extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  /** The hash of the offered content. */
  @property({ attribute: false }) hash = '';

  @state() private busy = false;

  readonly #update = new Task(this, {
    args: () => [this.pluginId, this.hash] as const,
    task: async ([id]) => this.shell.api.get<OfferedUpdate>(`${pluginApi(id)}/update`),
  });

  /** What runs is not touched: only the folder goes back to it. */
  async #discard({ from, to }: OfferedUpdate): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Discard version ${to.version}?`),
      message: msg(str`Its files are deleted. Version ${from.version} goes on as it is, with its data and settings.`),
      confirmLabel: msg('Discard'),
      danger: true,
    });
    if (!sure) return;
    this.busy = true;
    try {
      await this.shell.api.delete(`${pluginApi(this.pluginId)}/update`);
      this.shell.toast(msg(str`Version ${to.version} was discarded.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    this.busy = false;
    this.dispatchEvent(new Event('changed', { bubbles: true }));
  }

  override render(): TemplateResult {
    return html`${this.#update.render({
      pending: () => skeletonLines(3),
      error: (error) => html`<div class="so-card">${errorState(error, () => void this.#update.run())}</div>`,
      complete: (update) => this.#content(update),
    })}`;
  }

  #content(update: OfferedUpdate): TemplateResult {
    const { from, to, permissions, changelog } = update;
    const title =
      from.version === to.version
        ? msg(str`Other content of version ${to.version}`)
        : msg(str`Update: ${from.version} to ${to.version}`);
    return html`<section class="so-card">
      <header>
        <h2>${title}</h2>
        <wa-button size="s" appearance="outlined" ?loading=${this.busy} @click=${() => void this.#discard(update)}
          >${msg('Discard this version')}</wa-button
        >
      </header>
      <div class="so-card-body so-stack">
        <p class="so-muted">${msg('What you consented to keeps running until you update.')}</p>
        ${
          permissions.added.length > 0
            ? html`${notice('warning', msg('It asks for more than before:'))} ${permissionList(permissions.added)}`
            : nothing
        }
        <dl class="so-facts">
          ${change(msg('Given up'), [], permissions.removed)} ${changed(msg('Hooks'), update.hooks)}
          ${changed(msg('Hosts'), update.hosts)} ${changed(msg('Open routes'), update.publicRoutes)}
          ${changed(msg('Settings'), update.settings)}
        </dl>
        ${
          changelog
            ? html`<div><h3>${msg('What its author says')}</h3></div>
                <sodium-plugin-text .pluginId=${this.pluginId} .text=${changelog}></sodium-plugin-text>`
            : nothing
        }
        ${files(update.files)}
      </div>
    </section>`;
  }
}

const changed = (name: string, { added, removed }: Change): TemplateResult | typeof nothing =>
  change(name, added, removed);

function change(name: string, added: readonly string[], removed: readonly string[]): TemplateResult | typeof nothing {
  if (added.length + removed.length === 0) return nothing;
  return html`<dt>${name}</dt>
    <dd>
      ${added.map((entry) => html`<div><span aria-label=${msg('added')}>+</span> <code>${entry}</code></div>`)}
      ${removed.map((entry) => html`<div><span aria-label=${msg('removed')}>−</span> <code>${entry}</code></div>`)}
    </dd>`;
}

function files({ added, removed, changed }: OfferedUpdate['files']): TemplateResult {
  const list = (label: string, names: readonly string[]): unknown =>
    names.map((name) => html`<li><span class="so-badge">${label}</span> <span class="so-mono">${name}</span></li>`);
  return html`<details>
    <summary>${msg(str`Files: ${changed.length} changed, ${added.length} new, ${removed.length} gone`)}</summary>
    <ul class="so-plain-list">
      ${list(msg('changed'), changed)} ${list(msg('new'), added)} ${list(msg('gone'), removed)}
    </ul>
  </details>`;
}
