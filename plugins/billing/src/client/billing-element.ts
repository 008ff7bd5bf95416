import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { commonStyles } from './styles.js';

type Load<T> = { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'ready'; data: T };

/** How many rows of a list are shown at first, and with each wish for more. */
const ROWS = 25;

/** What every view has in common: it asks for its data, shows that it waits or why it failed, and runs actions one at a time. */
export abstract class BillingElement<T> extends SodiumElement {
  static override styles: CSSResultGroup = [SodiumElement.styles, viewStyles, commonStyles];

  @state() protected data: Load<T> = { kind: 'loading' };
  @state() protected busy = '';
  @state() private shownRows = ROWS;

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
      if (this.data.kind === 'ready') this.fail(error);
      else this.data = { kind: 'failed', message: (error as Error).message };
    }
  };

  /** Runs an action that the user asked for, says how it ended, and shows what has changed. */
  protected async act(name: string, action: () => Promise<string | void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = name;
    try {
      const said = await action();
      if (said) this.sodium.toast(said, { variant: 'success' });
      await this.load();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.busy = '';
    }
  }

  /** Leaves for Stripe's page. */
  protected pay(name: string, target: { kind: 'topup'; amount: number } | { kind: 'invoice'; invoice: string }): void {
    if (this.busy) return;
    this.busy = name;
    this.sodium.api.post<{ url: string }>('/checkout', target).then(
      // Stays busy: the page is about to go.
      ({ url }) => location.assign(url),
      (error: unknown) => {
        this.busy = '';
        this.fail(error);
        void this.load();
      },
    );
  }

  /** The beginning of a list that may be long, with a way to the rest. */
  protected rows<Item>(items: readonly Item[], row: (item: Item) => TemplateResult): TemplateResult {
    const { shownRows } = this;
    return html`<ul class="list">
        ${items.slice(0, shownRows).map(row)}
      </ul>
      ${
        items.length > shownRows
          ? html`<div class="row more">
              <span class="quiet small">1 to ${shownRows} of ${items.length}</span>
              <wa-button appearance="outlined" size="small" @click=${this.#showMore}>Show more</wa-button>
            </div>`
          : nothing
      }`;
  }

  /** The focus goes on with the first new row: the button may be gone. */
  readonly #showMore = async (): Promise<void> => {
    const next = this.shownRows + 1;
    this.shownRows += ROWS;
    await this.updateComplete;
    const row = this.renderRoot.querySelector<HTMLElement>(`.list > li:nth-child(${next})`);
    (row?.querySelector<HTMLElement>('a') ?? row)?.focus();
  };

  protected fail(error: unknown): void {
    this.sodium.toast((error as Error).message, { variant: 'danger' });
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
