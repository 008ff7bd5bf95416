import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { choiceOf, themeChoices } from './theme-cards.js';
import type { ThemeController } from './theme-controller.js';

/** The same choice as on the account page, small enough for a menu. */
export function themeSelect(theme: ThemeController): TemplateResult | typeof nothing {
  const { preferences } = theme;
  if (!preferences || preferences.themes.length === 0) return nothing;
  const chosen = choiceOf(preferences);
  const choose = (event: Event): void => void theme.chooseTheme((event.target as HTMLSelectElement).value || null);
  return html`<label class="so-menu-field">
    <span>${msg('Theme')}</span>
    <select @change=${choose}>
      ${themeChoices(preferences).map(
        ({ value, name }) => html`<option value=${value ?? ''} .selected=${live(chosen === value)}>${name}</option>`,
      )}
    </select>
  </label>`;
}
