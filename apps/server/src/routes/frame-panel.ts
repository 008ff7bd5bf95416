import { json, Router, type Request } from 'express';
import { z } from 'zod';
import {
  adminTabEntriesSchema,
  BUILT_IN_THEME,
  sidebarEntriesSchema,
  type Preferences,
  type Resources,
  type Server,
  type Template,
  type ThemeOption,
  type User,
} from '@sodium/contract';
import type { AdminTabEntry, SidebarEntry } from '@sodium/sdk';
import { HttpError, notFound } from '../http-error.js';
import { bodyOf, param } from './http/body.js';
import { frameRateLimit } from './http/rate-limits.js';

const REQUESTS_A_MINUTE = 600;
const REPORTS_A_MINUTE = 30;

/** What the shell of a preview may read of the panel, as its viewer would see it. */
export interface PreviewedPanel {
  readonly viewer: User;
  servers(): Server[];
  resources(id: string): Promise<Resources>;
}

export interface FramePanelParts {
  panelOf(req: Request): PreviewedPanel;
  registryOf(req: Request): unknown;
  /** What the tried plugin's backend leaves of the items, and adds to them. */
  sidebarOf(req: Request, items: SidebarEntry[]): Promise<SidebarEntry[]>;
  adminTabsOf(req: Request, items: AdminTabEntry[]): Promise<AdminTabEntry[]>;
  themesOf(req: Request): ThemeOption[];
  templatesOf(req: Request): Template[];
  /** What failed in the plugin's code in the frame. */
  report(req: Request): void;
}

/**
 * `/preview/<token>/api`: the panel as a preview shows it. It can be read, under other names, and nothing else. What is
 * not listed here does not exist in a preview.
 */
export function framePanelRouter(parts: FramePanelParts): Router {
  const router = Router({ mergeParams: true });
  router.use(frameRateLimit(REQUESTS_A_MINUTE));
  for (const [path, answer] of Object.entries(reads(parts))) {
    router.get(path, async (req, res) => void res.json(await answer(req)));
  }
  // Questions, although they are posted.
  router.post('/registry/sidebar', json({ limit: '256kb' }), async (req, res) => {
    const { items } = bodyOf(req, sidebarBody);
    res.json({ items: await parts.sidebarOf(req, items) });
  });
  router.post('/registry/admin-tabs', json({ limit: '256kb' }), async (req, res) => {
    const { items } = bodyOf(req, adminTabsBody);
    res.json({ items: await parts.adminTabsOf(req, items) });
  });
  router.post('/client-errors', frameRateLimit(REPORTS_A_MINUTE), json({ limit: '16kb' }), (req, res) => {
    parts.report(req);
    res.status(204).end();
  });
  router.use((req) => {
    if (req.method === 'GET' || req.method === 'HEAD') throw notFound('page in a preview', req.path.slice(0, 200));
    throw new HttpError(403, 'PREVIEW_READ_ONLY', 'Nothing is changed in a preview.');
  });
  return router;
}

const sidebarBody = z.object({ items: sidebarEntriesSchema });
const adminTabsBody = z.object({ items: adminTabEntriesSchema });

type Read = (req: Request) => unknown;

function reads({ panelOf, registryOf, themesOf, templatesOf }: FramePanelParts): Record<string, Read> {
  const list =
    (read: (req: Request) => unknown[]): Read =>
    (req) => ({ items: read(req) });
  return {
    '/auth/me': (req) => panelOf(req).viewer,
    '/registry': registryOf,
    '/account/preferences': (req) => preferencesOf(themesOf(req)),
    '/account/dashboard': list(() => []),
    '/account/sessions': list(() => []),
    '/templates': list(templatesOf),
    '/servers': list((req) => panelOf(req).servers()),
    '/servers/:id': (req) => serverOf(panelOf(req), param(req, 'id')),
    '/servers/:id/resources': (req) => panelOf(req).resources(serverOf(panelOf(req), param(req, 'id')).id),
    // Their commands may hold what is nobody's business.
    '/servers/:id/schedules': list(() => []),
    '/live': (req) => liveOf(panelOf(req)),
  };
}

function serverOf(panel: PreviewedPanel, id: string): Server {
  const server = panel.servers().find((each) => each.id === id);
  if (!server) throw notFound('server', id);
  return server;
}

/** What the shell's socket would have told. */
async function liveOf(panel: PreviewedPanel): Promise<unknown> {
  const servers = panel.servers();
  const running = servers.filter(({ state }) => state !== 'offline').slice(0, 50);
  const usage = await Promise.all(
    running.map(async ({ id }) => [id, { at: Date.now(), ...(await panel.resources(id)).current }] as const),
  );
  return { servers, usage: Object.fromEntries(usage) };
}

export function preferencesOf(themes: ThemeOption[]): Preferences {
  return { theme: null, mode: 'system', defaultTheme: BUILT_IN_THEME, shown: BUILT_IN_THEME, themes };
}

/** What the page in the frame asks for first. It comes with the document, which saves the round trips. */
export function firstAnswers(parts: FramePanelParts, req: Request): Record<string, unknown> {
  return {
    '/api/registry': parts.registryOf(req),
    '/api/account/preferences': preferencesOf(parts.themesOf(req)),
    '/api/account/dashboard': { items: [] },
    '/api/servers': { items: parts.panelOf(req).servers() },
  };
}
