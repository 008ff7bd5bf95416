import { msg } from '@lit/localize';
import { ApiError, BLAMED } from './api-error.js';

export interface ApiOptions {
  /** Proves to the panel that the caller is the admin document. Plugins run elsewhere and never hold it. */
  adminToken?: string;
  /** Where the panel's addresses begin: nothing, except in a frame. */
  prefix?: string;
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
    const error = ApiError.fromBody(response.status, answer, response.headers.get(BLAMED));
    if (error.status === 401 && !path.startsWith('/api/auth/')) this.options.onUnauthorized?.();
    throw error;
  }

  /** A file that the panel answers with. */
  async download(path: string): Promise<Blob> {
    const response = await this.#send('GET', path, undefined);
    if (response.ok) return response.blob();
    throw ApiError.fromBody(response.status, await readBody(response), response.headers.get(BLAMED));
  }

  /** What the panel sends as it comes, one JSON line each, until it ends the answer or the signal does. */
  async follow<T>(path: string, onMessage: (message: T) => void, signal: AbortSignal): Promise<void> {
    const response = await this.#send('GET', path, undefined, signal);
    if (!response.ok || !response.body)
      throw ApiError.fromBody(response.status, await readBody(response), response.headers.get(BLAMED));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line) onMessage(JSON.parse(line) as T);
    }
  }

  /** Sends a file as the body, and tells how much of it has left: from 0 to 1. */
  upload<T>(path: string, file: Blob, onProgress: (share: number) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      // The one way in which a browser tells the progress of an upload.
      const request = new XMLHttpRequest();
      request.open('POST', path);
      request.responseType = 'json';
      request.setRequestHeader('content-type', 'application/zip');
      if (this.options.adminToken) request.setRequestHeader('x-sodium-admin', this.options.adminToken);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
      request.onload = () => {
        if (request.status === 401) this.options.onUnauthorized?.();
        if (request.status < 300) resolve(request.response as T);
        else reject(ApiError.fromBody(request.status, request.response, request.getResponseHeader(BLAMED)));
      };
      request.onerror = () =>
        reject(new ApiError(0, 'UNREACHABLE', msg('The upload did not arrive. Check the connection, then try again.')));
      request.send(file);
    });
  }

  async #send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (this.options.adminToken) headers['x-sodium-admin'] = this.options.adminToken;
    try {
      return await fetch((this.options.prefix ?? '') + path, {
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
      const message = msg('The panel cannot be reached. Check the connection, then try again.');
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
