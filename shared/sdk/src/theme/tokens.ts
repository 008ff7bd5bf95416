/** What a token’s value may be. */
export type TokenKind =
  'color' | 'font' | 'length' | 'number' | 'weight' | 'spacing' | 'time' | 'easing' | 'shadow' | 'image' | 'picture';

/** One custom property that a theme may set. */
export interface ThemeToken {
  /** What its value may be. */
  readonly kind: TokenKind;
  /** What the panel itself uses, in both modes unless `dark` is given. */
  readonly default: string;
  /** What the panel itself uses in dark mode. */
  readonly dark?: string;
  /** The least and the most that a theme may set: pixels (1rem counts 16), milliseconds, or the number itself. */
  readonly range?: readonly [number, number];
  /** What is drawn from it. */
  readonly description: string;
}

/**
 * Every `--sodium-*` custom property that a theme may set, by its name without that prefix. The panel, the kit's
 * elements and well-behaved plugins are drawn from these alone.
 */
export const THEME_TOKENS = {
  'font-sans': {
    kind: 'font',
    default:
      "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Inter', 'Roboto', 'Noto Sans', 'Liberation Sans', sans-serif",
    description: 'Text of the interface',
  },
  'font-mono': {
    kind: 'font',
    default: "ui-monospace, 'SF Mono', 'JetBrains Mono', 'Cascadia Code', 'DejaVu Sans Mono', monospace",
    description: 'Code, the console, addresses',
  },
  'font-heading': { kind: 'font', default: 'var(--sodium-font-sans)', description: 'Headings' },
  'text-xs': { kind: 'length', range: [8, 64], default: '0.75rem', description: 'Type scale: badges, table heads' },
  'text-sm': { kind: 'length', range: [8, 64], default: '0.8125rem', description: 'Type scale: hints, tables' },
  'text-md': {
    kind: 'length',
    range: [8, 64],
    default: '0.9375rem',
    description: 'Type scale: body text and controls',
  },
  'text-lg': { kind: 'length', range: [8, 64], default: '1.0625rem', description: 'Type scale: section titles' },
  'text-xl': {
    kind: 'length',
    range: [8, 64],
    default: '1.375rem',
    description: 'Type scale: page titles and figures',
  },
  'text-2xl': { kind: 'length', range: [8, 64], default: '1.75rem', description: 'Type scale: the largest titles' },
  leading: { kind: 'number', range: [1, 3], default: '1.55', description: 'Line height of text' },
  'leading-tight': { kind: 'number', range: [1, 3], default: '1.25', description: 'Line height of headings' },
  'weight-normal': { kind: 'weight', range: [100, 1000], default: '400', description: 'Weight of text' },
  'weight-medium': { kind: 'weight', range: [100, 1000], default: '500', description: 'Weight of labels and buttons' },
  'weight-bold': { kind: 'weight', range: [100, 1000], default: '650', description: 'Weight of emphasis' },
  'heading-weight': {
    kind: 'weight',
    range: [100, 1000],
    default: 'var(--sodium-weight-bold)',
    description: 'Weight of headings',
  },
  'heading-spacing': {
    kind: 'spacing',
    range: [-4, 16],
    default: '-0.011em',
    description: 'Letter spacing of headings',
  },
  density: {
    kind: 'number',
    range: [0.5, 2],
    default: '1',
    description: 'Scales all spacing: 0.85 is compact, 1.15 roomy',
  },
  'space-1': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(0.25rem * var(--sodium-density))',
    description: 'Spacing scale, step 1',
  },
  'space-2': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(0.5rem * var(--sodium-density))',
    description: 'Spacing scale, step 2',
  },
  'space-3': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(0.75rem * var(--sodium-density))',
    description: 'Spacing scale, step 3',
  },
  'space-4': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(1rem * var(--sodium-density))',
    description: 'Spacing scale, step 4',
  },
  'space-5': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(1.25rem * var(--sodium-density))',
    description: 'Spacing scale, step 5',
  },
  'space-6': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(1.5rem * var(--sodium-density))',
    description: 'Spacing scale, step 6',
  },
  'space-8': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(2rem * var(--sodium-density))',
    description: 'Spacing scale, step 8',
  },
  'space-12': {
    kind: 'length',
    range: [0, 128],
    default: 'calc(3rem * var(--sodium-density))',
    description: 'Spacing scale, step 12',
  },
  'radius-sm': { kind: 'length', range: [0, 9999], default: '0.375rem', description: 'Corners of small things' },
  'radius-md': { kind: 'length', range: [0, 9999], default: '0.5rem', description: 'Corners of controls' },
  'radius-lg': { kind: 'length', range: [0, 9999], default: '0.875rem', description: 'Corners of cards and dialogs' },
  'radius-full': {
    kind: 'length',
    range: [0, 9999],
    default: '999px',
    description: 'Corners of badges and other pills',
  },
  'border-width': { kind: 'length', range: [0, 8], default: '1px', description: 'Lines around cards and controls' },
  'background-image': {
    kind: 'image',
    default: 'none',
    description: 'Gradients over the ground of the page',
  },
  'background-picture': {
    kind: 'picture',
    default: 'none',
    description: 'An image of the theme’s own, repeated over the ground of the page',
  },
  'motion-fast': { kind: 'time', range: [0, 2000], default: '110ms', description: 'Hovering and pressing' },
  'motion-normal': { kind: 'time', range: [0, 2000], default: '190ms', description: 'Things that appear' },
  'motion-slow': { kind: 'time', range: [0, 2000], default: '320ms', description: 'Large movements' },
  easing: { kind: 'easing', default: 'cubic-bezier(0.2, 0.7, 0.2, 1)', description: 'How movements begin and end' },
  'sidebar-width': { kind: 'length', range: [160, 480], default: '15.5rem', description: 'Width of the sidebar' },
  'content-width': { kind: 'length', range: [320, 3200], default: '76rem', description: 'Widest that a page grows' },
  'console-background': { kind: 'color', default: '#0b0d12', description: 'Ground of consoles and logs' },
  'console-text': { kind: 'color', default: '#dfe4ee', description: 'Text of consoles and logs' },
  'console-muted': { kind: 'color', default: '#8c95a8', description: 'Times and prompts in consoles' },
  'console-warning': { kind: 'color', default: '#ecce6a', description: 'Warnings in logs' },
  'console-danger': { kind: 'color', default: '#ff8a92', description: 'Errors in logs' },
  'console-focus': { kind: 'color', default: '#f7ae3c', description: 'Focus ring of the console’s input' },
  'console-border': { kind: 'color', default: 'rgb(255 255 255 / 12%)', description: 'Lines inside the console' },
  'console-hover': {
    kind: 'color',
    default: 'rgb(255 255 255 / 9%)',
    description: 'Buttons under the pointer in the console',
  },
  'color-sidebar': { kind: 'color', default: 'var(--sodium-color-surface)', description: 'Ground of the sidebar' },
  'color-sidebar-text': {
    kind: 'color',
    default: 'var(--sodium-color-text)',
    description: 'Name of the panel and items under the pointer',
  },
  'color-sidebar-text-muted': {
    kind: 'color',
    default: 'var(--sodium-color-text-muted)',
    description: 'Items and groups of the sidebar',
  },
  'color-sidebar-border': { kind: 'color', default: 'var(--sodium-color-border)', description: 'Lines of the sidebar' },
  'color-sidebar-hover': {
    kind: 'color',
    default: 'var(--sodium-color-hover)',
    description: 'Ground of the item under the pointer',
  },
  'color-sidebar-active': {
    kind: 'color',
    default: 'var(--sodium-color-accent-soft)',
    description: 'Ground of the current item',
  },
  'color-sidebar-active-text': {
    kind: 'color',
    default: 'var(--sodium-color-accent-text)',
    description: 'Text of the current item',
  },
  'color-sidebar-focus': {
    kind: 'color',
    default: 'var(--sodium-color-focus)',
    description: 'Focus ring in the sidebar',
  },
  'color-topbar': {
    kind: 'color',
    default: 'color-mix(in srgb, var(--sodium-color-background) 86%, transparent)',
    description: 'Ground of the top bar',
  },
  'color-background': { kind: 'color', default: '#f5f6f8', dark: '#0c0e13', description: 'Ground of the page' },
  'color-surface': { kind: 'color', default: '#ffffff', dark: '#14171f', description: 'Ground of cards and controls' },
  'color-surface-raised': {
    kind: 'color',
    default: '#ffffff',
    dark: '#1a1e28',
    description: 'Ground of menus, dialogs and toasts',
  },
  'color-surface-sunken': {
    kind: 'color',
    default: '#eef0f4',
    dark: '#0f1218',
    description: 'Ground of wells: code, table footers, tracks',
  },
  'color-border': { kind: 'color', default: '#dfe3ea', dark: '#272c38', description: 'Lines between things' },
  'color-border-strong': { kind: 'color', default: '#858ea0', dark: '#6e778a', description: 'Outlines of controls' },
  'color-text': { kind: 'color', default: '#151922', dark: '#eceff4', description: 'Text' },
  'color-text-muted': { kind: 'color', default: '#555d6e', dark: '#a2aaba', description: 'Hints and secondary text' },
  'color-hover': {
    kind: 'color',
    default: 'rgb(21 25 34 / 5%)',
    dark: 'rgb(236 239 244 / 6%)',
    description: 'Ground of rows and buttons under the pointer',
  },
  'color-overlay': {
    kind: 'color',
    default: 'rgb(16 19 27 / 45%)',
    dark: 'rgb(0 0 0 / 62%)',
    description: 'Behind dialogs',
  },
  'color-focus': { kind: 'color', default: '#b86a00', dark: '#f7ae3c', description: 'Focus ring' },
  'color-accent': {
    kind: 'color',
    default: '#f2a01e',
    dark: '#f7ae3c',
    description: 'Solid ground of the main action and the current place',
  },
  'color-on-accent': { kind: 'color', default: '#241600', dark: '#241600', description: 'Text on the solid accent' },
  'color-accent-text': {
    kind: 'color',
    default: '#8a4f00',
    dark: '#f9bd62',
    description: 'Accent as text, on any ground and on the soft accent',
  },
  'color-accent-soft': {
    kind: 'color',
    default: '#fff2da',
    dark: '#2e2412',
    description: 'Quiet ground of the main action and the current place',
  },
  'color-accent-border': {
    kind: 'color',
    default: '#f0c987',
    dark: '#5c4519',
    description: 'Lines around the soft accent',
  },
  'color-success': {
    kind: 'color',
    default: '#1a7f4b',
    dark: '#37b073',
    description: 'Solid ground of what went well, running servers',
  },
  'color-on-success': { kind: 'color', default: '#ffffff', dark: '#05180d', description: 'Text on the solid success' },
  'color-success-text': {
    kind: 'color',
    default: '#14683d',
    dark: '#62d39a',
    description: 'Success as text, on any ground and on the soft success',
  },
  'color-success-soft': {
    kind: 'color',
    default: '#e3f6ec',
    dark: '#10281d',
    description: 'Quiet ground of what went well, running servers',
  },
  'color-success-border': {
    kind: 'color',
    default: '#a9dcc1',
    dark: '#1f5239',
    description: 'Lines around the soft success',
  },
  'color-warning': {
    kind: 'color',
    default: '#e3b514',
    dark: '#e6bd3a',
    description: 'Solid ground of what needs attention',
  },
  'color-on-warning': { kind: 'color', default: '#241a00', dark: '#241a00', description: 'Text on the solid warning' },
  'color-warning-text': {
    kind: 'color',
    default: '#7a5600',
    dark: '#ecce6a',
    description: 'Warning as text, on any ground and on the soft warning',
  },
  'color-warning-soft': {
    kind: 'color',
    default: '#fdf5d3',
    dark: '#2a2410',
    description: 'Quiet ground of what needs attention',
  },
  'color-warning-border': {
    kind: 'color',
    default: '#e6d287',
    dark: '#574a1c',
    description: 'Lines around the soft warning',
  },
  'color-danger': {
    kind: 'color',
    default: '#c8323f',
    dark: '#e96b75',
    description: 'Solid ground of errors and destructive actions',
  },
  'color-on-danger': { kind: 'color', default: '#ffffff', dark: '#2a0508', description: 'Text on the solid danger' },
  'color-danger-text': {
    kind: 'color',
    default: '#b02330',
    dark: '#ff9aa2',
    description: 'Danger as text, on any ground and on the soft danger',
  },
  'color-danger-soft': {
    kind: 'color',
    default: '#fdeaec',
    dark: '#321519',
    description: 'Quiet ground of errors and destructive actions',
  },
  'color-danger-border': {
    kind: 'color',
    default: '#f1b6bc',
    dark: '#6b2a31',
    description: 'Lines around the soft danger',
  },
  'color-info': { kind: 'color', default: '#2563c9', dark: '#5b96f0', description: 'Solid ground of information' },
  'color-on-info': { kind: 'color', default: '#ffffff', dark: '#041126', description: 'Text on the solid info' },
  'color-info-text': {
    kind: 'color',
    default: '#1f55ae',
    dark: '#93bcff',
    description: 'Info as text, on any ground and on the soft info',
  },
  'color-info-soft': { kind: 'color', default: '#e6effc', dark: '#14233d', description: 'Quiet ground of information' },
  'color-info-border': {
    kind: 'color',
    default: '#b3cdf3',
    dark: '#2b4878',
    description: 'Lines around the soft info',
  },
  'color-neutral': {
    kind: 'color',
    default: '#2a303d',
    dark: '#dfe4ee',
    description: 'Ground of neutral solid buttons and tooltips',
  },
  'color-on-neutral': { kind: 'color', default: '#ffffff', dark: '#14171f', description: 'Text on neutral' },
  'chart-1': { kind: 'color', default: '#d37f00', dark: '#f7ae3c', description: 'Line 1 of charts' },
  'chart-2': { kind: 'color', default: '#0f8588', dark: '#4cc9c0', description: 'Line 2 of charts' },
  'chart-3': { kind: 'color', default: '#6d4fd0', dark: '#a78bfa', description: 'Line 3 of charts' },
  'chart-4': { kind: 'color', default: '#c43d7c', dark: '#f284b6', description: 'Line 4 of charts' },
  'shadow-sm': {
    kind: 'shadow',
    default: '0 1px 2px rgb(16 19 27 / 6%)',
    dark: '0 1px 2px rgb(0 0 0 / 35%)',
    description: 'Cards',
  },
  'shadow-md': {
    kind: 'shadow',
    default: '0 1px 2px rgb(16 19 27 / 5%), 0 4px 14px rgb(16 19 27 / 7%)',
    dark: '0 1px 2px rgb(0 0 0 / 35%), 0 6px 18px rgb(0 0 0 / 30%)',
    description: 'Cards under the pointer',
  },
  'shadow-lg': {
    kind: 'shadow',
    default: '0 2px 6px rgb(16 19 27 / 8%), 0 18px 48px rgb(16 19 27 / 16%)',
    dark: '0 2px 8px rgb(0 0 0 / 40%), 0 24px 60px rgb(0 0 0 / 55%)',
    description: 'Menus, dialogs and toasts',
  },
} as const satisfies Readonly<Record<string, ThemeToken>>;

/** The name of a token without `--sodium-`. */
export type ThemeTokenName = keyof typeof THEME_TOKENS;
