import { readFile } from 'node:fs/promises';
import path from 'node:path';
import compression from 'compression';
import express, { Router, type Request, type Response } from 'express';
import type { RegistryEntry, User } from '@sodium/contract';
import { themeOf } from '@sodium/sdk/manifest';
import { HttpError, notFound } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import { isForBrowsers } from '../plugins/package/browser-files.js';
import type { FrameTokens, OpenFrame } from '../plugins/preview/frame-tokens.js';
import type { RunningPlugin } from '../plugins/running-plugin.js';
import type { PluginRegistry } from '../plugins/registry.js';
import { frameCheckRouter } from './frame-check.js';
import { below, FramePreview, prefixOf, type FramePreviewParts } from './frame-preview.js';
import { param } from './http/body.js';
import { setCaller } from './http/caller.js';
import { iconFiles, type Icons } from './http/icon-files.js';
import { openFrameDocument, seal, sealAnswers } from './http/frame-policy.js';
import { pluginApiRouter, type PluginApiOptions } from './plugin-api.js';

export interface FrameParts {
  tokens: FrameTokens;
  manager: PluginManager;
  registry: PluginRegistry;
  /** The user behind a session, for the plugin's own routes. */
  userOf(session: string): User | null;
  api: PluginApiOptions;
  previews: FramePreviewParts;
  /** The shell's build. */
  directory: string;
  icons: Icons;
}

/**
 * `/preview/<token>/…`: all that a frame may reach. Nothing here reads a cookie; who asks and for what is in the token.
 * No request passes through to the rest of the panel.
 */
