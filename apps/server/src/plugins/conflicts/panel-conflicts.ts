import { PANEL_PATHS, PANEL_TABS, type PreviewConflict } from '@sodium/contract';
import type { Claims } from './find-conflicts.js';

/** What a plugin wants to have and the panel has already: the shell will refuse it. */
export function panelConflicts({ contributes, tags }: Pick<Claims, 'contributes' | 'tags'>): PreviewConflict[] {
  return [
    ...(contributes.pages ?? []).flatMap(({ path }) => {
      const why = pageObjection(path);
      return why ? [conflict('page', path, `The page "${path}" ${why}, so it is refused. Give it another path.`)] : [];
    }),
    ...(contributes.tabs ?? [])
      .filter(({ id }) => PANEL_TABS.has(id))
      .map(({ id }) =>
        conflict('tab', id, `The server tab "${id}" is one of the panel's own, so it is refused. Choose another id.`),
      ),
    ...[...tags]
      .filter((tag) => /^(sodium|wa)-/.test(tag))
      .map((tag) =>
        conflict('tag', tag, `The element <${tag}> has a name that is kept for the panel. Use sodium.define().`),
      ),
  ];
}

const conflict = (kind: PreviewConflict['kind'], name: string, message: string): PreviewConflict => ({
  kind,
  name,
  plugin: null,
  severity: 'error',
  message,
});

function pageObjection(path: string): string | null {
  const first = path.split('/').find((segment) => segment !== '');
  if (first?.startsWith(':')) return 'would match the pages of others';
  return first === undefined || PANEL_PATHS.has(first) ? 'is an address of the panel' : null;
}
