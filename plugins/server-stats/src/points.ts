/** One moment of one server, or of several added up. `at` is in milliseconds since 1970. */
export interface Point {
  at: number;
  /** Percent of one core. */
  cpu: number;
  memoryBytes: number;
  /** Of an average over more than a minute: how many minutes from `at` on. */
  minutes?: number;
}

/** A server as the plugin's routes describe it. */
export interface ServerStats {
  id: string;
  name: string;
  state: string;
  points: Point[];
  alerts: Alert[];
}

/** A threshold that a server is over. */
export interface Alert {
  metric: 'cpu' | 'memoryBytes';
  since: number;
  value: number;
  threshold: number;
}

export const MINUTE_MS = 60_000;

/** A point for each minute, also of those that stand for several. */
export function everyMinute(points: readonly Point[]): Point[] {
  return points.flatMap(({ minutes = 1, ...point }) =>
    Array.from({ length: minutes }, (_, i) => ({ ...point, at: point.at + i * MINUTE_MS })),
  );
}
