import { readFile } from 'node:fs/promises';
import path from 'node:path';
import express, { Router, type Request, type Response } from 'express';
import type { RegistryEntry, User } from '@sodium/contract';
import { HttpError, notFound } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import type { FrameTokens, OpenFrame } from '../plugins/preview/frame-tokens.js';
import type { PluginRegistry } from '../plugins/registry.js';
import { param } from './http/body.js';
import { setCaller } from './http/caller.js';
import { FRAMES, openFrameDocument, seal, sealAnswers } from './http/frame-policy.js';
import { pluginApiRouter, type PluginApiOptions } from './plugin-api.js';
import { isForBrowsers } from './plugin-files.js';

export interface FrameParts {
  tokens: FrameTokens;
  manager: PluginManager;
  registry: PluginRegistry;
  /** The user behind a session, for the plugin's own routes. */
  userOf(session: string): User | null;
  api: PluginApiOptions;
  /** The shell's build. */
  directory: string;
}

/**
 * `/preview/<token>/…`: all that a frame may reach. Nothing here reads a cookie; who asks and for what is in the token.
 * No request passes through to the rest of the panel.
 */
export function frameRouter(parts: FrameParts): Router {
  const router = Router();
  router.use(sealAnswers);
  router.options('/*path', (_req, res) => {
    res.set({
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': '*, Content-Type',
    });
    res.status(204).end();
  });
  router.get('/:token/', (req, res) => sendDocument(parts, req, res));
  router.use('/:token/assets', open(parts), shellFiles(parts.directory, 'assets'));
  router.use('/:token/icons', open(parts), shellFiles(parts.directory, 'icons'));
  router.get('/:token/plugins/:id/:hash/*file', (req, res, next) => sendPluginFile(parts, req, res, next));
  router.use('/:token/api/plugins/:id', ownRoutes(parts));
  router.use(
    '/:token/api/plugins',
    pluginApiRouter(parts.manager, { ...parts.api, mayAnswer: (name) => ANSWERED.test(name), finish: seal }),
  );
  router.use((req) => {
    throw new HttpError(404, 'NOT_FOUND', `A frame has nothing at ${req.path.replace(/^\/[^/]*/, '')}.`);
  });
  return router;
}

/** What a plugin's own routes may say to its frame. No header that makes a browser connect, redirect or report anywhere. */
const ANSWERED = /^(content-(type|language|disposition|range)|etag|last-modified|retry-after|x-total-count)$/i;

function frameOf({ tokens }: FrameParts, req: Request): OpenFrame {
  const frame = tokens.find(param(req, 'token'));
  if (!frame) throw new HttpError(404, 'FRAME_ENDED', 'This frame has ended. Open the page that showed it again.');
  return frame;
}

const open =
  (parts: FrameParts): express.RequestHandler =>
  (req, _res, next) => {
    frameOf(parts, req);
    next();
  };

const shellFiles = (directory: string, folder: string): express.RequestHandler =>
  express.static(path.join(directory, folder), {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    etag: false,
    lastModified: false,
    cacheControl: false,
    fallthrough: false,
  });

/** A frame's document opens in a frame, never as a page of its own. */
async function sendDocument(parts: FrameParts, req: Request, res: Response): Promise<void> {
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'iframe')
    throw new HttpError(403, 'FRAME_ONLY', 'This address opens inside the admin area only.');
  const frame = frameOf(parts, req);
  const prefix = `${FRAMES}/${frame.token}`;
  const entry = parts.registry.snapshot().registry.items.find(({ id }) => id === frame.plugin);
  if (!entry) throw notFound('active plugin', frame.plugin);
  const html = await readFile(path.join(parts.directory, 'frame.html'), 'utf8');
  const { id, username, role } = frame.viewer;
  const start = JSON.stringify({
    kind: frame.kind,
    prefix,
    user: { id, username, role },
    plugin: below(prefix, entry),
  });
  openFrameDocument(req, res, prefix);
  res
    .type('html')
    .send(
      html
        .replaceAll(/(src|href)="\/(?=assets\/)/g, `$1="${prefix}/`)
        .replace(
          /(<meta name="sodium-frame" content=")[^"]*(")/,
          (_all, before, after) => before + escaped(start) + after,
        ),
    );
}

const escaped = (text: string): string => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The plugin's line of the registry, with addresses that the frame may use. */
function below(prefix: string, entry: RegistryEntry): RegistryEntry {
  return {
    ...entry,
    base: prefix + entry.base,
    client: entry.client && prefix + entry.client,
    styles: entry.styles.map((style) => prefix + style),
    theme: null,
  };
}

function sendPluginFile(parts: FrameParts, req: Request, res: Response, next: (error?: unknown) => void): void {
  const frame = frameOf(parts, req);
  const [id, hash] = [param(req, 'id'), param(req, 'hash')];
  const file = ([] as string[]).concat(req.params.file ?? []).join('/');
  const running = parts.manager.running(frame.plugin);
  if (id !== frame.plugin || hash !== frame.hash || !running || !isForBrowsers(running, file))
    throw notFound('plugin file', file);
  const root = parts.manager.deps.packages.folder(id, hash);
  res.sendFile(file, { root, dotfiles: 'deny', cacheControl: false, etag: false, lastModified: false }, (error) => {
    if (error && !res.headersSent) next(notFound('plugin file', file));
  });
}

/** The plugin of this frame only, as the user who opened it. */
function ownRoutes(parts: FrameParts): express.RequestHandler {
  return (req, _res, next) => {
    const frame = frameOf(parts, req);
    const user = parts.userOf(frame.session);
    if (param(req, 'id') !== frame.plugin || !user)
      throw notFound('route of this frame', req.originalUrl.slice(0, 200));
    setCaller(req, { user, sessionId: frame.session });
    next();
  };
}
