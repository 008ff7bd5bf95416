export type ThemeChoice = 'system' | 'light' | 'dark';
export type ThemeMode = 'light' | 'dark';

/** Where the choice is kept. `public/theme-boot.js` reads it before the first paint. */
export const THEME_KEY = 'sodium-theme';

/** Light, dark or as the system says; kept in this browser. Listeners hear of the mode that results. */
export class ThemeController {
  #choice: ThemeChoice;
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #listeners = new Set<(mode: ThemeMode) => void>();

  constructor() {
    this.#choice = storedChoice();
    this.#system.addEventListener('change', () => this.#apply());
    window.addEventListener('storage', (event) => {
      if (event.key !== THEME_KEY) return;
      this.#choice = storedChoice();
      this.#apply();
    });
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  get mode(): ThemeMode {
    if (this.#choice !== 'system') return this.#choice;
    return this.#system.matches ? 'dark' : 'light';
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    try {
      localStorage.setItem(THEME_KEY, choice);
    } catch {
      // Storage may be forbidden: the choice then lasts as long as the page.
    }
    this.#apply();
  }

  subscribe(listener: (mode: ThemeMode) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(): void {
    const { dataset, classList } = document.documentElement;
    const { mode } = this;
    const changed = dataset.theme !== mode;
    dataset.theme = mode;
    classList.toggle('wa-dark', mode === 'dark');
    classList.toggle('wa-light', mode === 'light');
    if (changed) for (const listener of this.#listeners) listener(mode);
  }
}

function storedChoice(): ThemeChoice {
  try {
    const value = localStorage.getItem(THEME_KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
