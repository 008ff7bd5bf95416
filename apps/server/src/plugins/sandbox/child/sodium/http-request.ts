import type { HttpMessage } from '../../protocol/frames.js';
import { parseJson } from '../../protocol/json.js';
import { host } from '../host.js';

/** Something wrong with the request itself; becomes an answer with this status unless an error handler takes it. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
  get statusCode(): number {
    return this.status;
  }
}

export class HttpRequest {
  readonly method: string;
  path: string;
  baseUrl = '';
  readonly originalUrl: string;
  params: Record<string, string> = {};
  query: Record<string, string | string[]>;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown = undefined;
  readonly rawBody: Uint8Array;
  readonly ip: string;
  readonly user: HttpMessage['user'];

  constructor(message: HttpMessage, rawBody: Uint8Array) {
    this.method = message.method;
    this.path = message.path;
    this.originalUrl = message.path + (message.query ? `?${message.query}` : '');
    this.query = fields(message.query);
    this.headers = message.headers;
    this.ip = message.ip;
    this.user = message.user;
    this.rawBody = rawBody;
  }

  get url(): string {
    const query = this.originalUrl.indexOf('?');
    return this.path + (query < 0 ? '' : this.originalUrl.slice(query));
  }
  get(header: string): string | undefined {
    const name = String(header).toLowerCase();
    return Object.hasOwn(this.headers, name) ? this.headers[name] : undefined;
  }
  header(name: string): string | undefined {
    return this.get(name);
  }
  is(type: string): boolean {
    return mediaType(this).includes(String(type));
  }
}

/** Parses the body by its content type; throws a `RequestError` that says what is wrong with it. */
export function parseBody(request: HttpRequest): unknown {
  if (request.rawBody.length === 0) return undefined;
  const type = mediaType(request);
  if (/^application\/(?:[\w.+-]+\+)?json$/.test(type)) return parseJsonBody(request.rawBody);
  if (type === 'application/x-www-form-urlencoded') return fields(decode(request.rawBody));
  return type.startsWith('text/') ? decode(request.rawBody) : undefined;
}

const mediaType = (request: HttpRequest): string =>
  (request.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
const decode = (bytes: Uint8Array): string => new host.TextDecoder().decode(bytes);

function parseJsonBody(bytes: Uint8Array): unknown {
  try {
    return parseJson(decode(bytes));
  } catch (error) {
    throw new RequestError(400, 'INVALID_JSON', `The request's body is not valid JSON: ${(error as Error).message}`);
  }
}

function fields(text: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [key, value] of new host.URLSearchParams(text)) {
    if (key === '__proto__') continue;
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return result;
}
