import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { SystemStatus, User } from '@sodium/contract';
import type { Hosting } from './create-hosting.js';
import type { Kernel } from './create-kernel.js';
import { HttpError } from './http-error.js';
import type { Storage } from './open-storage.js';
import { PanelMetrics } from './plugins/metrics.js';
import { FrameTokens } from './plugins/preview/frame-tokens.js';
import { accountRouter } from './routes/account.js';
import { adminActivityRouter } from './routes/admin-activity.js';
import { adminAuditRouter } from './routes/admin-audit.js';
import { adminInstallRouter } from './routes/admin-install.js';
import { adminOperationsRouter } from './routes/admin-operations.js';
import { adminPluginDataRouter } from './routes/admin-plugin-data.js';
import { adminPackageRouter } from './routes/admin-package.js';
import { adminPluginsRouter } from './routes/admin-plugins.js';
import { adminSchedulesRouter } from './routes/admin-schedules.js';
import { adminServersRouter } from './routes/admin-servers.js';
import { adminSystemRouter } from './routes/admin-system.js';
import { adminUsersRouter } from './routes/admin-users.js';
import { adminPreviewRouter } from './routes/admin-preview.js';
import { adminFramesRouter } from './routes/admin-frames.js';
import { authRouter } from './routes/auth.js';
import { authorPackagesRouter } from './routes/author-packages.js';
import { clientErrorsRouter } from './routes/client-errors.js';
import { docsRouter } from './routes/docs.js';
import { frameRouter } from './routes/frame.js';
import { healthRouter } from './routes/health.js';
import { AdminGuard } from './routes/http/admin-guard.js';
import { FRAMES } from './routes/http/frame-policy.js';
import { errorHandler } from './routes/http/error-handler.js';
import { originCheck } from './routes/http/origin-check.js';
import { MetricsToken } from './routes/http/metrics-token.js';
import { panelRateLimit } from './routes/http/rate-limits.js';
import { session } from './routes/http/session.js';
import { dashboardRouter } from './routes/dashboard.js';
import { metricsRouter } from './routes/metrics.js';
import { pluginApiRouter } from './routes/plugin-api.js';
import { previewFilesRouter } from './routes/preview-files.js';
import { pluginFilesRouter } from './routes/plugin-files.js';
import { preferencesRouter, type PreferenceParts } from './routes/preferences.js';
import { adminTabsRouter, registryRouter } from './routes/registry.js';
import { serversRouter } from './routes/servers.js';
import { shellRouter } from './routes/shell.js';
import { iconsOf } from './routes/http/icon-files.js';
import { templatesRouter } from './routes/templates.js';

const PANEL_REQUESTS_A_MINUTE = 3000;

export interface AppParts {
  storage: Storage;
  hosting: Hosting;
  kernel: Kernel;
  logger: Logger;
  adminKey: Buffer;
  trustProxy: boolean | string;
  shellDirectory: string;
  docsDirectory: string;
  packagesDirectory: string;
  isReady(): boolean;
  status(): SystemStatus;
}

