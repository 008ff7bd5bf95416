import type { Usage, UsagePoint } from '@sodium/contract';

const FINE_POINTS = 300;
const COARSE_MS = 60_000;
const COARSE_POINTS = 360;

/** What servers used: ten minutes in full, and six hours by the minute. */
export class UsageHistory {
  readonly #fine: UsagePoint[] = [];
  readonly #coarse: UsagePoint[] = [];

  add(usage: Usage): UsagePoint {
    const point = { ...usage, at: Date.now() };
    push(this.#fine, point, FINE_POINTS);
    const last = this.#coarse.at(-1);
    if (!last || point.at - last.at >= COARSE_MS) push(this.#coarse, point, COARSE_POINTS);
    return point;
  }

  get last(): UsagePoint | undefined {
    return this.#fine.at(-1);
  }

  points(): UsagePoint[] {
    const from = this.#fine[0]?.at ?? Infinity;
    return [...this.#coarse.filter((point) => point.at < from), ...this.#fine];
  }
}

function push(points: UsagePoint[], point: UsagePoint, limit: number): void {
  points.push(point);
  if (points.length > limit) points.shift();
}
