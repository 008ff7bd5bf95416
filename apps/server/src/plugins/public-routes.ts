/** Whether a path is among the routes that a manifest opens to everyone (`http.public`): `:name` is one part, `*` the rest. */
export function isPublicRoute(patterns: readonly string[], path: string): boolean {
  const parts = normal(path);
  return parts !== null && patterns.some((pattern) => matches(pattern.split('/').filter(Boolean), parts));
}

/** Null for paths whose meaning could differ between here and the plugin: encoded slashes, dots, broken escapes. */
function normal(path: string): string[] | null {
  try {
    const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
    return parts.some((part) => part === '.' || part === '..' || part.includes('/') || part.includes('\\'))
      ? null
      : parts;
  } catch {
    return null;
  }
}

function matches(pattern: string[], parts: string[]): boolean {
  for (const [index, expected] of pattern.entries()) {
    if (expected === '*') return parts.length > index;
    if (parts[index] === undefined) return false;
    if (!expected.startsWith(':') && expected !== parts[index]) return false;
  }
  return pattern.length === parts.length;
}