/** Every route of the panel, in the order in which they are tried. */
export function createApp(parts: AppParts): Express {
  const { hosting, kernel, storage } = parts;
  const { accounts, servers, schedules, sessions } = hosting;
  const guard = new AdminGuard(parts.adminKey);
  const app = express();
  app.set('trust proxy', parts.trustProxy);
  app.disable('x-powered-by');
  app.disable('etag');
  // The policies of the documents are set where they are sent. Opener isolation is the admin document's alone:
  // if the user area had it too, a plugin there could hold on to an admin window that it opened.
  app.use(
    helmet({
      contentSecurityPolicy: false,
      crossOriginOpenerPolicy: false,
      crossOriginResourcePolicy: false,
      hsts: false,
      originAgentCluster: false,
    }),
  );
  app.use(healthRouter(parts.isReady));
  // Files alone: an answer that holds a secret beside what a stranger chose must not tell its length.
  app.use(['/assets', '/icons', '/plugins', '/docs'], compression());
  app.use('/docs', docsRouter(parts.docsDirectory));
  app.use('/packages', authorPackagesRouter(parts.packagesDirectory));
  app.use('/plugins', pluginFilesRouter(kernel.manager));
  const icons = iconsOf(parts.shellDirectory);
  const frames = createFrameTokens(parts);
  const userOf = (id: string): User | null => sessions.check(id)?.user ?? null;
  app.use(
    FRAMES,
    frameRouter({
      ...kernel,
      tokens: frames,
      userOf,
      api: storage.config.get().plugins.http,
      directory: parts.shellDirectory,
      icons,
      previews: {
        previewOf: ({ session, plugin }) => kernel.previews.find(session, plugin),
        names: hosting.names,
        themes: kernel.previewThemes,
        servers,
        accounts,
        templates: () => servers.templates(),
      },
    }),
  );
  app.use(originCheck, session(sessions));
  app.use('/plugins', previewFilesRouter(kernel.previews));
  app.use('/api/plugins', pluginApiRouter(kernel.manager, storage.config.get().plugins.http));
  app.use(['/api', '/metrics'], panelRateLimit(PANEL_REQUESTS_A_MINUTE), noStore);
  app.use('/metrics', metricsRouter(new PanelMetrics(kernel.manager), new MetricsToken(storage.config), guard.handler));
  app.use(
    '/api/auth',
    authRouter(accounts, ({ user }, ip) => {
      storage.audit
        .append({ actor: { id: user.id, username: user.username }, action: 'auth.login', details: { ip } })
        .catch((error: unknown) => parts.logger.error(error));
    }),
  );
  const looks: PreferenceParts = {
    preferences: hosting.preferences,
    themes: kernel.themes,
    defaultTheme: () => storage.config.get().ui.theme,
  };
  app.use('/api/account/preferences', preferencesRouter(looks));
  app.use('/api/account/dashboard', dashboardRouter(hosting.preferences));
  app.use('/api/account', accountRouter(accounts, sessions));
  app.use('/api/templates', templatesRouter(servers));
  app.use('/api/servers', serversRouter(servers, schedules));
  app.use('/api/registry', registryRouter(kernel.registry));
  app.use('/api/client-errors', clientErrorsRouter(kernel.manager));
  app.use('/api/admin', guard.handler, adminRouter(parts, frames));
  app.use('/api', (req) => {
    throw new HttpError(404, 'NOT_FOUND', `There is no ${req.method} ${req.baseUrl}${req.path}.`);
  });
  app.use(shellRouter(parts.shellDirectory, icons, guard, looks));
  app.use((req) => {
    throw new HttpError(404, 'NOT_FOUND', `There is nothing at ${req.path}.`);
  });
  app.use(errorHandler(parts.logger, (id) => kernel.manager.agreed(id)?.manifest));
  return app;
}

function adminRouter({ hosting, kernel, storage, status }: AppParts, frames: FrameTokens): express.Router {
  const { accounts, servers, schedules, sessions } = hosting;
  const router = express.Router();
  router.use(
    '/plugins',
    adminInstallRouter(kernel.manager, kernel.operations),
    adminPluginsRouter(kernel.manager),
    adminActivityRouter(kernel.manager, kernel.history, {
      isAdmin: (session) => sessions.check(session)?.user.role === 'admin',
    }),
    adminPackageRouter(kernel.manager),
    adminFramesRouter(frames, kernel.manager),
    adminPreviewRouter(kernel.previews, frames, kernel.previewThemes),
  );
  router.use('/users', adminUsersRouter(accounts, servers, storage.audit));
  router.use('/servers', adminServersRouter(servers, accounts, storage.audit));
  router.use('/system', adminSystemRouter(status, storage.config, storage.audit, kernel.themes));
  router.use('/schedules', adminSchedulesRouter(schedules, servers, kernel.manager.deps.crons));
  router.use('/tabs', adminTabsRouter(kernel.registry));
  router.use('/operations', adminOperationsRouter(kernel.manager, kernel.history));
  router.use('/plugin-data', adminPluginDataRouter(kernel.manager, kernel.operations.remover));
  router.use('/audit', adminAuditRouter(storage.audit));
  return router;
}

/** Frames last as long as what they rest on: the admin's session, and the content of the plugin that they show. */
function createFrameTokens({ hosting, kernel }: AppParts): FrameTokens {
  const { sessions } = hosting;
  const { manager, previews } = kernel;
  const tokens = new FrameTokens({
    viewerOf: (session) => {
      const user = sessions.check(session)?.user;
      return user?.role === 'admin' ? user : null;
    },
    isCurrent: ({ kind, plugin, hash, session }) =>
      kind === 'preview'
        ? previews.find(session, plugin)?.openedHash === hash
        : manager.running(plugin)?.hash === hash && manager.deps.consents.granted(plugin).includes('ui:admin'),
    expiryOf: ({ kind, plugin, session }) =>
      kind === 'preview' ? previews.find(session, plugin)?.expiresAt : undefined,
  });
  sessions.onEnded(({ session }) => tokens.revokeSession(session));
  return tokens;
}

const noStore: express.RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
