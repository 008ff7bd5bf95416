import type { AuditEntry } from '@sodium/contract';

export interface AuditFilter {
  actor?: string;
  /** With a dot at its end: all that begin so. */
  action?: string;
  target?: string;
  /** Anywhere in the entry. */
  q?: string;
  /** ISO dates. */
  since?: string;
  until?: string;
}

/** Cases do not count, and a part of a name is enough; an action is named in full. */
export function auditMatcher(filter: AuditFilter): (entry: AuditEntry) => boolean {
  const { actor, action, target, q } = filter;
  const since = filter.since === undefined ? -Infinity : Date.parse(filter.since);
  const until = filter.until === undefined ? Infinity : Date.parse(filter.until);
  return (entry) => {
    const at = Date.parse(entry.at);
    if (at < since || at > until) return false;
    if (action !== undefined && !(action.endsWith('.') ? entry.action.startsWith(action) : entry.action === action))
      return false;
    return (
      has(entry.actor.username, actor) &&
      has(entry.target ?? '', target) &&
      has([entry.actor.username, entry.action, entry.target ?? '', JSON.stringify(entry.details ?? '')].join('\n'), q)
    );
  };
}

const has = (text: string, part: string | undefined): boolean =>
  part === undefined || text.toLowerCase().includes(part.toLowerCase());
