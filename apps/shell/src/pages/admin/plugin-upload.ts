import { msg, str } from '@lit/localize';
import type { PluginRow } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ApiError, messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { notice } from '../../ui/states.js';

interface Fault {
  message: string;
  fix: string;
}

type Upload =
  | { kind: 'idle' }
  | { kind: 'sending'; name: string; share: number }
  | { kind: 'refused'; name: string; message: string; faults: Fault[] };

const LARGEST_BYTES = 20 * 1024 * 1024;

/** Takes a plugin's zip file, dropped or chosen. What is wrong with it is shown with how to mend it. */
@customElement('sodium-plugin-upload')
export class PluginUpload extends ShellElement {
  @state() private upload: Upload = { kind: 'idle' };
  @state() private over = false;

  override render(): TemplateResult {
    const { upload } = this;
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
          <span style="flex: 1 1 14rem"
            >${msg('Drop a plugin’s zip file here, or choose one. It is checked first, and stays inactive.')}</span
          >
          <input type="file" accept=".zip,application/zip" hidden @change=${this.#choose} />
          <wa-button appearance="outlined" ?loading=${upload.kind === 'sending'} @click=${this.#open}
            >${msg('Choose file')}</wa-button
          >
        </div>
        <div role="status">${this.#result()}</div>
      </div>
    </section>`;
  }

  #result(): TemplateResult | typeof nothing {
    const { upload } = this;
    if (upload.kind === 'idle') return nothing;
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

  readonly #open = (): void => this.querySelector<HTMLInputElement>('input[type="file"]')?.click();

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
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void this.#send(file);
  };

  async #send(file: File): Promise<void> {
    const { name } = file;
    if (this.upload.kind === 'sending') return;
    if (file.size > LARGEST_BYTES) {
      this.upload = { kind: 'refused', name, faults: [], message: msg('A package has at most 20 MiB.') };
      return;
    }
    this.upload = { kind: 'sending', name, share: 0 };
    try {
      const onProgress = (share: number): void => void (this.upload = { kind: 'sending', name, share });
      const plugin = await this.shell.api.upload<PluginRow>('/api/admin/plugins/install', file, onProgress);
      this.upload = { kind: 'idle' };
      this.shell.toast(msg(str`“${plugin.name}” is installed.`), 'success');
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
