import { json, Router } from 'express';
import { systemPatchSchema, type SystemStatus } from '@sodium/contract';
import type { ActiveThemes } from '../plugins/theme/active-themes.js';
import type { AuditLog, ConfigFile } from '../storage/index.js';
import { bodyOf } from './http/body.js';
import { actorOf } from './http/caller.js';
import { MetricsToken } from './http/metrics-token.js';
import { requireTheme } from './preferences.js';

/** `/api/admin/system`: how the panel is, and its own few switches. */
export function adminSystemRouter(
  status: () => SystemStatus,
  config: ConfigFile,
  audit: AuditLog,
  themes: ActiveThemes,
): Router {
  const router = Router();
  const token = new MetricsToken(config);
  router.get('/', (_req, res) => void res.json(status()));
  router.patch('/', json({ limit: '16kb' }), async (req, res) => {
    const { registration, theme } = bodyOf(req, systemPatchSchema);
    if (theme !== undefined) requireTheme(themes, theme);
    const before = config.get();
    await config.update((draft) => {
      if (registration !== undefined) draft.auth.registration = registration;
      if (theme !== undefined) draft.ui.theme = theme;
    });
    const actor = actorOf(req);
    if (registration !== undefined)
      await audit.append({
        actor,
        action: 'system.registration',
        details: { before: before.auth.registration, after: registration },
      });
    if (theme !== undefined)
      await audit.append({ actor, action: 'system.theme', details: { before: before.ui.theme, after: theme } });
    res.json(status());
  });
  // Answered once: only its hash is kept.
  router.post('/metrics-token', async (req, res) => {
    const before = token.status.kind;
    const made = await token.make();
    await audit.append({ actor: actorOf(req), action: 'system.metrics-token', details: { before, after: 'made' } });
    res.status(201).json({ token: made });
  });
  router.delete('/metrics-token', async (req, res) => {
    const before = token.status.kind;
    await token.revoke();
    if (before !== 'none')
      await audit.append({ actor: actorOf(req), action: 'system.metrics-token', details: { before, after: 'none' } });
    res.json(status());
  });
  return router;
}
