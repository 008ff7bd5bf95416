/** What changed, from the details of an audit entry: what was before and after, and what else is told. */
export interface AuditChanges {
  changed: { name: string; before: string | null; after: string | null }[];
  others: { name: string; value: string }[];
}

type Values = Record<string, unknown>;
const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function auditChanges(details: unknown): AuditChanges {
  if (details === undefined || details === null) return { changed: [], others: [] };
  if (!isValues(details)) return { changed: [], others: [{ name: '', value: inWords(details) }] };
  const { before, after, ...rest } = details;
  const others = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ({ name, value: inWords(value) }));
  if (before === undefined && after === undefined) return { changed: [], others };
  return { changed: compare(before, after), others };
}

function compare(before: unknown, after: unknown): AuditChanges['changed'] {
  if (!isValues(before) && !isValues(after)) return [{ name: '', before: shown(before), after: shown(after) }];
  const [old, now] = [isValues(before) ? before : {}, isValues(after) ? after : {}];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .map((name) => ({ name, before: shown(old[name]), after: shown(now[name]) }));
}

/** An empty list is nothing. */
function shown(value: unknown): string | null {
  const isNothing = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  return isNothing ? null : inWords(value);
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || '–';
  return JSON.stringify(value);
}
