import type { PluginRow, PluginState } from '@sodium/contract';

export const SORTS = ['name', 'state', 'type', 'permissions'] as const;
export type Sort = (typeof SORTS)[number];

/** What of the list is shown, and in what order. The address holds it. */
export interface PluginFilter {
  text: string;
  /** A state, `attention` for what wants somebody to look, or all. */
  state: PluginState | 'attention' | '';
  type: string;
  sort: Sort;
}

/** Most urgent first. */
const STATES: readonly PluginState[] = ['invalid', 'failed', 'quarantined', 'activating', 'active', 'inactive'];
const TROUBLED: ReadonlySet<PluginState> = new Set(['invalid', 'failed', 'quarantined']);

export function filterFrom(query: URLSearchParams): PluginFilter {
  const state = query.get('state') ?? '';
  const sort = query.get('sort');
  return {
    text: query.get('q') ?? '',
    state: state === 'attention' || STATES.some((known) => known === state) ? (state as PluginFilter['state']) : '',
    type: query.get('type') ?? '',
    sort: SORTS.find((known) => known === sort) ?? 'name',
  };
}

/** The query that names a filter: empty when it hides nothing. */
export function queryOf({ text, state, type, sort }: PluginFilter): string {
  const entries = { q: text.trim(), state, type, sort: sort === 'name' ? '' : sort };
  const query = new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== '')).toString();
  return query === '' ? '' : `?${query}`;
}

export const needsAttention = (plugin: PluginRow): boolean =>
  TROUBLED.has(plugin.state) || plugin.update !== undefined || plugin.warnings.length > 0;

/** The plugins that a filter leaves, in its order. */
export function filtered(plugins: readonly PluginRow[], filter: PluginFilter): PluginRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = plugins.filter((plugin) => {
    const { id, name, description, author = '' } = plugin;
    const said = `${id} ${name} ${description} ${author}`.toLowerCase();
    if (filter.state === 'attention' ? !needsAttention(plugin) : filter.state && plugin.state !== filter.state)
      return false;
    return (filter.type === '' || plugin.type === filter.type) && words.every((word) => said.includes(word));
  });
  return kept.sort((a, b) => compare(a, b, filter.sort) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

function compare(a: PluginRow, b: PluginRow, sort: Sort): number {
  switch (sort) {
    case 'name':
      return 0;
    case 'state':
      return STATES.indexOf(a.state) - STATES.indexOf(b.state);
    case 'type':
      return (a.type ?? '').localeCompare(b.type ?? '');
    case 'permissions':
      return b.permissions.declared.length - a.permissions.declared.length;
  }
}
