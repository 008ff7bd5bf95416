import { json, Router, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  previewAnswersSchema,
  previewOpenSchema,
  previewPatchSchema,
  previewReplaySchema,
  previewSettingsSchema,
  type PreviewInfo,
  type RegistryEntry,
} from '@sodium/contract';
import { HttpError, notFound } from '../http-error.js';
import type { FrameTokens } from '../plugins/preview/frame-tokens.js';
import type { Preview } from '../plugins/preview/preview.js';
import type { PreviewThemes } from '../plugins/preview/preview-themes.js';
import type { Previews } from '../plugins/preview/previews.js';
import { bodyOf, param, queryOf } from './http/body.js';
import { actorOf, requireCaller } from './http/caller.js';
import { FRAMES } from './http/frame-policy.js';

const MAX_WAIT_S = 25;
/** What changes at once is told at once. */
const GATHER_MS = 100;

const reportQuery = z.object({
  after: z.coerce.number().int().optional(),
  wait: z.coerce.number().min(0).max(MAX_WAIT_S).default(20),
});

/** `/api/admin/plugins/:id/preview`: the preview of a plugin that this session runs. Those of others do not exist here. */
export function adminPreviewRouter(
  previews: Previews,
  frames: FrameTokens,
  themes: Pick<PreviewThemes, 'list'>,
): Router {
  const router = Router();
  const parse = json({ limit: '256kb' });
  const urls = new FrameUrls(frames);
  const mine = (req: Request): Preview => {
    const id = param(req, 'id');
    const preview = previews.find(requireCaller(req).sessionId, id);
    if (!preview) throw notFound('running preview of the plugin', id);
    return preview;
  };
  const answer = (res: Response, preview: Preview): void => {
    const names = themes.list().map(({ id, name }) => ({ id, name }));
    res.json({ ...infoOf(preview, urls.of(preview)), themes: names } satisfies PreviewInfo);
  };

  router.post('/:id/preview', parse, async (req, res) => {
    const { madeUp } = bodyOf(req, previewOpenSchema);
    const session = requireCaller(req).sessionId;
    answer(res, await previews.open({ plugin: param(req, 'id'), session, actor: actorOf(req), madeUp }));
  });
  router.get('/:id/preview', (req, res) => answer(res, mine(req)));
  router.put('/:id/preview', parse, (req, res) => {
    const { viewAs } = bodyOf(req, previewPatchSchema);
    const preview = previews.prolong(mine(req));
    if (viewAs) preview.viewAs(viewAs);
    answer(res, preview);
  });
  router.delete('/:id/preview', async (req, res) => {
    await previews.close(requireCaller(req).sessionId, mine(req).plugin);
    res.status(204).end();
  });
  router.get('/:id/preview/report', async (req, res) => {
    const preview = mine(req);
    const { after, wait } = queryOf(req, reportQuery);
    if (after !== undefined) await newerThan(preview, after, wait * 1000, res);
    if (preview.ended) throw notFound('running preview of the plugin', preview.plugin);
    if (!res.destroyed) res.json(await preview.report());
  });
  router.put('/:id/preview/answers', parse, (req, res) => {
    const preview = mine(req);
    preview.setAnswers(bodyOf(req, previewAnswersSchema));
    answer(res, preview);
  });
  router.put('/:id/preview/settings', parse, async (req, res) => {
    const preview = mine(req);
    await preview.run.applySettings(bodyOf(req, previewSettingsSchema).values, 'admin');
    answer(res, preview);
  });
  router.post('/:id/preview/reload', async (req, res) => {
    const preview = mine(req);
    await preview.reload();
    answer(res, previews.prolong(preview));
  });
  router.post('/:id/preview/events', parse, async (req, res) => {
    await mine(req).run.replay(bodyOf(req, previewReplaySchema).event);
    res.status(204).end();
  });
  router.post('/:id/preview/crons/:name/run', async (req, res) => {
    const { run } = mine(req);
    const name = param(req, 'name');
    if (!run.registrations.crons.some((cron) => cron.name === name))
      throw notFound(`cron task of the plugin "${param(req, 'id')}"`, name);
    const result = await run.crons.run(name);
    if (!result) throw new HttpError(409, 'CRON_RUNNING', `"${name}" is running already.`);
    res.json(result);
  });
  return router;
}

/** One address for each preview: reloading the admin's page, or the plugin, shows the same frame. */
class FrameUrls {
  readonly #tokens = new WeakMap<Preview, string>();

  constructor(private readonly frames: FrameTokens) {}

  of(preview: Preview): string {
    const { openedHash: hash, plugin, session } = preview;
    const known = this.#tokens.get(preview);
    if (known && this.frames.find(known)) return `${FRAMES}/${known}/`;
    const { token } = this.frames.issue({ kind: 'preview', plugin, hash, session });
    this.#tokens.set(preview, token);
    return `${FRAMES}/${token}/`;
  }
}

function infoOf(preview: Preview, url: string): Omit<PreviewInfo, 'themes'> {
  const { hash, viewer, answers, settings, expiresAt, entry } = preview;
  return {
    url,
    expiresAt: new Date(expiresAt).toISOString(),
    hash,
    viewAs: viewer.role,
    answers,
    theme: entry.theme,
    visible: isVisible(entry),
    settings: settings.view(),
  };
}

/** What has a client may add something once that runs. */
const isVisible = ({ client, theme, styles, contributes }: RegistryEntry): boolean =>
  client !== null ||
  theme !== null ||
  styles.length > 0 ||
  Object.values(contributes ?? {}).some((list) => list.length > 0);

/** Waits for a change of the report, for the end of the preview, of the time, or of whoever asked. */
async function newerThan(preview: Preview, revision: number, ms: number, res: Response): Promise<void> {
  if (preview.revision > revision) return;
  await new Promise<void>((resolve) => {
    let timer = setTimeout(() => end(), ms);
    const end = (): void => {
      clearTimeout(timer);
      stop();
      res.off('close', end);
      resolve();
    };
    let gathering = false;
    const stop = preview.onChange(() => {
      if (preview.ended) return end();
      if (gathering) return;
      gathering = true;
      clearTimeout(timer);
      timer = setTimeout(end, GATHER_MS);
    });
    res.on('close', end);
  });
}
