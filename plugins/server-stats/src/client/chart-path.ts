import type { Sample } from './series.js';

export interface ChartFrame {
  from: number;
  to: number;
  /** The value at the top edge. */
  top: number;
}

/** A gap longer than this breaks the line: the server was off, or nobody listened. */
const GAP_MS = 150_000;

/** A round number above the highest value, so that lines do not stick to the edge and labels read well. */
export function niceTop(highest: number, least: number): number {
  const goal = Math.max(highest * 1.1, least);
  const magnitude = 10 ** Math.floor(Math.log10(goal));
  return [1, 2, 2.5, 5, 10].map((step) => step * magnitude).find((top) => top >= goal)!;
}

/** As `niceTop`, in powers of two: 512 MiB and not 536.9 million. */
export const niceTopBytes = (highest: number, least: number): number =>
  2 ** Math.ceil(Math.log2(Math.max(highest * 1.05, least)));

/** The line (and the area below it) in a box of 100 by 100, broken at gaps. */
export function chartPaths(samples: readonly Sample[], { from, to, top }: ChartFrame): { line: string; area: string } {
  const x = (at: number): number => round(((at - from) / (to - from)) * 100);
  const y = (value: number): number => round(100 - (Math.min(value, top) / top) * 100);
  const runs = splitAtGaps(samples.filter(({ at }) => at >= from && at <= to));
  // A single sample is drawn as a dot: round caps make one of a line without length.
  const points = (run: Sample[]): Sample[] => (run.length === 1 ? [run[0]!, run[0]!] : run);
  const line = runs
    .map(
      (run) =>
        'M' +
        points(run)
          .map(({ at, value }) => `${x(at)} ${y(value)}`)
          .join('L'),
    )
    .join('');
  const area = runs
    .map(
      (run) =>
        `M${x(run[0]!.at)} 100L${run.map(({ at, value }) => `${x(at)} ${y(value)}`).join('L')}L${x(run.at(-1)!.at)} 100Z`,
    )
    .join('');
  return { line, area };
}

/** The sample nearest to a moment, or null when there is none at all. */
export function nearest(samples: readonly Sample[], at: number): Sample | null {
  return samples.reduce<Sample | null>(
    (best, sample) => (!best || Math.abs(sample.at - at) < Math.abs(best.at - at) ? sample : best),
    null,
  );
}

function splitAtGaps(samples: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = [];
  let last: Sample | undefined;
  for (const sample of samples) {
    if (!last || sample.at - last.at > GAP_MS) runs.push([]);
    runs.at(-1)!.push(sample);
    last = sample;
  }
  return runs;
}

const round = (value: number): number => Math.round(value * 100) / 100;
