/** How many messages one connection may send: a burst, then a steady rate. */
export class MessageBudget {
  #tokens: number;
  #at = Date.now();
  #refused = 0;

  constructor(
    readonly burst: number,
    readonly perSecond: number,
    /** After so many refusals the connection is not worth keeping. */
    readonly patience: number,
  ) {
    this.#tokens = burst;
  }

  take(): 'ok' | 'refused' | 'hopeless' {
    const now = Date.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.perSecond);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 'ok';
    }
    return ++this.#refused > this.patience ? 'hopeless' : 'refused';
  }
}
