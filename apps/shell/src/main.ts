import './theme/theme.css';
import { msg } from '@lit/localize';
import { ApiClient } from './api/api-client.js';
import { isSafeMode, setSafeMode } from './api/safe-mode.js';
import { loadSession, loginAddress, type Session } from './api/session.js';
import { LiveConnection } from './live/live-connection.js';
import { ThemeController } from './theme/theme-controller.js';
import { useLocalIcons } from './ui/icon.js';

const GATES = ['/login', '/setup'];

async function start(): Promise<void> {
  useLocalIcons();
  const theme = new ThemeController();
  if (new URLSearchParams(location.search).get('safe') === '1') setSafeMode(true);
  const api = new ApiClient({ onUnauthorized: () => location.assign(loginAddress()) });
  // The panel's code comes while the panel says who is looking; visitors of the login page do not need it.
  const parts = GATES.includes(location.pathname) ? null : loadPanel();
  const session = await loadSession(api);
  const wanted = gateOf(session);
  if (wanted) {
    const path = wanted === '/login' && location.pathname !== '/login' ? loginAddress() : wanted;
    if (location.pathname !== wanted) history.replaceState(null, '', path);
    const { showGate } = await import('./pages/gate.js');
    showGate(api, session);
  } else if (session.kind === 'user') await startPanel(await (parts ?? loadPanel()), api, theme, session);
}

/** Where everybody without a session is sent, whatever they asked for. */
function gateOf(session: Session): string | null {
  if (session.kind === 'setup') return '/setup';
  if (session.kind === 'visitor') return '/login';
  return null;
}

async function loadPanel() {
  const [{ startShell }, { userRoutes }, { PluginHost }] = await Promise.all([
    import('./start-shell.js'),
    import('./router/user-routes.js'),
    import('./plugin-host.js'),
    import('./layout/app.js'),
  ]);
  return { startShell, userRoutes, PluginHost };
}

type PanelParts = Awaited<ReturnType<typeof loadPanel>>;
type UserSession = Extract<Session, { kind: 'user' }>;

async function startPanel(
  parts: PanelParts,
  api: ApiClient,
  theme: ThemeController,
  { user }: UserSession,
): Promise<void> {
  const { startShell, userRoutes, PluginHost } = parts;
  if (GATES.includes(location.pathname)) history.replaceState(null, '', '/');
  const shell = startShell({
    api,
    user,
    theme,
    routes: userRoutes(),
    frame: 'sodium-app',
    live: new LiveConnection(),
    ...(isSafeMode() ? {} : { createPlugins: (host) => new PluginHost(host) }),
  });
  shell.plugins?.addEventListener('change', () => shell.router.reconsider());
  // A page of a plugin has its address once the registry is known; core pages do not wait for it.
  const known = shell.plugins
    ?.start()
    .catch(() => shell.toast(msg('Plugins could not be loaded. Load the page again.'), 'warning'));
  if (!isCoreAddress()) await known;
  shell.router.start();
}

function isCoreAddress(): boolean {
  return /^\/(servers(\/|$)|account$|$)/.test(location.pathname);
}

start().catch(async (error: unknown) => {
  const { showFailure } = await import('./pages/start-failure.js');
  showFailure(error);
});
