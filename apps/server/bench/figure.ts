/** One row of the table. */
export interface Figure {
  group: string;
  what: string;
  value: number;
  unit: string;
  /** Null: told for the reader, not judged. */
  target: { at: 'most' | 'least'; value: number } | null;
  met: boolean | null;
  /** What was measured for it, baselines too. */
  from?: Record<string, number>;
}

/** One group of rows, measured together. */
export interface Bench {
  name: string;
  run(): Promise<Figure[]>;
}

type Details = Pick<Figure, 'from'>;

/** Builds the rows of one group. */
export function figures(group: string) {
  const row = (what: string, value: number, unit: string, target: Figure['target'], { from }: Details): Figure => {
    const rounded = round(value);
    const met = target && (target.at === 'most' ? rounded <= target.value : rounded >= target.value);
    return { group, what, value: rounded, unit, target, met, ...(from && { from: roundAll(from) }) };
  };
  return {
    atMost: (what: string, value: number, unit: string, limit: number, details: Details = {}) =>
      row(what, value, unit, { at: 'most', value: limit }, details),
    atLeast: (what: string, value: number, unit: string, limit: number, details: Details = {}) =>
      row(what, value, unit, { at: 'least', value: limit }, details),
    told: (what: string, value: number, unit: string, details: Details = {}) => row(what, value, unit, null, details),
  };
}

const round = (value: number): number => Number(value.toPrecision(value >= 1000 ? 4 : 3));
const roundAll = (from: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, round(value)]));
