import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HttpError } from '../../http-error.js';

const WINDOW_S = 15 * 60;

/** Slows guessing. An attempt is counted before the password is checked, so that a hundred at once are counted too. */
export class LoginLimiter {
  readonly #perName = new RateLimiterMemory({ points: 10, duration: WINDOW_S });
  readonly #perAddress = new RateLimiterMemory({ points: 100, duration: WINDOW_S });
  readonly #registrations = new RateLimiterMemory({ points: 100, duration: WINDOW_S });

  /** Runs a check of a password. Only a wrong one counts; a right one clears the name's count. */
  async attempt<T>(name: string, ip: string, check: () => Promise<T | null>): Promise<T | null> {
    const key = `${name.trim().toLowerCase().slice(0, 254)}|${ip}`;
    await consume(this.#perName, key);
    await consume(this.#perAddress, ip);
    const result = await check();
    if (result === null) return null;
    await this.#perName.delete(key);
    await this.#perAddress.reward(ip);
    return result;
  }

  async registration(ip: string): Promise<void> {
    await consume(this.#registrations, ip);
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const minutes = Math.ceil(retryAfter / 60);
    throw new HttpError(
      429,
      'TOO_MANY_ATTEMPTS',
      `Too many attempts. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
      {
        details: { retryAfter },
      },
    );
  }
}
