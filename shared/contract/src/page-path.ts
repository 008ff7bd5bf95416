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

/** Whether the page that answers at this address is one that only admins may open. */
export function isForAdminsOnly(
  href: string,
  pages: readonly { path: string; admin?: boolean | undefined }[],
): boolean {
  const path = href.replace(/[?#].*$/, '');
  const [answering] = pages
    .filter((page) => matchPath(page.path, path) !== null)
    .sort((a, b) => compareSpecificity(a.path, b.path));
  return answering?.admin ?? false;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
