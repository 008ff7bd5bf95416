import type { Page } from './page.js';

/** Every link inside the guide leads to a page, and every fragment to one of its headings. Returns what does not. */
export function brokenLinks(pages: readonly Page[]): string[] {
  const anchors = new Map(pages.map(({ slug, headings }) => [slug, new Set(headings.map(({ id }) => id))]));
  return pages.flatMap(({ slug, links }) =>
    links.flatMap((link) => {
      const [target = '', fragment] = link.split('#');
      const ids = anchors.get(target);
      if (!ids) return [`${slug || 'index'}: there is no page "${target}".`];
      if (fragment && !ids.has(fragment))
        return [`${slug || 'index'}: "${target || 'index'}" has no heading "#${fragment}".`];
      return [];
    }),
  );
}
