import { json, Router } from 'express';
import { BUILT_IN_THEME, preferencesPatchSchema, type Preferences } from '@sodium/contract';
import { HttpError } from '../http-error.js';
import { shownTheme, type PreferenceService } from '../panel/users/preference-service.js';
import type { ActiveThemes } from '../plugins/theme/active-themes.js';
import { bodyOf } from './http/body.js';
import { requireCaller } from './http/caller.js';

export interface PreferenceParts {
  preferences: PreferenceService;
  themes: ActiveThemes;
  defaultTheme(): string;
}

/** `/api/account/preferences`: the colours that a user sees the panel in. */
export function preferencesRouter(parts: PreferenceParts): Router {
  const router = Router();
  router.get('/', (req, res) => void res.json(preferencesOf(parts, requireCaller(req).user.id)));
  router.put('/', json({ limit: '16kb' }), async (req, res) => {
    const { user } = requireCaller(req);
    const patch = bodyOf(req, preferencesPatchSchema);
    if (patch.theme) requireTheme(parts.themes, patch.theme);
    await parts.preferences.update(user.id, patch);
    res.json(preferencesOf(parts, user.id));
  });
  return router;
}

/** 400 unless the theme could be shown now. */
export function requireTheme(themes: ActiveThemes, id: string): void {
  if (id === BUILT_IN_THEME || themes.get(id)) return;
  const known = [BUILT_IN_THEME, ...themes.list().map((theme) => theme.id)].map((name) => `"${name}"`).join(', ');
  throw new HttpError(400, 'UNKNOWN_THEME', `There is no active theme "${id}". The themes are ${known}.`);
}

function preferencesOf({ preferences, themes, defaultTheme }: PreferenceParts, user: string): Preferences {
  const chosen = preferences.get(user);
  const list = themes.list();
  const shown = shownTheme(chosen.theme, defaultTheme(), (id) => list.some((theme) => theme.id === id));
  return { ...chosen, defaultTheme: defaultTheme(), shown, themes: list };
}
