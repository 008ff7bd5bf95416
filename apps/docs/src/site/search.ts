import MiniSearch from 'minisearch';
import { findPages, type FoundPlace } from './find-pages.js';
import { SEARCH_OPTIONS, type SearchEntry } from './search-options.js';

const MOST_SHOWN = 12;

/** Loads the index at the first key, and shows what is found while typing. */
export function attachSearch(box: HTMLElement): void {
  const input = box.querySelector('input')!;
  const list = box.querySelector('ul')!;
  let index: Promise<MiniSearch<SearchEntry>> | null = null;
  let at = -1;

  const show = (found: readonly FoundPlace[], query: string): void => {
    at = -1;
    list.replaceChildren(...(found.length > 0 ? found.map(resultItem) : [nothing(query)]));
    list.hidden = query === '';
    input.setAttribute('aria-expanded', String(!list.hidden));
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (next: number): void => {
    const items = [...list.querySelectorAll<HTMLElement>('[role=option]')];
    if (items.length === 0) return;
    at = (next + items.length) % items.length;
    items.forEach((item, position) => item.setAttribute('aria-selected', String(position === at)));
    items[at]!.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', items[at]!.id);
  };
  const search = async (): Promise<void> => {
    const query = input.value.trim();
    index ??= loadIndex();
    const found = query === '' ? [] : findPages(await index, query).slice(0, MOST_SHOWN);
    if (query === input.value.trim()) show(found, query);
  };

  input.addEventListener('focus', () => void (index ??= loadIndex()));
  input.addEventListener('input', () => void search().catch(() => show([], input.value)));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') choose(at + 1);
    else if (event.key === 'ArrowUp') choose(at - 1);
    else if (event.key === 'Escape') show([], '');
    else if (event.key === 'Enter') list.querySelectorAll<HTMLAnchorElement>('a')[Math.max(at, 0)]?.click();
    else return;
    event.preventDefault();
  });
  box.addEventListener('focusout', (event) => {
    if (!box.contains(event.relatedTarget as Node | null)) show([], '');
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    input.focus();
  });
}

async function loadIndex(): Promise<MiniSearch<SearchEntry>> {
  const answer = await fetch('/docs/_/search.json');
  return MiniSearch.loadJSON<SearchEntry>(await answer.text(), SEARCH_OPTIONS);
}

function resultItem({ id, page, heading }: FoundPlace, position: number): HTMLElement {
  const item = document.createElement('li');
  item.id = `found-${position}`;
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', 'false');
  const link = document.createElement('a');
  link.href = `/docs/${id}`;
  link.tabIndex = -1;
  link.append(heading);
  if (heading !== page) {
    const where = document.createElement('small');
    where.textContent = page;
    link.append(where);
  }
  item.append(link);
  return item;
}

function nothing(query: string): HTMLElement {
  const item = document.createElement('li');
  item.className = 'nothing';
  item.textContent = `Nothing about “${query}”.`;
  return item;
}
