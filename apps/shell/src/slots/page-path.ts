// Imported by its own name: the schemas beside it would weigh more than the shell itself.
import { PANEL_PATHS } from '@sodium/contract/panel-names';

/** Why a plugin cannot have this path, or null. */
export function pathObjection(pattern: string): string | null {
  if (!pattern.startsWith('/')) return `must start with "/", for example "/${pattern}"`;
  const first = pattern.split('/').find((segment) => segment !== '');
  if (first === undefined) return 'is taken by the panel';
  if (first.startsWith(':')) return 'must begin with a fixed name, or it would match the pages of others';
  return PANEL_PATHS.has(first) ? 'is taken by the panel' : null;
}
