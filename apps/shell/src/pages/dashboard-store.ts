import type { DashboardItem, DashboardLayout } from '@sodium/contract';
import type { ApiClient } from '../api/api-client.js';

const PATH = '/api/account/dashboard';

/** The user's layout: shown at once when it changes, kept on the panel right after. Fires `change`. */
export class DashboardStore extends EventTarget {
  #items: readonly DashboardItem[] | null = null;
  #saving = false;
  #unsaved = false;

  constructor(
    private readonly api: ApiClient,
    private readonly failed: (error: unknown) => void,
  ) {
    super();
  }

  /** Null until it is known. */
  get items(): readonly DashboardItem[] | null {
    return this.#items;
  }

  /** Without the panel's word the widgets stand as their plugins offer them. */
  async load(): Promise<void> {
    try {
      const { items } = await this.api.get<DashboardLayout>(PATH);
      if (!this.#saving) this.#show(items);
    } catch {
      if (!this.#items) this.#show([]);
    }
  }

  change(items: readonly DashboardItem[]): void {
    this.#show(items);
    this.#unsaved = true;
    if (!this.#saving) void this.#save();
  }

  /** One request at a time; what changed meanwhile goes with the next. */
  async #save(): Promise<void> {
    this.#saving = true;
    while (this.#unsaved) {
      this.#unsaved = false;
      try {
        await this.api.request('PUT', PATH, { items: this.#items });
      } catch (error) {
        this.failed(error);
      }
    }
    this.#saving = false;
  }

  #show(items: readonly DashboardItem[]): void {
    this.#items = items;
    this.dispatchEvent(new Event('change'));
  }
}
