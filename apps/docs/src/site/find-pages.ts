import type MiniSearch from 'minisearch';
import type { SearchEntry } from './search-options.js';

/** A place of the guide that was found. */
export type FoundPlace = Pick<SearchEntry, 'id' | 'page' | 'heading'>;

/** Best first: the places with all the words, or, when there are none, those with any of them. */
export function findPages(index: MiniSearch<SearchEntry>, query: string): FoundPlace[] {
  const all = index.search(query);
  return (all.length > 0 ? all : index.search(query, { combineWith: 'OR' })) as unknown as FoundPlace[];
}
