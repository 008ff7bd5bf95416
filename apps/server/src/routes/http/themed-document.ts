import type { Request } from 'express';
import { BUILT_IN_THEME, type ColorMode, type ThemeOption } from '@sodium/contract';
import { shownTheme } from '../../panel/users/preference-service.js';
import type { PreferenceParts } from '../preferences.js';
import { callerOf } from './caller.js';

/** What a document is to be drawn in. Without a session the browser's own memory decides on the mode. */
export interface DocumentLook {
  theme: ThemeOption | null;
  mode: ColorMode | null;
}

export function lookOf(req: Request, { preferences, themes, defaultTheme }: PreferenceParts): DocumentLook {
  const caller = callerOf(req);
  const chosen = caller ? preferences.get(caller.user.id) : null;
  // Safe mode shows nothing that plugins bring.
  if (req.query.safe === '1') return { theme: null, mode: chosen?.mode ?? null };
  const id = shownTheme(chosen?.theme ?? null, defaultTheme(), (name) => themes.get(name) !== null);
  return { theme: id === BUILT_IN_THEME ? null : themes.get(id), mode: chosen?.mode ?? null };
}

/** Writes the look into the document, so that its first paint is the right one without any script of the document's own. */
export function withLook(html: string, { theme, mode }: DocumentLook): string {
  const attributes = [
    ...(mode ? [`data-mode="${mode}"`] : []),
    ...(theme ? [`data-skin="${escape(theme.id)}"`, `data-modes="${theme.modes.join(' ')}"`] : []),
  ];
  const link = theme ? `<link id="sodium-theme" rel="stylesheet" href="${escape(theme.stylesheet)}">` : '';
  return html.replace(/<html\b/, () => ['<html', ...attributes].join(' ')).replace('</head>', () => `${link}</head>`);
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