export function frameRouter(parts: FrameParts): Router {
  const router = Router();
  const preview = new FramePreview(parts.previews, (req) => frameOf(parts, req));
  router.use(sealAnswers);
  router.options('/*path', (_req, res) => {
    res.set({
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': '*, Content-Type',
    });
    res.status(204).end();
  });
  router.use(frameCheckRouter());
  router.get('/:token/', (req, res) => sendDocument(parts, preview, req, res));
  router.get('/:token/favicon.svg', open(parts), (_req, res) =>
    res.sendFile('favicon.svg', { root: parts.directory, ...UNREMEMBERED }),
  );
  router.use('/:token/assets', open(parts), compression(), shellFiles(parts.directory, 'assets'));
  router.use('/:token/icons', open(parts), compression(), shellFiles(parts.directory, 'icons', { fallthrough: true }));
  // No ETag: nothing under this prefix is remembered.
  router.get(
    '/:token/icons/:name.svg',
    iconFiles(parts.icons, (res, svg) => res.end(svg)),
  );
  router.get('/:token/plugins/:id/:hash/*file', compression(), (req, res, next) =>
    sendPluginFile(parts, preview, req, res, next),
  );
  router.use('/:token/api/plugins/:id', ownRoutes(parts, preview));
  router.use(
    '/:token/api/plugins',
    pluginApiRouter(parts.manager, {
      ...parts.api,
      mayAnswer: (name) => ANSWERED.test(name),
      finish: seal,
      asSeen: (req, origin) => (frameOf(parts, req).kind === 'preview' ? preview.veil(origin) : origin),
      answersInstead: (req) => (frameOf(parts, req).kind === 'preview' ? preview.of(req) : null),
    }),
  );
  router.use('/:token/api', previewsOnly(parts, preview.router()));
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

const previewsOnly =
  (parts: FrameParts, panel: express.RequestHandler): express.RequestHandler =>
  (req, res, next) => {
    if (frameOf(parts, req).kind === 'preview') panel(req, res, next);
    else next();
  };

const open =
  (parts: FrameParts): express.RequestHandler =>
  (req, _res, next) => {
    frameOf(parts, req);
    next();
  };

const UNREMEMBERED = { dotfiles: 'deny', etag: false, lastModified: false, cacheControl: false } as const;

const shellFiles = (
  directory: string,
  folder: string,
  { fallthrough } = { fallthrough: false },
): express.RequestHandler =>
  express.static(path.join(directory, folder), {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    etag: false,
    lastModified: false,
    cacheControl: false,
    fallthrough,
  });

/** A frame's document opens in a frame, never as a page of its own. */
async function sendDocument(parts: FrameParts, preview: FramePreview, req: Request, res: Response): Promise<void> {
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'iframe')
    throw new HttpError(403, 'FRAME_ONLY', 'This address opens inside the admin area only.');
  const frame = frameOf(parts, req);
  const prefix = prefixOf(frame);
  const [file, start] =
    frame.kind === 'preview' ? ['preview.html', preview.start(req)] : ['frame.html', tabStart(parts, frame)];
  const html = await readFile(path.join(parts.directory, file), 'utf8');
  const client = (start.plugin as RegistryEntry).client;
  // Fetched while the shell is; it runs when something of it comes into view.
  const early = frame.kind === 'preview' && client ? `<link rel="modulepreload" crossorigin href="${client}" />` : '';
  openFrameDocument(req, res, prefix);
  res.type('html').send(
    html
      .replaceAll(/(src|href)="\/(?=assets\/)/g, `$1="${prefix}/`)
      .replace('</head>', `${early}</head>`)
      .replace(
        /(<meta name="sodium-frame" content=")[^"]*(")/,
        (_all, before, after) => before + escaped(JSON.stringify(start)) + after,
      ),
  );
}

/** What the document of an active plugin's tab begins with. */
function tabStart({ registry }: FrameParts, frame: OpenFrame): Record<string, unknown> {
  const entry = registry.snapshot('admin').registry.items.find(({ id }) => id === frame.plugin);
  if (!entry) throw notFound('active plugin', frame.plugin);
  const { id, username, role } = frame.viewer;
  const prefix = prefixOf(frame);
  return { kind: frame.kind, prefix, user: { id, username, role }, plugin: below(prefix, entry) };
}

const escaped = (text: string): string => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

async function sendPluginFile(
  parts: FrameParts,
  preview: FramePreview,
  req: Request,
  res: Response,
  next: (error?: unknown) => void,
): Promise<void> {
  const frame = frameOf(parts, req);
  const [id, hash] = [param(req, 'id'), param(req, 'hash')];
  const file = ([] as string[]).concat(req.params.file ?? []).join('/');
  if (frame.kind === 'preview' && id === frame.plugin) {
    const shown = preview.of(req);
    const content = hash === shown.hash ? await shown.readFile(file) : null;
    if (!content) throw notFound('plugin file', file);
    return void res.type(path.extname(file) || 'bin').send(Buffer.from(content));
  }
  const theme = frame.kind === 'preview' ? await parts.previews.themes.readFile(id, hash, file) : null;
  if (theme) return void res.type(path.extname(file) || 'bin').send(Buffer.from(theme));
  const running = parts.manager.running(id);
  if (running?.hash !== hash || !mayShow(frame, running, file) || !isForBrowsers(running, file))
    throw notFound('plugin file', file);
  const root = parts.manager.deps.packages.folder(id, hash);
  res.sendFile(file, { root, ...UNREMEMBERED }, (error) => {
    if (error && !res.headersSent) next(notFound('plugin file', file));
  });
}

/** A tab has the files of its own plugin; a preview those of the themes that it can be looked at in, never code. */
function mayShow(frame: OpenFrame, { manifest, hash }: RunningPlugin, file: string): boolean {
  if (frame.kind === 'preview') return themeOf(manifest) !== null && !/\.m?js$/.test(file);
  return manifest.id === frame.plugin && hash === frame.hash;
}

/** The plugin of this frame only, as the user who opened it, or as the one that the preview is looked at as. */
function ownRoutes(parts: FrameParts, preview: FramePreview): express.RequestHandler {
  return (req, _res, next) => {
    const frame = frameOf(parts, req);
    const user = frame.kind === 'preview' ? preview.viewerOf(req) : parts.userOf(frame.session);
    if (param(req, 'id') !== frame.plugin || !user)
      throw notFound('route of this frame', req.originalUrl.slice(0, 200));
    setCaller(req, { user, sessionId: frame.session });
    next();
  };
}
