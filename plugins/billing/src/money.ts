/**
 * Money is a whole number of the currency's smallest unit (cents, or yen) together with the currency's code. Nothing
 * here ever holds a fraction of it.
 */
const NO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));

/** The most that a price, a payment or an adjustment may be. Sums of a million of these are still exact. */
export const MOST_MINOR = 1_000_000_000;

export function decimalsOf(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** For people: `$12.50`. The division is for the eye alone. */
export function formatMoney(minor: number, currency: string, locale?: string): string {
  const digits = decimalsOf(currency);
  const options = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(locale, options).format(minor / 10 ** digits);
}

/** Reads what a person types, `12.5` or `12,50`, without going through fractions. Null when it is no such amount. */
export function parseMoney(text: string, currency: string): number | null {
  const found = /^\s*(\d{1,10})(?:[.,](\d*))?\s*$/.exec(text);
  const digits = decimalsOf(currency);
  const fraction = found?.[2] ?? '';
  if (!found || fraction.length > digits) return null;
  const minor = Number(found[1] + fraction.padEnd(digits, '0'));
  return minor <= MOST_MINOR ? minor : null;
}

/** The plain number that `parseMoney` reads: `12.50`. */
export function toInput(minor: number, currency: string): string {
  const digits = decimalsOf(currency);
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `amount * part / whole`, rounded half up, exact for any size. */
export function share(amount: number, part: number, whole: number): number {
  const [a, p, w] = [BigInt(amount), BigInt(Math.max(0, part)), BigInt(whole)];
  return Number((2n * a * p + w) / (2n * w));
}
