import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { MetricsTokenStatus } from '@sodium/contract';
import type { ConfigFile } from '../../storage/index.js';

/** What is shorter could be guessed, and opens nothing. */
export const SHORTEST_TOKEN = 16;
const TOKEN_BYTES = 32;
const NONE = { token: undefined, tokenHash: undefined, tokenAt: undefined };

/** The bearer token for `/metrics`: made here and kept as a hash, or written into `config.json` by the operator. */
export class MetricsToken {
  constructor(private readonly config: ConfigFile) {}

  get status(): MetricsTokenStatus {
    const { token, tokenHash, tokenAt } = this.config.get().metrics ?? {};
    if (tokenHash !== undefined) return { kind: 'made', at: tokenAt ?? null };
    return { kind: token === undefined ? 'none' : 'typed' };
  }

  holds(given: string): boolean {
    const { token, tokenHash } = this.config.get().metrics ?? {};
    const isTyped = token !== undefined && token.length >= SHORTEST_TOKEN && same(digest(given), digest(token));
    return isTyped || (tokenHash !== undefined && same(digest(given), Buffer.from(tokenHash, 'hex')));
  }

  /** Makes a new one in place of any there was. It is never told again. */
  async make(): Promise<string> {
    const token = `sodium_metrics_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
    const made = { tokenHash: digest(token).toString('hex'), tokenAt: new Date().toISOString() };
    await this.config.update((draft) => {
      draft.metrics = { ...draft.metrics, ...NONE, ...made };
    });
    return token;
  }

  async revoke(): Promise<void> {
    await this.config.update((draft) => {
      draft.metrics = { ...draft.metrics, ...NONE };
    });
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
