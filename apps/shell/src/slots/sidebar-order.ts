/** What ordering needs to know of a sidebar item. Items of the panel have no `position` and keep their order. */
export interface Positioned {
  readonly id: string;
  readonly plugin?: string | { readonly id: string };
  readonly position?: string;
}

const answersTo = (item: Positioned, name: string): boolean =>
  item.id === name || (typeof item.plugin === 'string' ? item.plugin : item.plugin?.id) === name;

/**
 * The sidebar's order: the panel's items, with plugins' items where their `position` puts them (`first`, `last`,
 * `before:<id>`, `after:<id>`; an id may also be a plugin's). A position whose anchor is absent counts as `last`.
 */
export function arrangeSidebar<T extends Positioned>(core: readonly T[], contributed: readonly T[]): T[] {
  const items = [...core];
  // Items that name another plugin's item wait until that one has its place; a circle of them ends at the bottom.
  let waiting = [...contributed];
  for (;;) {
    const later = waiting.filter((item) => !place(items, item));
    if (later.length === 0) break;
    if (later.length === waiting.length) {
      items.push(...later);
      break;
    }
    waiting = later;
  }
  return items;
}

function place<T extends Positioned>(items: T[], item: T): boolean {
  const [where, anchor] = (item.position ?? 'last').split(/:(.*)/s);
  if (where === 'first') {
    items.splice(items.filter((other) => other.position === 'first').length, 0, item);
    return true;
  }
  if (where !== 'before' && where !== 'after') {
    items.push(item);
    return true;
  }
  const index = items.findIndex((other) => answersTo(other, anchor ?? ''));
  if (index === -1) return false;
  if (where === 'before') items.splice(index, 0, item);
  else items.splice(lastFollower(items, index, item.position) + 1, 0, item);
  return true;
}

/** Several items after the same anchor keep their order. */
function lastFollower(items: readonly Positioned[], anchor: number, position: string | undefined): number {
  let index = anchor;
  while (items[index + 1]?.position === position && items[index + 1] !== undefined) index += 1;
  return index;
}
