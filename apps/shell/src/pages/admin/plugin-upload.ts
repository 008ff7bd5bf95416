import { msg, str } from '@lit/localize';
import type { PluginRow } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ApiError, messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { notice } from '../../ui/states.js';
import { folderOfDrop, folderOfInput, readFolder, zipFolder, type PickedFolder } from './package-folder.js';

interface Fault {
  message: string;
  fix: string;
}

type Upload =
  | { kind: 'idle' }
  | { kind: 'packing'; name: string }
  | { kind: 'sending'; name: string; share: number }
  | { kind: 'refused'; name: string; message: string; faults: Fault[] };

const LARGEST_BYTES = 20 * 1024 * 1024;

/** Takes a plugin as a zip file or a folder, dropped or chosen. What is wrong with it is shown with how to mend it. */
@customElement('sodium-plugin-upload')
export class PluginUpload extends ShellElement {
  @state() private upload: Upload = { kind: 'idle' };
  @state() private over = false;

  override render(): TemplateResult {
    const hover = (over: boolean) => (event: DragEvent) => {
      event.preventDefault();
      this.over = over;
    };
    return html`<section
      class="so-card"
      aria-label=${msg('Install a plugin')}
      style=${this.over ? 'outline: 2px dashed var(--sodium-color-accent)' : nothing}
      @dragover=${hover(true)}
      @dragleave=${hover(false)}
      @drop=${this.#drop}
    >
      <div class="so-card-body so-stack">
        <div class="so-row">
          ${icon('upload')}
          <span style="flex: 1 1 12rem"
            >${msg('Drop a plugin’s zip file or its folder here, or choose one. It is checked first, and stays inactive.')}</span
          >
          <input type="file" accept=".zip,application/zip" hidden @change=${this.#choose} />
          <div class="so-row">
            <wa-button appearance="outlined" ?loading=${this.#isBusy} @click=${this.#open}
              >${msg('Choose file')}</wa-button
            >
            <wa-button appearance="outlined" ?disabled=${this.#isBusy} @click=${this.#openFolder}
              >${msg('Choose folder')}</wa-button
            >
          </div>
        </div>
        <div role="status">${this.#result()}</div>
      </div>
    </section>`;
  }

  #result(): TemplateResult | typeof nothing {
    const { upload } = this;
    if (upload.kind === 'idle') return nothing;
    if (upload.kind === 'packing') return html`<p class="so-small">${msg(str`Packing ${upload.name}`)}</p>`;
    if (upload.kind === 'sending') {
      const label = upload.share < 1 ? msg(str`Sending ${upload.name}`) : msg(str`Checking ${upload.name}`);
      return html`<label class="so-small"
        >${label} <progress max="1" value=${upload.share} style="width: 100%"></progress
      ></label>`;
    }
    const faults = upload.faults.map(
      ({ message, fix }) => html`<li>${message} <span class="so-muted">${fix}</span></li>`,
    );
    return notice(
      'danger',
      html`<b>${msg(str`${upload.name} was not installed. Nothing was changed.`)}</b> ${
          faults.length > 0
            ? html`<ul style="overflow-wrap: anywhere">
                ${faults}
              </ul>`
            : html`<span>${upload.message}</span>`
        }`,
    );
  }

  get #isBusy(): boolean {
    return this.upload.kind === 'sending' || this.upload.kind === 'packing';
  }

  readonly #open = (): void => this.querySelector<HTMLInputElement>('input[type="file"]')?.click();

  readonly #openFolder = (): void => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.addEventListener('change', () => {
      const folder = input.files && folderOfInput(input.files);
      if (folder) void this.#sendFolder(folder.name, () => Promise.resolve(folder));
    });
    input.click();
  };

  readonly #choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void this.#send(file);
    // The same file can be chosen again, once it was mended.
    input.value = '';
  };

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.over = false;
    const folder = event.dataTransfer && folderOfDrop(event.dataTransfer.items);
    if (folder) return void this.#sendFolder(folder.name, () => readFolder(folder));
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void this.#send(file);
  };

  async #sendFolder(name: string, read: () => Promise<PickedFolder>): Promise<void> {
    if (this.#isBusy) return;
    this.upload = { kind: 'packing', name };
    try {
      const file = await zipFolder(await read());
      this.upload = { kind: 'idle' };
      await this.#send(file);
    } catch (error) {
      this.upload = { kind: 'refused', name, message: messageOf(error), faults: [] };
    }
  }

  async #send(file: File): Promise<void> {
    const { name } = file;
    if (this.#isBusy) return;
    if (file.size > LARGEST_BYTES) {
      this.upload = { kind: 'refused', name, faults: [], message: msg('A package has at most 20 MiB.') };
      return;
    }
    this.upload = { kind: 'sending', name, share: 0 };
    try {
      const onProgress = (share: number): void => void (this.upload = { kind: 'sending', name, share });
      const plugin = await this.shell.api.upload<PluginRow>('/api/admin/plugins/install', file, onProgress);
      this.upload = { kind: 'idle' };
      const { name: title, update } = plugin;
      const outcome = update
        ? msg(str`Version ${update.version} of “${title}” is offered as an update.`)
        : msg(str`“${title}” is installed.`);
      this.shell.toast(outcome, 'success');
      this.shell.router.navigate(`/admin/plugins/${plugin.id}`);
    } catch (error) {
      this.upload = { kind: 'refused', name, message: messageOf(error), faults: faultsOf(error) };
    }
  }
}

function faultsOf(error: unknown): Fault[] {
  const details = error instanceof ApiError && Array.isArray(error.details) ? (error.details as Partial<Fault>[]) : [];
  return details.map(({ message = '', fix = '' }) => ({ message, fix }));
}
