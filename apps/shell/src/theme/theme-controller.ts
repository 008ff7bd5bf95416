import type { ColorMode, Preferences } from '@sodium/contract';
import { swapStylesheet } from './theme-link.js';
import { keepTrial, readTrial, type ThemeTrial } from './theme-trial.js';

export type ThemeChoice = ColorMode;
export type ThemeMode = 'light' | 'dark';

/** Where the mode is kept for pages without a session. `public/theme-boot.js` reads it before the first paint. */
export const THEME_KEY = 'sodium-theme';

/** What a session adds: the choice is kept with the account, and other tabs and themes are heard of. */
export interface ThemeSource {
  get(): Promise<Preferences>;
  put(patch: { theme?: string | null; mode?: ColorMode }): Promise<Preferences>;
  /** Calls back whenever the active plugins have changed. */
  onThemesChanged(listener: () => void): () => void;
  /** No theme is shown, whatever is chosen. */
  readonly safe: boolean;
  failed(error: unknown): void;
}

/**
 * The theme and its mode: light, dark or as the system says. The document arrives with both in it; from then on they
 * are kept here. Listeners hear of the mode that results, also when only the theme has changed.
 */
export class ThemeController {
  #choice: ThemeChoice = documentChoice() ?? storedChoice();
  #preferences: Preferences | null = null;
  #source: ThemeSource | null = null;
  #trial: ThemeTrial | null = readTrial();
  /** Counts what was chosen, so that late answers to earlier questions are passed over. */
  #turn = 0;
  #modes: readonly string[] = (document.documentElement.dataset.modes ?? 'light dark').split(' ');
  readonly #system = matchMedia('(prefers-color-scheme: dark)');
  readonly #listeners = new Set<(mode: ThemeMode) => void>();
  readonly #tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(THEME_KEY);

  constructor() {
    this.#system.addEventListener('change', () => this.#apply());
    window.addEventListener('storage', (event) => {
      if (event.key !== THEME_KEY || this.#source) return;
      this.#choice = storedChoice();
      this.#apply();
    });
    this.#tabs?.addEventListener('message', () => void this.refresh());
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  get mode(): ThemeMode {
    const wanted = this.#choice === 'system' ? (this.#system.matches ? 'dark' : 'light') : this.#choice;
    return this.#modes.includes(wanted) ? wanted : wanted === 'dark' ? 'light' : 'dark';
  }

  /** The mode that the theme is bound to, or null where the user may choose. */
  get onlyMode(): ThemeMode | null {
    return this.#modes.length === 1 ? this.mode : null;
  }

  /** Null until somebody has asked: see `refresh`. */
  get preferences(): Preferences | null {
    return this.#preferences;
  }

  /** What is worn instead of what is chosen, in this tab alone. */
  get trial(): ThemeTrial | null {
    return this.#trial;
  }

  async tryOn(trial: ThemeTrial | null): Promise<void> {
    this.#trial = trial;
    keepTrial(trial);
    if (trial) await this.#show(null);
    else await this.refresh();
  }

  connect(source: ThemeSource): void {
    this.#source = source;
    source.onThemesChanged(() => void this.refresh());
    if (source.safe || this.#trial) void this.#show(null);
    // The development server's documents come without the account's choice.
    else if (documentChoice() === null) void this.refresh();
  }

  /** Asks the panel which themes there are and what is chosen, and shows that. */
  async refresh(): Promise<void> {
    if (!this.#source) return;
    const turn = this.#turn;
    try {
      const preferences = await this.#source.get();
      // What was chosen meanwhile is newer than this answer.
      if (turn === this.#turn) await this.#accept(preferences);
    } catch {
      // The panel cannot be reached: what is shown stays, and the next change asks again.
    }
  }

  choose(mode: ThemeChoice): void {
    this.#choice = mode;
    remember(mode);
    this.#apply();
    void this.#save({ mode });
  }

  /** `null` follows the panel's default. */
  chooseTheme(theme: string | null): Promise<void> {
    return this.#save({ theme });
  }

  subscribe(listener: (mode: ThemeMode) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #save(patch: { theme?: string | null; mode?: ColorMode }): Promise<void> {
    if (!this.#source) return;
    const turn = (this.#turn += 1);
    try {
      const preferences = await this.#source.put(patch);
      if (turn === this.#turn) await this.#accept(preferences);
      this.#tabs?.postMessage('changed');
    } catch (error) {
      this.#source.failed(error);
      await this.refresh();
    }
  }

  async #accept(preferences: Preferences): Promise<void> {
    this.#preferences = preferences;
    this.#choice = preferences.mode;
    remember(preferences.mode);
    await this.#show(preferences.themes.find(({ id }) => id === preferences.shown) ?? null);
  }

  async #show(theme: Preferences['themes'][number] | null): Promise<void> {
    const trial = this.#trial;
    const shown = this.#source?.safe ? null : (trial ?? theme);
    const { dataset } = document.documentElement;
    if (await swapStylesheet(shown?.stylesheet ?? null)) {
      this.#modes = shown?.modes ?? ['light', 'dark'];
      dataset.skin = shown?.id ?? 'sodium';
      this.#apply(true);
    } else if (trial && trial === this.#trial) {
      // Its preview has ended.
      await this.tryOn(null);
    } else this.#apply();
  }

  #apply(themeChanged = false): void {
    const { dataset, classList } = document.documentElement;
    const { mode } = this;
    const changed = dataset.theme !== mode || themeChanged;
    dataset.theme = mode;
    classList.toggle('wa-dark', mode === 'dark');
    classList.toggle('wa-light', mode === 'light');
    if (changed || this.#preferences) for (const listener of this.#listeners) listener(mode);
  }
}

function remember(mode: ThemeChoice): void {
  try {
    localStorage.setItem(THEME_KEY, mode);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
}

function documentChoice(): ThemeChoice | null {
  const { mode } = document.documentElement.dataset;
  return mode === 'system' || mode === 'light' || mode === 'dark' ? mode : null;
}

function storedChoice(): ThemeChoice {
  try {
    const value = localStorage.getItem(THEME_KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
