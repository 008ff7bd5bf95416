import { ContextProvider } from '@lit/context';
import { msg } from '@lit/localize';
import type { User } from '@sodium/contract';
import type { ApiClient } from './api/api-client.js';
import { messageOf } from './api/api-error.js';
import { isSafeMode } from './api/safe-mode.js';
import type { Live } from './live/live-connection.js';
import { ServerStore } from './live/server-store.js';
import { ShownViews } from './live/shown-views.js';
import type { PluginHost } from './plugin-host.js';
import { catchLinkClicks } from './router/link-clicks.js';
import { Router, type Route } from './router/router.js';
import { shellContext, type Shell } from './shell.js';
import type { ShellHost } from './slots/types.js';
import type { ThemeController } from './theme/theme-controller.js';
import { blameOf } from './ui/blame.js';
import { confirm } from './ui/confirm.js';
import { ToastRegion } from './ui/toasts.js';

export interface ShellParts {
  api: ApiClient;
  user: User;
  theme: ThemeController;
  routes: Route[];
  /** The tag of the frame that holds the pages. */
  frame: 'sodium-app' | 'sodium-admin-app' | 'sodium-preview-app';
  /** How the page hears of changes. */
  live: Live;
  createPlugins?: (host: ShellHost) => PluginHost;
}

/** Builds the services of a document and shows its frame. */
export function startShell({ api, user, theme, routes, frame, live, createPlugins }: ShellParts): Shell {
  const toasts = new ToastRegion();
  const toast: Shell['toast'] = (message, variant) => toasts.show(message, variant);
  const fail: Shell['fail'] = (error) => toasts.show(messageOf(error), 'danger', blameOf(error, user));
  const router = new Router({
    routes,
    fallback: (path) => plugins?.matchPage(path) ?? null,
    confirmLeave: () => confirm(leaveQuestion()),
  });
  const navigate = (to: string): void => void router.navigate(to);
  const request: ShellHost['request'] = (method, path, body) => api.request(method, path, body);
  const views = new ShownViews((shown) => live.shown(shown));
  const shown: ShellHost['shown'] = (plugin, place) => views.note(plugin, place);
  const plugins = createPlugins?.({ user, navigate, toast, confirm, request, live, shown, theme }) ?? null;
  const servers = new ServerStore(api, live);
  const shell: Shell = { api, user, router, live, servers, theme, plugins, toast, fail, confirm };

  theme.connect({
    get: () => api.get('/api/account/preferences'),
    put: (patch) => api.request('PUT', '/api/account/preferences', patch),
    // Told upon each connection too: what changed before was not heard.
    onThemesChanged: (listener) => live.on('registry:changed', listener),
    safe: isSafeMode(),
    failed: (error) => toast(messageOf(error), 'danger'),
  });
  new ContextProvider(document.body, { context: shellContext, initialValue: shell });
  document.body.append(document.createElement(frame), toasts);
  catchLinkClicks(document, navigate);
  live.on('session:ended', () => location.reload());
  void live.start().catch(() => toast(msg('Live updates could not be loaded. Load the page again.'), 'warning'));
  return shell;
}

function leaveQuestion() {
  return {
    title: msg('Leave without saving?'),
    message: msg('What you changed on this page has not been saved.'),
    confirmLabel: msg('Leave the page'),
    danger: true,
  };
}
