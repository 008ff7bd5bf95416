/// <reference lib="esnext.disposable" />
import type { Locator, Page } from 'playwright';

/** The contribution to show. */
export type MountPlace =
  | {
      /** The address of a page, such as `/billing/invoices`. */
      page: string;
    }
  | {
      /** The id of a dashboard widget. */
      widget: string;
    }
  | {
      /** The id of a server tab. */
      tab: string;
      /** The id of the server. Default: the first one. */
      server?: string;
    }
  | {
      /** The id of an admin tab. It is shown in its sealed frame, to an admin. */
      adminTab: string;
    };

/** How a contribution is shown. */
export interface MountOptions {
  /** The name of the user who looks. Default: the first user; for admin tabs the first admin. */
  user?: string;
  /** Default `light`. */
  theme?: 'light' | 'dark';
  /** `desktop` is 1280 x 800, `phone` 390 x 844 CSS pixels. Default `desktop`. */
  viewport?: 'desktop' | 'phone' | { width: number; height: number };
}

/** A contribution on a page of its own. */
export interface MountedContribution extends AsyncDisposable {
  /** The browser's page, of Playwright: with the shell around the contribution. */
  readonly page: Page;
  /** The contribution itself, without the shell around it. */
  readonly root: Locator;
  /** What the page's console reported as errors, and errors that nobody caught. */
  readonly errors: readonly string[];
  /** Closes the page. */
  dispose(): Promise<void>;
}
