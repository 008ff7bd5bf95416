import type { ThemeOption } from '@sodium/contract';

/** A theme that is not active, worn by one browser tab of the admin who tries it. */
export type ThemeTrial = Pick<ThemeOption, 'id' | 'name' | 'stylesheet' | 'modes'>;

const KEY = 'sodium-theme-trial';

/** Both areas of the panel show it, and a page load does not end it; closing the tab does. */
export function readTrial(): ThemeTrial | null {
  try {
    const trial = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as ThemeTrial | null;
    return trial && trial.stylesheet.startsWith('/plugins/') ? trial : null;
  } catch {
    return null;
  }
}

export function keepTrial(trial: ThemeTrial | null): void {
  try {
    if (trial) sessionStorage.setItem(KEY, JSON.stringify(trial));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage may be forbidden: then the trial ends with the page.
  }
}
