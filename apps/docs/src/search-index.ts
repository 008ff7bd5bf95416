import MiniSearch from 'minisearch';
import type { Page } from './page.js';
import { SEARCH_OPTIONS, type SearchEntry } from './site/search-options.js';

/** One entry a heading and a member of a type, so that a search leads to the place and not just to the page. */
export function searchIndex(pages: readonly Page[]): string {
  const index = new MiniSearch<SearchEntry>(SEARCH_OPTIONS);
  index.addAll(pages.flatMap(entriesOf));
  return JSON.stringify(index);
}

function entriesOf(page: Page): SearchEntry[] {
  return page.html
    .split(/(?=<h[1-3] id=")|(?=<dt id=")/)
    .map((part) => {
      const [, id = '', heading = page.title] =
        /^<h[1-3] id="([^"]*)">(.*?)<\/h[1-3]>/s.exec(part) ??
        /^<dt id="([^"]*)" data-name="([^"]*)">/.exec(part) ??
        [];
      const first = page.headings[0]?.id === id;
      return {
        id: `${page.slug}${id && !first ? `#${id}` : ''}`,
        page: page.title,
        heading: textOf(heading),
        text: textOf(part),
      };
    })
    .filter((entry, at, all) => all.findIndex(({ id }) => id === entry.id) === at);
}

const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
