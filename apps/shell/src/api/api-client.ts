import { ApiError } from './api-error.js';

export interface ApiOptions {
  /** Proves to the panel that the caller is the admin document. Plugins run elsewhere and never hold it. */
  adminToken?: string;
  /** Called when the session is missing or has ended. */
  onUnauthorized?: () => void;
}

/** Requests to the panel. Answers are JSON; every failure is an `ApiError`. */
export class ApiClient {
  constructor(private readonly options: ApiOptions = {}) {}

  get = <T>(path: string, signal?: AbortSignal): Promise<T> => this.request<T>('GET', path, undefined, signal);
  post = <T>(path: string, body?: unknown): Promise<T> => this.request<T>('POST', path, body);
  put = <T>(path: string, body?: unknown): Promise<T> => this.request<T>('PUT', path, body);
  patch = <T>(path: string, body?: unknown): Promise<T> => this.request<T>('PATCH', path, body);
  delete = <T>(path: string, body?: unknown): Promise<T> => this.request<T>('DELETE', path, body);

  async request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.#send(method, path, body, signal);
    const answer = await readBody(response);
    if (response.ok) return answer as T;
    const error = ApiError.fromBody(response.status, answer);
    if (error.status === 401 && !path.startsWith('/api/auth/')) this.options.onUnauthorized?.();
    throw error;
  }

  async #send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.options.adminToken) headers['x-sodium-admin'] = this.options.adminToken;
    try {
      return await fetch(path, {
        method,
        headers,
        credentials: 'same-origin',
        // What is given up while the page is being left must still arrive.
        keepalive: method === 'DELETE',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      if ((cause as Error).name === 'AbortError') throw cause;
      const message = 'The panel cannot be reached. Check the connection, then try again.';
      throw new ApiError(0, 'UNREACHABLE', message, undefined, undefined, { cause });
    }
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  if (!response.headers.get('content-type')?.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
