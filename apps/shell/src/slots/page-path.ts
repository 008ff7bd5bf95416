// Imported by its own name: the schemas beside it would weigh more than the shell itself.
import { PANEL_PATHS } from '@sodium/contract/panel-names';

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** Two patterns that match the same addresses have the same shape: names of params do not count. */
export function pathShape(pattern: string): string {
  return (
    '/' +
    segmentsOf(pattern)
      .map((segment) => (segment.startsWith(':') ? ':' : segment))
      .join('/')
  );
}

/** Why a plugin cannot have this path, or null. */
export function pathObjection(pattern: string): string | null {
  if (!pattern.startsWith('/')) return `must start with "/", for example "/${pattern}"`;
  const [first] = segmentsOf(pattern);
  if (first === undefined) return 'is taken by the panel';
  if (first.startsWith(':')) return 'must begin with a fixed name, or it would match the pages of others';
  return PANEL_PATHS.has(first) ? 'is taken by the panel' : null;
}

/** The params when `path` matches `pattern`, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const expected = segmentsOf(pattern);
  const found = segmentsOf(path);
  if (expected.length !== found.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = decode(found[index]!);
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return null;
  }
  return params;
}

/** Fixed segments win over params, from the left: `/todo/new` before `/todo/:id`. */
export function compareSpecificity(a: string, b: string): number {
  const rank = (pattern: string): string =>
    segmentsOf(pattern)
      .map((s) => (s.startsWith(':') ? '1' : '0'))
      .join('');
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
