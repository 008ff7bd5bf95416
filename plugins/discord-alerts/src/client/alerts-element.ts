import { SodiumElement } from '@sodium/sdk/element';
import { html, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';

type Load<T> = { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'ready'; data: T };

/** What both views have in common: they ask for their data, show that they wait or why it failed, and run one action at a time. */
export abstract class AlertsElement<T> extends SodiumElement {
  @state() protected data: Load<T> = { kind: 'loading' };
  @state() protected busy = '';

  protected abstract fetch(): Promise<T>;
  protected abstract view(data: T): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  readonly load = async (): Promise<void> => {
    try {
      this.data = { kind: 'ready', data: await this.fetch() };
    } catch (error) {
      // What is on the page already is more useful than an error in its place.
      if (this.data.kind !== 'ready') this.data = { kind: 'failed', message: (error as Error).message };
    }
  };

  /** Runs an action that the admin asked for, says how it ended, and shows what has changed. */
  protected async act(name: string, action: () => Promise<string | void>): Promise<void> {
    if (this.busy) return;
    this.busy = name;
    try {
      const said = await action();
      if (said) this.sodium.toast(said, { variant: 'success' });
      await this.load();
    } catch (error) {
      this.sodium.toast((error as Error).message, { variant: 'danger' });
    } finally {
      this.busy = '';
    }
  }

  protected override render(): TemplateResult {
    const { data } = this;
    if (data.kind === 'ready') return this.view(data.data);
    if (data.kind === 'loading') return html`<p class="empty" role="status">Loading…</p>`;
    return html`<div class="empty" role="alert">
      <p>${data.message}</p>
      <wa-button appearance="outlined" size="small" @click=${this.load}>Try again</wa-button>
    </div>`;
  }
}
