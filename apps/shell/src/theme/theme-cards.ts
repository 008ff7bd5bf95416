import { msg, str } from '@lit/localize';
import type { Preferences } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { ThemeController } from './theme-controller.js';

interface Choice {
  /** Null follows the panel's default. */
  value: string | null;
  name: string;
  note: string;
  swatch: readonly string[];
}

/** The themes to choose from, each with a glimpse of its colours. Nothing where only the panel's own look is there. */
export function themeCards(theme: ThemeController): TemplateResult | typeof nothing {
  const { preferences } = theme;
  if (!preferences || preferences.themes.length === 0) return nothing;
  const chosen = choiceOf(preferences);
  return html`<fieldset class="so-choices so-themes">
    <legend>${msg('Theme')}</legend>
    ${themeChoices(preferences).map(
      ({ value, name, note, swatch }) =>
        html`<label class="so-choice">
          <input
            type="radio"
            name="theme"
            value=${value ?? ''}
            .checked=${live(chosen === value)}
            @change=${() => void theme.chooseTheme(value)}
          />${glimpse(swatch)}<b>${name}</b><small>${note}</small>
        </label>`,
    )}
  </fieldset>`;
}

/** A theme that is not active now counts as the default, which is what its user sees. */
export function choiceOf({ theme, themes }: Preferences): string | null {
  return theme === 'sodium' || themes.some(({ id }) => id === theme) ? theme : null;
}

export function themeChoices({ defaultTheme, themes }: Preferences): Choice[] {
  const nameOf = (id: string): string => themes.find((theme) => theme.id === id)?.name ?? 'Sodium';
  const usual = themes.find(({ id }) => id === defaultTheme);
  return [
    { value: null, name: msg('Default'), note: msg(str`Now: ${nameOf(defaultTheme)}`), swatch: usual?.swatch ?? [] },
    { value: 'sodium', name: 'Sodium', note: msg('The panel’s own look.'), swatch: [] },
    ...themes.map(({ id, name, description, swatch }) => ({ value: id, name, note: description, swatch })),
  ];
}

/** The panel's own colours where no others are given. */
function glimpse([ground, surface, accent, text]: readonly string[]): TemplateResult {
  const colors = {
    '--so-glimpse-ground': ground ?? '#f5f6f8',
    '--so-glimpse-surface': surface ?? '#ffffff',
    '--so-glimpse-accent': accent ?? '#f2a01e',
    '--so-glimpse-text': text ?? '#151922',
  };
  return html`<span class="so-glimpse" style=${styleMap(colors)} aria-hidden="true"><i></i></span>`;
}
