import { type PanelCalls } from '../panel-calls.js';
import { PlainRequest, PlainResponse, type RequestOptions } from './body.js';
import { AbortError, PlainAbortSignal } from './events.js';

interface FetchAnswer {
  status: number;
  statusText: string;
  headers: [string, string][];
  url: string;
  redirected: boolean;
}

/** `fetch` that asks the panel; the panel decides whether, where to and how much. */
export function createFetch(calls: PanelCalls): (input: unknown, options?: RequestOptions) => Promise<PlainResponse> {
  return async (input, options = {}) => {
    const request = new PlainRequest(input, options);
    const signal = request.signal instanceof PlainAbortSignal ? request.signal : null;
    signal?.throwIfAborted();
    const { url, method, redirect } = request;
    const body = await request.bytes();
    const answer = calls
      .call('fetch', { url, method, redirect, headers: [...request.headers] }, body)
      .then(({ value, attachment }) => {
        const { headers, ...rest } = value as FetchAnswer;
        return new PlainResponse(attachment, { ...rest, headers });
      });
    return signal ? Promise.race([answer, aborted(signal)]) : answer;
  };
}

function aborted(signal: PlainAbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason ?? new AbortError()), { once: true });
  });
}
