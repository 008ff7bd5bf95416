import type { RegistryEntry, User } from '@sodium/contract';
import type { ColorMode } from '@sodium/contract';

/** What the panel writes into the document of a preview. */
export interface PreviewStart {
  kind: 'preview';
  /** Everything that the frame may reach lies below this address. */
  prefix: string;
  user: User;
  plugin: RegistryEntry;
  /** Answers to what the shell asks first, by path: they save the round trips. */
  answers: Record<string, unknown>;
}

/** How the page wants the frame to look, and where it was before it was loaded anew. */
export interface PreviewLook {
  theme: string | null;
  mode: ColorMode;
}

export function readPreviewStart(): PreviewStart {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="sodium-frame"]');
  return JSON.parse(meta?.content ?? '') as PreviewStart;
}

/** The frame's address says how it begins; from then on the page sends messages. */
export function readWishes(search: string): PreviewLook & { path: string } {
  const query = new URLSearchParams(search);
  const mode = query.get('mode');
  const path = query.get('path') ?? '/';
  return {
    theme: query.get('theme'),
    mode: mode === 'light' || mode === 'dark' ? mode : 'system',
    path: /^\/(?![/\\])/.test(path) ? path : '/',
  };
}
