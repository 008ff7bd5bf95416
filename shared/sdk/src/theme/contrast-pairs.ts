import type { ThemeTokenName } from './tokens.js';

/** Two colours that meet on the screen, and the contrast that WCAG 2 AA asks of them. */
export interface ContrastPair {
  /** The colour of the text or the line. */
  readonly front: ThemeTokenName;
  /** The colour behind it. */
  readonly back: ThemeTokenName;
  /** 4.5 for text, 3 for outlines and focus rings. */
  readonly ratio: number;
}

const ROLES = ['accent', 'success', 'warning', 'danger', 'info'] as const;
const GROUNDS = ['color-background', 'color-surface', 'color-surface-raised', 'color-surface-sunken'] as const;
const ON_GROUNDS = ['color-text', 'color-text-muted', 'color-accent-text', 'color-danger-text'] as const;

const text = (front: ThemeTokenName, back: ThemeTokenName): ContrastPair => ({ front, back, ratio: 4.5 });
const shape = (front: ThemeTokenName, back: ThemeTokenName): ContrastPair => ({ front, back, ratio: 3 });

/** What is checked of every theme, in light and in dark. */
export const CONTRAST_PAIRS: readonly ContrastPair[] = [
  ...GROUNDS.flatMap((ground) => ON_GROUNDS.map((front) => text(front, ground))),
  ...ROLES.flatMap((role) => [
    text(`color-on-${role}`, `color-${role}`),
    text(`color-${role}-text`, `color-${role}-soft`),
  ]),
  text('color-on-neutral', 'color-neutral'),
  text('color-sidebar-text', 'color-sidebar'),
  text('color-sidebar-text-muted', 'color-sidebar'),
  text('color-sidebar-active-text', 'color-sidebar-active'),
  text('console-text', 'console-background'),
  text('console-muted', 'console-background'),
  text('console-warning', 'console-background'),
  text('console-danger', 'console-background'),
  shape('color-border-strong', 'color-surface'),
  shape('color-focus', 'color-background'),
  shape('color-focus', 'color-surface'),
  shape('color-sidebar-focus', 'color-sidebar'),
  shape('console-focus', 'console-background'),
];
