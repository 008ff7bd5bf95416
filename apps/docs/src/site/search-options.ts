import type { Options } from 'minisearch';

export interface SearchEntry {
  /** The address below `/docs/`. */
  id: string;
  page: string;
  heading: string;
  text: string;
}

/** Words of a question that say nothing about its answer. */
const EMPTY_WORDS = new Set(
  'a an and are can do does for from how i in is it my of on or the to what when where why with'.split(' '),
);

/** What is written for readers comes before what is listed for reference, and that before addresses of the interface. */
const weightOf = (id: string): number =>
  id.startsWith('reference/http-api') ? 0.4 : id.startsWith('reference/') ? 0.8 : 1.3;

/** The same for the index that the build writes and for the browser that reads it. */
export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ['heading', 'page', 'text'],
  storeFields: ['page', 'heading'],
  searchOptions: {
    boost: { heading: 4, page: 2 },
    boostDocument: (id) => weightOf(String(id)),
    processTerm: (term) => (EMPTY_WORDS.has(term.toLowerCase()) ? null : term.toLowerCase()),
    prefix: true,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    weights: { prefix: 0.4, fuzzy: 0.15 },
    combineWith: 'AND',
  },
};
