export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is nothing to take a percentile of.');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * Measures several things in turn, round after round, so that a busy minute of the machine falls on all of them alike.
 * `ratio` compares two of them within each round.
 */
export async function interleave<Name extends string>(
  rounds: number,
  measure: Record<Name, (round: number) => Promise<number>>,
): Promise<Interleaved<Name>> {
  const names = Object.keys(measure) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    // Every other round runs backwards: neither side always follows the other.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) values[name].push(await measure[name](round));
  }
  return {
    of: (name) => median(values[name]),
    ratio: (above, below) => median(values[above].map((value, round) => value / values[below][round]!)),
  };
}

export interface Interleaved<Name extends string> {
  /** The median over the rounds. */
  of(name: Name): number;
  /** The median of the rounds' ratios. */
  ratio(above: Name, below: Name): number;
}
