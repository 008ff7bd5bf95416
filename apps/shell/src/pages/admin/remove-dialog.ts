import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes } from '../../ui/format.js';
import { saveFile } from '../../ui/save-file.js';

interface DataSizes {
  bytes: number;
  backupBytes: number;
  collections: { name: string; bytes: number }[];
}

/** Asks what becomes of a plugin's data, then removes the plugin. Fires `removed`, and `closed` when it is left. */
@customElement('sodium-remove-dialog')
export class RemoveDialog extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @property({ attribute: false }) name = '';
  @state() private open = true;
  @state() private data: 'keep' | 'delete' = 'keep';
  @state() private busy = false;

  readonly #sizes = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async () => this.shell.api.get<DataSizes>(`${this.#path}/data`),
  });

  get #path(): string {
    return `/api/admin/plugins/${encodeURIComponent(this.pluginId)}`;
  }

  override render(): TemplateResult {
    const own = (act: () => void) => (event: Event) => {
      if (event.target === event.currentTarget) act();
    };
    return html`<wa-dialog
      label=${msg(str`Remove “${this.name}”?`)}
      .open=${this.open}
      @wa-hide=${own(() => (this.open = false))}
      @wa-after-hide=${own(() => this.dispatchEvent(new Event('closed')))}
    >
      <div class="so-stack">
        <p>${msg('Its files, its permissions and its secrets are deleted. What it stored:')}</p>
        ${this.#sizes.render({
          pending: () => html`<p class="so-muted">${msg('Looking …')}</p>`,
          error: (error) => html`<p class="so-muted">${messageOf(error)}</p>`,
          complete: (sizes) => html`<p>${stored(sizes)}</p>`,
        })}
        ${this.#choice('keep', msg('Keep the data and the settings'), msg('They are there again when the plugin is installed again.'))}
        ${this.#choice('delete', msg('Delete the data and the settings'), msg('This cannot be undone.'))}
        <div>
          <wa-button appearance="outlined" size="s" @click=${() => void this.#export()}
            >${msg('Export the data first')}</wa-button
          >
        </div>
      </div>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" @click=${() => (this.open = false)}>${msg('Cancel')}</wa-button>
        <wa-button variant="danger" ?loading=${this.busy} @click=${() => void this.#remove()}
          >${msg('Remove')}</wa-button
        >
      </div>
    </wa-dialog>`;
  }

  #choice(value: 'keep' | 'delete', label: string, hint: string): TemplateResult {
    return html`<label class="so-row so-row-nowrap" style="align-items: flex-start">
      <input
        type="radio"
        name="data"
        value=${value}
        .checked=${this.data === value}
        @change=${() => (this.data = value)}
      />
      <span><b>${label}</b><br /><small class="so-muted">${hint}</small></span>
    </label>`;
  }

  async #export(): Promise<void> {
    try {
      saveFile(await this.shell.api.download(`${this.#path}/export`), `${this.pluginId}-data.zip`);
    } catch (error) {
      this.shell.fail(error);
    }
  }

  async #remove(): Promise<void> {
    this.busy = true;
    try {
      await this.shell.api.delete(`${this.#path}?data=${this.data}`);
      this.dispatchEvent(new Event('removed'));
    } catch (error) {
      this.shell.fail(error);
    }
    this.busy = false;
  }
}

function stored({ bytes, backupBytes, collections }: DataSizes): string {
  if (bytes + backupBytes === 0) return msg('Nothing.');
  const names = collections.map(({ name }) => name).join(', ');
  const own = names === '' ? formatBytes(bytes) : `${formatBytes(bytes)} (${names})`;
  return backupBytes > 0 ? msg(str`${own}, and ${formatBytes(backupBytes)} of earlier versions.`) : `${own}.`;
}
