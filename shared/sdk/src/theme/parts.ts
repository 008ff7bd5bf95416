/**
 * The `::part`s that a theme may style, by the element that has them. They keep their names within a major version of
 * the panel.
 */
export const THEME_PARTS = {
  'wa-badge': ['base'],
  'wa-button': ['base', 'label', 'start', 'end', 'caret', 'spinner'],
  'wa-card': ['header', 'body', 'footer'],
  'wa-checkbox': ['base', 'control', 'label'],
  'wa-dialog': ['dialog', 'header', 'title', 'body', 'footer'],
  'wa-dropdown': ['menu'],
  'wa-dropdown-item': ['label', 'icon', 'details'],
  'wa-input': ['base', 'label', 'input', 'hint', 'start', 'end'],
  'wa-number-input': ['base', 'label', 'input', 'hint', 'stepper-decrement', 'stepper-increment'],
  'wa-option': ['label', 'checked-icon'],
  'wa-popover': ['body'],
  'wa-progress-bar': ['base', 'indicator', 'label'],
  'wa-radio': ['control', 'label'],
  'wa-select': ['combobox', 'label', 'listbox', 'hint', 'display-input', 'expand-icon', 'tag'],
  'wa-skeleton': ['indicator'],
  'wa-spinner': ['base'],
  'wa-switch': ['base', 'control', 'thumb', 'label', 'hint'],
  'wa-tab': ['base'],
  'wa-tag': ['base', 'content'],
  'wa-textarea': ['base', 'label', 'textarea', 'hint'],
  'wa-tooltip': ['body'],
  'sodium-contribution': ['error', 'skeleton'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a theme may set on a part: how it looks, never where it is, how large it is or whether it can be seen. */
export const PART_PROPERTIES: readonly string[] = [
  'color',
  'background',
  'background-color',
  'background-image',
  'background-position',
  'background-repeat',
  'background-size',
  ...['', '-top', '-right', '-bottom', '-left'].flatMap((side) => [
    `border${side}`,
    `border${side}-color`,
    `border${side}-style`,
  ]),
  'border-radius',
  'box-shadow',
  'outline-color',
  'accent-color',
  'caret-color',
  'font-family',
  'font-style',
  'font-weight',
  'font-variant-numeric',
  'font-feature-settings',
  'letter-spacing',
  'text-transform',
  'text-decoration',
  'text-decoration-color',
  'text-decoration-thickness',
  'text-underline-offset',
  'text-shadow',
  'transition-duration',
  'transition-timing-function',
];

/** The states in which a part may look different. */
export const PART_STATES: readonly string[] = ['hover', 'active', 'focus', 'focus-visible', 'focus-within', 'disabled'];
