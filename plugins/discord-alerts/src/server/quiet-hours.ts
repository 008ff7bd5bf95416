const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** A day is up to 25 hours long. */
const MOST_MINUTES = 26 * 60;

export interface QuietHours {
  /** `HH:MM` by the clocks of the zone. */
  from: string;
  to: string;
  timezone: string;
}

export const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws for a zone that does not exist. */
export function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, made);
  return made;
}

export function isQuiet({ from, to, timezone }: QuietHours, at: number): boolean {
  const now = minutesOf(formatOf(timezone).format(at));
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return start <= end ? now >= start && now < end : now >= start || now < end;
}

/**
 * When the quiet hours around a moment end, or null outside of them. Minutes are walked one by one, because clocks jump:
 * an end at 02:30 may not exist on a day, or exist twice.
 */
export function quietEnd(hours: QuietHours, at: number): number | null {
  if (!isQuiet(hours, at)) return null;
  const minute = Math.floor(at / MINUTE_MS);
  for (let ahead = 1; ahead <= MOST_MINUTES; ahead += 1)
    if (!isQuiet(hours, (minute + ahead) * MINUTE_MS)) return (minute + ahead) * MINUTE_MS;
  return (minute + DAY_MINUTES) * MINUTE_MS;
}

/** What is wrong with the hours, or null. */
export function faultOfHours({ from, to, timezone }: QuietHours): string | null {
  if (from === to) return 'The quiet hours begin and end at the same time, so there are none.';
  try {
    formatOf(timezone);
    return null;
  } catch {
    return `There is no time zone "${timezone}", so there are no quiet hours. Write it as in Europe/Berlin.`;
  }
}
