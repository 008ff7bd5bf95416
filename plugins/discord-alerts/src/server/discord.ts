import type { WebhookBody } from './message.js';

/** How Discord answered. `pauseMs`: how long nothing may be sent from now on. */
export type Outcome =
  | { kind: 'sent'; messageId: string | null; pauseMs: number }
  | { kind: 'limited'; pauseMs: number; global: boolean }
  | { kind: 'gone'; reason: string }
  | { kind: 'refused'; reason: string; pauseMs: number }
  | { kind: 'failed'; reason: string; pauseMs: number };

const LONGEST_PAUSE_MS = 60 * 60_000;
/** For an answer 429 that does not say how long: those come from in front of Discord's API. */
const UNSAID_PAUSE_MS = 60_000;
const GONE: Record<number, string> = {
  401: 'Discord does not accept the token in the webhook address (401).',
  403: 'Discord does not allow this webhook to write there (403).',
  404: 'Discord knows no such webhook (404): it was deleted, or the address is not complete.',
};

/** Sends a message through a webhook. Never rejects, and never repeats the address: who has it can write to the channel. */
export async function postMessage(address: string, body: WebhookBody): Promise<Outcome> {
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  try {
    const response = await fetch(url.href, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return outcomeOf(response.status, response.headers, await response.text());
  } catch (error) {
    const reason = (error as Error).message.replaceAll(address, '…').replaceAll(url.href, '…');
    return { kind: 'failed', reason, pauseMs: 0 };
  }
}

export function outcomeOf(status: number, headers: Pick<Headers, 'get'>, text: string): Outcome {
  const answer = parsed(text);
  const pauseMs =
    headers.get('x-ratelimit-remaining') === '0' ? (pauseOf(headers.get('x-ratelimit-reset-after')) ?? 0) : 0;
  if (status >= 200 && status < 300) return { kind: 'sent', messageId: idOf(answer.id), pauseMs };
  if (status === 429) {
    const waits = [pauseOf(answer.retry_after), pauseOf(headers.get('retry-after')), pauseMs || null];
    const longest = Math.max(...waits.map((wait) => wait ?? 0));
    const global = answer.global === true || headers.get('x-ratelimit-global') === 'true';
    return { kind: 'limited', pauseMs: longest || UNSAID_PAUSE_MS, global };
  }
  if (GONE[status]) return { kind: 'gone', reason: GONE[status] };
  if (status >= 300 && status < 400)
    return { kind: 'gone', reason: `The webhook address leads to another one (${status}). Enter that one.` };
  const said = typeof answer.message === 'string' ? `: ${answer.message.slice(0, 200)}` : '.';
  const reason = `Discord answered with status ${status}${said}`;
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', reason, pauseMs };
  return { kind: 'failed', reason, pauseMs: Math.max(pauseMs, pauseOf(headers.get('retry-after')) ?? 0) };
}

/** Seconds, with fractions, as Discord writes them. */
function pauseOf(seconds: unknown): number | null {
  const value = typeof seconds === 'string' && seconds !== '' ? Number(seconds) : seconds;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  return Math.min(Math.ceil(value * 1000), LONGEST_PAUSE_MS);
}

const idOf = (id: unknown): string | null => (typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : null);

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
