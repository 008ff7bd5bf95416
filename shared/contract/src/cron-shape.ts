const NAMES: Record<string, string[]> = {
  month: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekday: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};

interface Field {
  min: number;
  max: number;
  names?: string[];
}

const SECOND: Field = { min: 0, max: 59 };
const FIELDS: Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: NAMES.month! },
  { min: 0, max: 7, names: NAMES.weekday! },
];

/**
 * Whether a text may be a cron expression. It refuses what is certainly none; the panel’s scheduler, which knows the
 * rarer forms too (`L`, `15W`, `5#2`), has the last word.
 */
export function mayBeCron(text: string): boolean {
  const expression = text.trim();
  if (/^@[a-z]+$/i.test(expression)) return true;
  const parts = expression.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) return false;
  const fields = parts.length === 6 ? [SECOND, ...FIELDS] : FIELDS;
  return parts.every((part, index) => part.split(',').every((item) => mayBeItem(item, fields[index]!)));
}

function mayBeItem(item: string, field: Field): boolean {
  // What only the scheduler understands.
  if (/[#?]|^(?:\d*l(?:-\d+)?|\d+w|lw)$/i.test(item)) return true;
  const [range = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !/^\d+$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => isWithin(end, field));
}

function isWithin(end: string, { min, max, names }: Field): boolean {
  if (/^\d+$/.test(end)) return Number(end) >= min && Number(end) <= max;
  return names?.some((name) => end.toLowerCase().startsWith(name)) ?? false;
}
