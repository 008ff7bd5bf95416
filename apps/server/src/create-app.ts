import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { SystemStatus } from '@sodium/contract';
import type { Hosting } from './create-hosting.js';
import type { Kernel } from './create-kernel.js';
import { HttpError } from './http-error.js';
import type { Storage } from './open-storage.js';
import { accountRouter } from './routes/account.js';
import { adminAuditRouter } from './routes/admin-audit.js';
import { adminPluginsRouter } from './routes/admin-plugins.js';
import { adminSchedulesRouter } from './routes/admin-schedules.js';
import { adminServersRouter } from './routes/admin-servers.js';
import { adminSystemRouter } from './routes/admin-system.js';
import { adminUsersRouter } from './routes/admin-users.js';
import { authRouter } from './routes/auth.js';
import { clientErrorsRouter } from './routes/client-errors.js';
import { healthRouter } from './routes/health.js';
import { AdminGuard } from './routes/http/admin-guard.js';
import { errorHandler } from './routes/http/error-handler.js';
import { originCheck } from './routes/http/origin-check.js';
import { panelRateLimit } from './routes/http/rate-limits.js';
import { session } from './routes/http/session.js';
import { pluginApiRouter } from './routes/plugin-api.js';
import { pluginFilesRouter } from './routes/plugin-files.js';
import { adminTabsRouter, registryRouter } from './routes/registry.js';
import { serversRouter } from './routes/servers.js';
import { shellRouter } from './routes/shell.js';
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
  app.use(helmet({ contentSecurityPolicy: false, crossOriginOpenerPolicy: false, crossOriginResourcePolicy: false, hsts: false, originAgentCluster: false }));
  app.use(healthRouter(parts.isReady));
  app.use('/plugins', pluginFilesRouter(kernel.manager));
  app.use(originCheck, session(sessions));
  app.use('/api/plugins', pluginApiRouter(kernel.manager, storage.config.get().plugins.http));
  app.use('/api', panelRateLimit(PANEL_REQUESTS_A_MINUTE), noStore);
  app.use('/api/auth', authRouter(accounts, ({ user }, ip) => {
    storage.audit.append({ actor: { id: user.id, username: user.username }, action: 'auth.login', details: { ip } }).catch((error: unknown) => parts.logger.error(error));
  }));
  app.use('/api/account', accountRouter(accounts, sessions));
  app.use('/api/templates', templatesRouter(servers));
  app.use('/api/servers', serversRouter(servers, schedules));
  app.use('/api/registry', registryRouter(kernel.registry));
  app.use('/api/client-errors', clientErrorsRouter(kernel.manager));
  app.use('/api/admin', guard.handler, adminRouter(parts));
  app.use('/api', (req) => {
    throw new HttpError(404, 'NOT_FOUND', `There is no ${req.method} ${req.baseUrl}${req.path}.`);
  });
  app.use(shellRouter(parts.shellDirectory, guard));
  app.use((req) => {
    throw new HttpError(404, 'NOT_FOUND', `There is nothing at ${req.path}.`);
  });
  app.use(errorHandler(parts.logger));
  return app;
}

function adminRouter({ hosting, kernel, storage, status }: AppParts): express.Router {
  const { accounts, servers, schedules } = hosting;
  const router = express.Router();
  router.use('/plugins', adminPluginsRouter(kernel.manager));
  router.use('/users', adminUsersRouter(accounts, servers, storage.audit));
  router.use('/servers', adminServersRouter(servers, accounts, storage.audit));
  router.use('/system', adminSystemRouter(status, storage.config, storage.audit));
  router.use('/schedules', adminSchedulesRouter(schedules, servers, kernel.manager.deps.crons));
  router.use('/tabs', adminTabsRouter(kernel.registry));
  router.use('/audit', adminAuditRouter(storage.audit));
  return router;
}

const noStore: express.RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
