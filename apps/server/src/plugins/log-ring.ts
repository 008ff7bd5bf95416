import type { LogEntry } from './sandbox/types.js';

/** The last lines a plugin wrote, kept while the panel runs. */
export class LogRing {
  private entries: (LogEntry & { seq: number })[] = [];
  private seq = 0;

  constructor(private readonly limit = 1000) {}

  add(entry: LogEntry): void {
    this.seq += 1;
    this.entries.push({ ...entry, seq: this.seq });
    if (this.entries.length > this.limit * 1.2) this.entries = this.entries.slice(-this.limit);
  }

  /** Oldest first; only what came after `seq`, if given. */
  list(after = 0): readonly (LogEntry & { seq: number })[] {
    return this.entries.filter((entry) => entry.seq > after).slice(-this.limit);
  }
}
