import type { ShownView } from '@sodium/contract';

/** Views are told together, and again when they are still looked at much later. */
const GATHER_MS = 1_000;
const AGAIN_MS = 60 * 60_000;

/** Tells the panel which views of plugins this page shows, which it counts as uses of their permissions. */
export class ShownViews {
  readonly #told = new Map<string, number>();
  #gathered: ShownView[] = [];

  constructor(private readonly tell: (shown: ShownView[]) => void) {}

  note(plugin: string, place: ShownView['place']): void {
    const key = `${plugin} ${place}`;
    const now = Date.now();
    if (now - (this.#told.get(key) ?? -Infinity) < AGAIN_MS) return;
    this.#told.set(key, now);
    if (this.#gathered.push({ plugin, place }) === 1) setTimeout(() => this.#tellAll(), GATHER_MS);
  }

  #tellAll(): void {
    const shown = this.#gathered;
    this.#gathered = [];
    this.tell(shown);
  }
}
