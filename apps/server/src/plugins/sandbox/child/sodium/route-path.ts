import { match } from 'path-to-regexp';

export type PathMatch = { params: Record<string, string>; length: number } | null;

/** Matches a path of Express: `/users/:id`, `/files/*rest`, also `*` and `/:id?` as older code writes them. */
export function compilePath(path: string, options: { prefix: boolean }): (path: string) => PathMatch {
  if (path === '/' && options.prefix) return () => ({ params: {}, length: 0 });
  const matches = match(modernize(path), {
    end: !options.prefix,
    trailing: true,
    sensitive: false,
    decode: decodeParameter,
  });
  return (actual) => {
    const found = matches(actual);
    return found ? { params: flatten(found.params), length: found.path.replace(/\/$/, '').length } : null;
  };
}

const modernize = (path: string): string =>
  path.replace(/\/:([A-Za-z_$][\w$]*)\?/g, '{/:$1}').replace(/\*(?![A-Za-z_$"])/g, '*splat');

function flatten(params: Partial<Record<string, string | string[]>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, value] of Object.entries(params))
    if (value !== undefined) flat[key] = Array.isArray(value) ? value.join('/') : value;
  return flat;
}

function decodeParameter(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
