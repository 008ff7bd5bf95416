import type { PluginLogLine } from '@sodium/contract';
import type { LogEntry, LogLevel } from './sandbox/types.js';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export interface LogFilter {
  /** Lines of this level, and worse ones. */
  level?: LogLevel;
  /** Anywhere in the text, whatever the case. */
  q?: string;
  /** Only lines with a larger number. */
  after?: number;
  /** Only lines with a smaller number. */
  before?: number;
}

/** The last lines a plugin wrote, kept while the panel runs. */
export class LogRing {
  private entries: PluginLogLine[] = [];
  private seq = 0;
  private readonly followers = new Set<() => void>();

  constructor(private readonly limit = 1000) {}

  /** The number of the newest line. */
  get last(): number {
    return this.seq;
  }

  add(entry: LogEntry): void {
    this.seq += 1;
    this.entries.push({ ...entry, seq: this.seq });
    if (this.entries.length > this.limit * 1.2) this.entries = this.entries.slice(-this.limit);
    for (const follower of this.followers) follower();
  }

  /** Oldest first; only what came after `seq`, if given. */
  list(after = 0): readonly PluginLogLine[] {
    return this.entries.filter((entry) => entry.seq > after).slice(-this.limit);
  }

  /** The newest `limit` lines that pass, oldest first, and whether there are older ones that do. */
  search(filter: LogFilter, limit: number): { items: readonly PluginLogLine[]; more: boolean } {
    const found = this.list(filter.after).filter((line) => passes(line, filter));
    return { items: found.slice(-limit), more: found.length > limit };
  }

  /** Calls `onLine` for each new line, which has to be quick, until the returned function is called. */
  follow(onLine: () => void): () => void {
    this.followers.add(onLine);
    return () => this.followers.delete(onLine);
  }
}

function passes(line: PluginLogLine, { level, q, before }: LogFilter): boolean {
  if (before !== undefined && line.seq >= before) return false;
  if (level !== undefined && LEVELS.indexOf(line.level) < LEVELS.indexOf(level)) return false;
  return q === undefined || line.text.toLowerCase().includes(q.toLowerCase());
}
