import type { RegistryEntry } from '@sodium/contract';
import { ApiError } from '../api/api-error.js';
import type { ShellHost } from '../slots/types.js';

const REPORTS_PER_MINUTE = 5;
const MINUTE_MS = 60_000;

/** Tells the panel of plugins' failures, so that the admin finds them in the plugin's log. The same one is told once. */
export class ErrorReporter {
  readonly #told = new Set<string>();
  readonly #recent = new Map<string, number[]>();

  constructor(readonly host: Pick<ShellHost, 'request'>) {}

  report({ id, name, version, hash }: RegistryEntry, error: unknown, where: string): void {
    // No plugin's fault, and the banner says it already.
    if (error instanceof ApiError && error.code === 'UNREACHABLE') return;
    const message = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1000);
    const stack = error instanceof Error ? (error.stack ?? '').slice(0, 4000) : '';

    console.error(`Plugin ${name} ${version} failed (${where}):`, error);
    const fingerprint = `${id} ${hash} ${where} ${message}`;
    if (this.#told.has(fingerprint) || !this.#allow(id)) return;
    this.#told.add(fingerprint);
    // Nobody waits for the report; a panel that cannot be reached loses it.
    this.host
      .request('POST', '/api/client-errors', { plugin: id, version, message, stack, where })
      .catch(() => undefined);
  }

  #allow(id: string): boolean {
    const now = Date.now();
    const recent = (this.#recent.get(id) ?? []).filter((at) => at > now - MINUTE_MS);
    this.#recent.set(id, recent);
    return recent.length < REPORTS_PER_MINUTE && recent.push(now) > 0;
  }
}
