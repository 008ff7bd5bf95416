import type { Options } from 'minisearch';

export interface SearchEntry {
  /** The address below `/docs/`. */
  id: string;
  page: string;
  heading: string;
  text: string;
}

/** The same for the index that the build writes and for the browser that reads it. */
export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ['heading', 'page', 'text'],
  storeFields: ['page', 'heading'],
  searchOptions: { boost: { heading: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
};
