import type { Config, Db, Logger } from '@sodium/sdk';
import { faultOfHours, quietEnd, type QuietHours } from './quiet-hours.js';

/** What the parts of the backend share. */
export interface Context {
  readonly db: Db;
  readonly config: Config;
  readonly logger: Logger;
  now(): number;
}

type QuietMode = 'off' | 'hold' | 'drop';

const hoursOf = ({ config }: Pick<Context, 'config'>): QuietHours => ({
  from: config.get<string>('quiet_from') || '22:00',
  to: config.get<string>('quiet_to') || '07:00',
  timezone: config.get<string>('quiet_timezone') || 'UTC',
});

export const quietModeOf = ({ config }: Pick<Context, 'config'>): QuietMode =>
  config.get<QuietMode>('quiet_mode') || 'off';

/** What keeps the quiet hours from being kept, or null. */
export function quietFault(context: Pick<Context, 'config'>): string | null {
  return quietModeOf(context) === 'off' ? null : faultOfHours(hoursOf(context));
}

/** When the present quiet hours end, or null. Hours that make no sense are none: an alert too many does less harm than one too few. */
export function quietUntil(context: Pick<Context, 'config' | 'now'>): number | null {
  if (quietModeOf(context) === 'off' || quietFault(context) !== null) return null;
  return quietEnd(hoursOf(context), context.now());
}

/** What a route answers when a request cannot be met. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
