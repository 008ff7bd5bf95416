// What the benches of the frontend and of the authors' command make their figures of.

/** Gives the function that makes a group's rows. `most` is the target, or null where there is none. */
export function rowsOf(group) {
  return (what, value, unit, most, from) => {
    const target = most === null ? null : { at: 'most', value: most };
    const rounded = round(value);
    return {
      group,
      what,
      value: rounded,
      unit,
      target,
      met: target && rounded <= most,
      from: Object.fromEntries(Object.entries(from).map(([name, each]) => [name, round(each)])),
    };
  };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function print(rows) {
  for (const { what, value, unit, target, met, from } of rows) {
    const verdict = target ? `${met ? 'met' : 'MISSED'} (<= ${target.value})` : '';
    const details = Object.entries(from)
      .map(([name, each]) => `${name} ${each}`)
      .join(', ');
    process.stdout.write(`${what.padEnd(52)} ${`${value} ${unit}`.padStart(10)}  ${verdict.padEnd(18)} ${details}\n`);
  }
}

function round(value) {
  return Number(value.toPrecision(value >= 1000 ? 4 : 3));
}
