import { raw, Router, type Request, type Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { HttpError, notFound } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import type { Manifest } from '@sodium/sdk/manifest';
import type { PluginInstance } from '../plugins/sandbox/types.js';
import type { HttpAnswer } from '../plugins/sandbox/types.js';
import { isPublicRoute } from '../plugins/public-routes.js';
import { param } from './http/body.js';
import { callerOf } from './http/caller.js';
import { pluginRateLimit } from './http/rate-limits.js';

/** Whose routes answer: an active plugin, or one that is being tried. */
export interface AnsweringPlugin {
  readonly manifest: Manifest;
  readonly instance: PluginInstance | null;
}

export interface PluginApiOptions {
  bodyLimitBytes: number;
  requestsPerMinute: number;
  /** Who answers instead of the active plugin; null: that one. */
  answersInstead?(req: Request): AnsweringPlugin | null;
  /** What the plugin learns of where the request came from; without it the truth. */
  asSeen?(req: Request, origin: RequestOrigin): RequestOrigin;
  /** Which headers of a plugin's answer are passed on; without it all but the forbidden ones. */
  mayAnswer?(name: string): boolean;
  /** Sets the headers that the plugin's must not change; without it those of an answer on the panel's own origin. */
  finish?(res: Response): void;
}

export interface RequestOrigin {
  ip: string;
  headers: Record<string, string>;
}

/** What a plugin never learns: with these it could act as the user elsewhere. */
const WITHHELD = new Set(['cookie', 'authorization', 'proxy-authorization', 'x-sodium-admin']);

/** What a plugin may not say on the panel's origin. */
const FORBIDDEN = new Set([
  'set-cookie',
  'clear-site-data',
  'service-worker-allowed',
  'content-security-policy',
  'strict-transport-security',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'trailer',
  'access-control-allow-credentials',
  // These speak for the whole origin, or to a proxy in front of it.
  'alt-svc',
  'nel',
  'report-to',
  'reporting-endpoints',
  'origin-agent-cluster',
  'x-accel-redirect',
  'x-sendfile',
]);

/** A page that a plugin answers with is shown sealed: no script of it runs on the panel's origin. */
const SEALED =
  "sandbox allow-downloads allow-popups allow-modals; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";

/** `/api/plugins/:id/*`: a plugin's own routes, answered by its process. */
export function pluginApiRouter(manager: PluginManager, options: PluginApiOptions): Router {
  const router = Router({ mergeParams: true });
  router.all(
    ['/:id', '/:id/*path'],
    (req, _res, next) => {
      const plugin = requireRoutes(manager, req, options);
      requireLogin(plugin, req);
      next();
    },
    pluginRateLimit(options.requestsPerMinute),
    raw({ type: () => true, limit: options.bodyLimitBytes, inflate: true }),
    (req, res) => answer(manager, options, req, res),
  );
  return router;
}

type Answering = AnsweringPlugin & { instance: PluginInstance };

function requireRoutes(manager: PluginManager, req: Request, { answersInstead }: PluginApiOptions): Answering {
  const id = param(req, 'id');
  const instead = answersInstead?.(req) ?? null;
  const running = instead ?? manager.running(id);
  if (running?.instance) return running as Answering;
  if (instead) throw notFound('backend of the plugin', id);
  const state = manager.state(id);
  if (state.kind === 'failed' || state.kind === 'activating' || state.kind === 'stopping') {
    throw new HttpError(
      503,
      'PLUGIN_UNAVAILABLE',
      `The plugin "${id}" cannot answer now. Try again later, or ask an administrator.`,
      { plugin: id },
    );
  }
  throw notFound('active plugin with routes', id);
}

function requireLogin({ manifest }: Answering, req: Request): void {
  if (callerOf(req)) return;
  const patterns = manifest.http?.public ?? [];
  if (isPublicRoute(patterns, pathOf(req))) return;
  throw new HttpError(401, 'LOGIN_REQUIRED', 'Log in to do this.', { plugin: param(req, 'id') });
}

/** The path below the plugin's own root, as it was sent. */
function pathOf(req: Request): string {
  const below = req.path.slice(req.path.indexOf('/', 1));
  return req.path.indexOf('/', 1) < 0 ? '/' : below;
}

async function answer(manager: PluginManager, options: PluginApiOptions, req: Request, res: Response): Promise<void> {
  const { instance } = requireRoutes(manager, req, options);
  const gone = new AbortController();
  // An answer that was sent has no caller left to tell; making the error would cost more than the rest of the call.
  res.on('close', () => res.writableFinished || gone.abort());
  const user = callerOf(req)?.user;
  const origin = { ip: req.ip ?? '', headers: visibleHeaders(req) };
  const result = await instance.http(
    {
      method: req.method,
      path: pathOf(req),
      query: req.url.includes('?') ? req.url.slice(req.url.indexOf('?') + 1) : '',
      ...(options.asSeen?.(req, origin) ?? origin),
      user: user ? { id: user.id, username: user.username, role: user.role } : null,
      body: Buffer.isBuffer(req.body) ? req.body : new Uint8Array(0),
    },
    gone.signal,
  );
  await send(res, result, req.method, options);
}

function visibleHeaders(req: Request): Record<string, string> {
  const entries = Object.entries(req.headers).filter(([name, value]) => value !== undefined && !WITHHELD.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value!]));
}

function sealOnOwnOrigin(res: Response): void {
  res.set({ 'Content-Security-Policy': SEALED, 'X-Content-Type-Options': 'nosniff' });
}

async function send(
  res: Response,
  result: HttpAnswer,
  method: string,
  { mayAnswer = () => true, finish = sealOnOwnOrigin }: PluginApiOptions,
): Promise<void> {
  res.status(result.status);
  for (const [name, value] of Object.entries(result.headers))
    if (!FORBIDDEN.has(name.toLowerCase()) && mayAnswer(name)) res.set(name, value);
  finish(res);
  // Nothing follows here that it could contradict.
  const length = result.headers['content-length'];
  if (method === 'HEAD' && typeof length === 'string' && /^\d{1,15}$/.test(length)) res.set('Content-Length', length);
  if (!res.hasHeader('Cache-Control')) res.set('Cache-Control', 'no-store');
  if (result.body instanceof Uint8Array) {
    res.end(Buffer.from(result.body.buffer, result.body.byteOffset, result.body.byteLength));
    return;
  }
  // A plugin that fails in the middle of a long answer can only be told by cutting it off.
  await pipeline(result.body, res).catch(() => res.destroy());
}
