import { validateDetailed } from 'node-cron';
import { HttpError } from '../../http-error.js';

/** Throws 400 with a message that says which field is wrong and what is expected. */
export function checkCron(expression: string, fields: readonly number[] = [5]): void {
  const words = expression.trim().split(/\s+/);
  if (!fields.includes(words.length))
    throw invalid(
      `The cron expression "${expression}" has ${words.length} fields, expected 5: minute, hour, day of month, month, day of week.`,
    );
  const { valid, errors } = validateDetailed(expression);
  if (valid) return;
  const why = errors.map((error) => `${error.field}: ${error.message}`).join('; ');
  throw invalid(`The cron expression "${expression}" cannot be read. ${why || 'An example that works: "0 4 * * *".'}`);
}

export function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw invalid(`There is no time zone "${timezone}". Expected a name such as "UTC" or "Europe/Berlin".`);
  }
}

const invalid = (message: string): HttpError => new HttpError(400, 'INVALID_SCHEDULE', message);
