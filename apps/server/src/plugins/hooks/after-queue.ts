/** Work for one plugin's after-hooks: in order, one at a time, bounded, so that a slow plugin costs nobody else anything. */
export class AfterQueue {
  private waiting: { key: string | null; run: () => Promise<void> }[] = [];
  private busy = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly onDropped: () => void,
  ) {}

  /** `key` coalesces: a newer entry takes the place of one that still waits. */
  add(key: string | null, run: () => Promise<void>): void {
    const older = key === null ? undefined : this.waiting.find((entry) => entry.key === key);
    if (older) older.run = run;
    else this.waiting.push({ key, run });
    if (this.waiting.length > this.limit) {
      this.waiting.shift();
      this.onDropped();
    }
    if (!this.busy) void this.drain();
  }

  clear(): void {
    this.waiting = [];
  }

  /** Resolves once nothing waits and nothing runs. */
  settled(): Promise<void> {
    return this.busy ? new Promise((resolve) => this.idle.push(resolve)) : Promise.resolve();
  }

  private async drain(): Promise<void> {
    this.busy = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await next.run().catch(() => undefined);
    this.busy = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
