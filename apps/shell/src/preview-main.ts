import './theme/theme.css';
import { msg } from '@lit/localize';
import { useFrameIcons } from './frame/frame-icons.js';
import { PageLink } from './frame/page-link.js';
import { shimStorage } from './frame/storage-shims.js';
import { PluginHost } from './plugin-host.js';
import { whenIdle } from './plugins/index.js';
import './preview/preview-app.js';
import { PreviewApi } from './preview/preview-api.js';
import { symbolsBelow } from './preview/preview-icons.js';
import { PreviewLive } from './preview/preview-live.js';
import { previewRoutes } from './preview/preview-routes.js';
import { readPreviewStart, readWishes } from './preview/preview-start.js';
import type { Shell } from './shell.js';
import { startShell } from './start-shell.js';
import { ThemeController } from './theme/theme-controller.js';
import { useSymbolAddresses } from './ui/icon.js';

/** The panel around a plugin that is being tried. This document has no origin, no cookie and no way out but its page. */
function start(): void {
  shimStorage(window);
  const context = readPreviewStart();
  const wishes = readWishes(location.search);
  useFrameIcons(context.prefix);
  useSymbolAddresses(symbolsBelow(context.prefix));
  // What is seen first comes while the rest is being set up.
  if (wishes.path === '/') void import('./pages/dashboard.js');
  if (context.plugin.client) void import('./ui/kit.js');
  history.replaceState(null, '', wishes.path);
  document.documentElement.dataset.mode = wishes.mode;

  const link = new PageLink(new URL(location.href).origin);
  const api = new PreviewApi(context, () => link.send({ type: 'ended' }));
  api.prefer(wishes);
  const theme = new ThemeController();
  const shell = startShell({
    api,
    user: context.user,
    theme,
    routes: previewRoutes(),
    frame: 'sodium-preview-app',
    live: new PreviewLive(api),
    createPlugins: (host) => new PluginHost(host),
  });
  void theme.refresh();
  link.listen({
    ping: () => link.send({ type: 'alive' }),
    reload: () => void reload(shell, api).then(() => runUnseen(shell, context.plugin.id)),
    look: ({ theme: id, mode }) => {
      api.prefer({ theme: id, mode });
      void theme.refresh();
    },
  });
  tellPlace(shell, link);
  keepInside(shell, link);
  link.send({ type: 'hello' });
  void showPlugin(shell).then(() => runUnseen(shell, context.plugin.id));
}

async function showPlugin({ plugins, router, toast }: Shell): Promise<void> {
  plugins?.addEventListener('change', () => router.reconsider());
  await plugins?.start().catch(() => toast(msg('The plugin could not be loaded. Start the preview again.'), 'warning'));
  router.start();
}

/** What nothing in view has started by now: its faults belong into the report too. */
async function runUnseen({ plugins }: Shell, plugin: string): Promise<void> {
  await whenIdle();
  await plugins?.loadSoon(plugin);
}

/** The new content takes the place of the old one as in the panel: what was open stays open. */
async function reload({ plugins, theme, toast }: Shell, api: PreviewApi): Promise<void> {
  try {
    await Promise.all([plugins?.refresh(), api.renew().then(() => theme.refresh())]);
  } catch {
    toast(msg('The changed plugin could not be loaded. Reload the frame.'), 'warning');
  }
}

/** The page opens the frame at the same place again when it has to make it anew. */
function tellPlace({ router }: Shell, link: PageLink): void {
  router.addEventListener('view', () => {
    if (router.view.status === 'ready') link.send({ type: 'place', path: location.pathname + location.search });
  });
}

/** A link that the shell does not follow would replace this document; Escape gives the keyboard back to the page. */
function keepInside({ toast }: Shell, link: PageLink): void {
  window.addEventListener('click', (event) => {
    const anchor = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    const address = anchor?.getAttribute('href');
    if (event.defaultPrevented || !address || address.startsWith('#')) return;
    event.preventDefault();
    toast(msg('This link leads out of the preview.'));
  });
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) link.send({ type: 'escape' });
  });
}

start();
