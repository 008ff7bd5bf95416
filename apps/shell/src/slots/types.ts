import type {
  AdminTabDefinition,
  BadgeSource,
  PageDefinition,
  ServerTabDefinition,
  SidebarItemDefinition,
  WidgetDefinition,
} from '@sodium/sdk';
import type { RegistryEntry, ShownView } from '@sodium/contract';

/** What the plugin side of the shell needs from the rest of it. Implemented once, in `main.ts`. */
export interface ShellHost {
  readonly user: { id: string; username: string; role: 'admin' | 'user' };
  navigate(path: string): void;
  toast(message: string, variant: 'info' | 'success' | 'warning' | 'danger'): void;
  confirm(options: { title: string; message: string; confirmLabel?: string; danger?: boolean }): Promise<boolean>;
  request(method: string, path: string, body?: unknown): Promise<unknown>;
  live: { on(event: string, listener: (data: never) => void): () => void };
  /** A view of a plugin is on the screen. Frames of the admin area have nobody to tell. */
  shown?(plugin: string, place: ShownView['place']): void;
  theme: { readonly mode: 'light' | 'dark'; subscribe(listener: (mode: 'light' | 'dark') => void): () => void };
}

/** One active plugin of this page, as slots see it: they ask it for code and tell it of failures. */
export interface PluginHandle {
  readonly entry: RegistryEntry;
  /** An admin is told where the plugin can be switched off. */
  readonly viewerIsAdmin: boolean;
  /** Loads and runs the client once. Rejects with what went wrong, always within the time-out. */
  load(): Promise<void>;
  /** Loads again after a failure, past the browser's cache. */
  retry(): Promise<void>;
  /** The contribution as it stands now, with its definition once the client has run. */
  current(key: string): Contribution | undefined;
  /** Defines an element of this plugin under a tag of this version, unless its author has. */
  ensureDefined(name: string, element: CustomElementConstructor): void;
  /** Tells the panel of a failure; rate limited. */
  report(error: unknown, where: string): void;
  /** Says that a view of this plugin is on the screen. */
  shown(kind: Contribution['kind']): void;
  /** Makes the fonts of a style sheet of this plugin known to the document. */
  shareFonts(sheet: CSSStyleSheet): void;
  /** Announces a mount, so that an error that surfaces later finds its place. */
  addMount(mount: FailurePlace): () => void;
}

/** Where an error of a plugin can be shown. */
export interface FailurePlace {
  readonly element: HTMLElement;
  fail(error: unknown, where: string): void;
}

interface Declared {
  /** Unique over all plugins: `<plugin>/<kind>/<local id>`. */
  readonly key: string;
  readonly plugin: RegistryEntry;
  readonly handle: PluginHandle;
}

/** What is painted at once from the registry; `definition` arrives when the plugin's code has run. */
export interface PageContribution extends Declared {
  kind: 'page';
  path: string;
  title: string;
  icon?: string;
  admin: boolean;
  definition?: PageDefinition;
}
export interface SidebarContribution extends Declared {
  kind: 'sidebar';
  id: string;
  label: string;
  href: string;
  icon?: string;
  position?: string;
  group?: string;
  badge?: BadgeSource;
  /** What the badge shows now; null or undefined: nothing. Kept current by the runtime. */
  badgeValue?: number | string | null;
  definition?: SidebarItemDefinition;
}
export interface TabContribution extends Declared {
  kind: 'tab';
  id: string;
  label: string;
  icon?: string;
  definition?: ServerTabDefinition;
}
export interface WidgetContribution extends Declared {
  kind: 'widget';
  id: string;
  title: string;
  size: 'small' | 'medium' | 'large';
  definition?: WidgetDefinition;
}
export interface AdminTabContribution extends Declared {
  kind: 'adminTab';
  id: string;
  label: string;
  subtabs: readonly { id: string; label: string }[];
  definition?: AdminTabDefinition;
}
export type Contribution =
  PageContribution | SidebarContribution | TabContribution | WidgetContribution | AdminTabContribution;
