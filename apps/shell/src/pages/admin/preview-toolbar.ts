import { msg } from '@lit/localize';
import type { ColorMode, Role, ThemeOption } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { icon } from '../../ui/icon.js';
import type { Viewport } from './preview-frame.js';

export interface ToolbarState {
  viewAs: Role;
  viewport: Viewport;
  mode: ColorMode;
  /** Null: the panel's own look. */
  theme: string | null;
  themes: readonly Pick<ThemeOption, 'id' | 'name'>[];
}

export interface ToolbarActions {
  viewAs(role: Role): void;
  viewport(viewport: Viewport): void;
  mode(mode: ColorMode): void;
  theme(theme: string | null): void;
  reload(): void;
}

/** How the frame is looked at. */
export function previewToolbar(state: ToolbarState, act: ToolbarActions): TemplateResult {
  return html`<div class="so-preview-toolbar" role="toolbar" aria-label=${msg('How to look at it')}>
    ${choice('view-as', msg('View as'), state.viewAs, act.viewAs, [
      ['user', 'user', msg('User')],
      ['admin', 'shield', msg('Admin')],
    ])}
    ${choice('viewport', msg('Screen'), state.viewport, act.viewport, [
      ['phone', 'smartphone', msg('Phone'), true],
      ['tablet', 'tablet', msg('Tablet'), true],
      ['desktop', 'monitor', msg('Desktop'), true],
    ])}
    ${choice('mode', msg('Colours'), state.mode, act.mode, [
      ['system', 'sun-moon', msg('As the system'), true],
      ['light', 'sun', msg('Light'), true],
      ['dark', 'moon', msg('Dark'), true],
    ])}
    ${themeChoice(state, act)}
    <button
      class="so-icon-button"
      type="button"
      title=${msg('Load the frame again')}
      aria-label=${msg('Load the frame again')}
      @click=${act.reload}
    >
      ${icon('rotate-cw')}
    </button>
  </div>`;
}

type Option<T> = readonly [value: T, icon: string, label: string, iconOnly?: boolean];

function choice<T extends string>(
  name: string,
  legend: string,
  current: T,
  choose: (value: T) => void,
  options: readonly Option<T>[],
): TemplateResult {
  return html`<fieldset class="so-segmented so-preview-choice">
    <legend class="so-visually-hidden">${legend}</legend>
    ${options.map(
      ([value, symbol, label, iconOnly]) =>
        html`<label title=${label}>
          <input
            type="radio"
            name=${`preview-${name}`}
            value=${value}
            .checked=${live(value === current)}
            @change=${() => choose(value)}
          />${icon(symbol)}<span class=${iconOnly ? 'so-visually-hidden' : ''}>${label}</span>
        </label>`,
    )}
  </fieldset>`;
}

function themeChoice({ theme, themes }: ToolbarState, act: ToolbarActions): TemplateResult | typeof nothing {
  if (themes.length === 0) return nothing;
  const choose = (event: Event): void => act.theme((event.target as HTMLSelectElement).value || null);
  return html`<label class="so-menu-field so-preview-theme">
    <span class="so-visually-hidden">${msg('Theme')}</span>
    <select @change=${choose}>
      <option value="" .selected=${live(theme === null)}>Sodium</option>
      ${themes.map(({ id, name }) => html`<option value=${id} .selected=${live(theme === id)}>${name}</option>`)}
    </select>
  </label>`;
}
