export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface Period {
  /** Milliseconds since 1970, included. */
  start: number;
  /** Not included. */
  end: number;
}

/** The calendar month, in UTC, that a moment lies in. */
export function monthOf(at: number): Period {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
}

/** The month `count` months away from the one that a moment lies in. */
export function monthBeside(at: number, count: number): Period {
  const date = new Date(at);
  return monthOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1));
}

/** `2026-03` */
export const monthName = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** `2026-03-14` */
export const dayName = (at: number): string => new Date(at).toISOString().slice(0, 10);
