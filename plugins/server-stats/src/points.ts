/** One moment of one server, or of several added up. `at` is in milliseconds since 1970. */
export interface Point {
  at: number;
  /** Percent of one core. */
  cpu: number;
  memoryBytes: number;
}

/** A server as the plugin's routes describe it. */
export interface ServerStats {
  id: string;
  name: string;
  state: string;
  points: Point[];
}

export const MINUTE_MS = 60_000;
