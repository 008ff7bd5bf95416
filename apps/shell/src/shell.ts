import { createContext } from '@lit/context';
import type { User } from '@sodium/contract';
import type { ApiClient } from './api/api-client.js';
import type { Live } from './live/live-connection.js';
import type { ServerStore } from './live/server-store.js';
import type { PluginHost } from './plugin-host.js';
import type { Router } from './router/router.js';
import type { ThemeController } from './theme/theme-controller.js';
import type { ConfirmOptions } from './ui/confirm.js';
import type { ToastVariant } from './ui/toasts.js';

/** What every view may use. Built once by the document's entry. */
export interface Shell {
  readonly api: ApiClient;
  readonly user: User;
  readonly router: Router;
  readonly live: Live;
  readonly servers: ServerStore;
  readonly theme: ThemeController;
  /** Null in the admin document and in safe mode: no plugin code runs there. */
  readonly plugins: PluginHost | null;
  toast(message: string, variant?: ToastVariant): void;
  /** Says what went wrong, and which plugin caused it. */
  fail(error: unknown): void;
  confirm(options: ConfirmOptions): Promise<boolean>;
}

export const shellContext = createContext<Shell>('sodium-shell');
