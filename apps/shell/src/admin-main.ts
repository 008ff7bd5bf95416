import './theme/theme.css';
import './theme/admin.css';
import './layout/admin-app.js';
import { ApiClient } from './api/api-client.js';
import { loadSession, loginAddress } from './api/session.js';
import { LiveConnection } from './live/live-connection.js';
import { adminRoutes } from './router/admin-routes.js';
import { startShell } from './start-shell.js';
import { ThemeController } from './theme/theme-controller.js';
import { useLocalIcons } from './ui/icon.js';

async function start(): Promise<void> {
  useLocalIcons();
  const theme = new ThemeController();
  const adminToken = document.querySelector<HTMLMetaElement>('meta[name="sodium-admin-token"]')?.content ?? '';
  const api = new ApiClient({ adminToken, onUnauthorized: () => location.assign(loginAddress()) });
  const session = await loadSession(api);
  if (session.kind !== 'user') return location.assign(loginAddress());
  if (session.user.role !== 'admin') return location.assign('/');
  startShell({
    api,
    user: session.user,
    theme,
    routes: adminRoutes(),
    frame: 'sodium-admin-app',
    live: new LiveConnection(),
  }).router.start();
}

start().catch(async (error: unknown) => {
  const { showFailure } = await import('./pages/start-failure.js');
  showFailure(error);
});
