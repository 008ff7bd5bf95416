import { MAX_ANSWER_BYTES, MAX_HEADER_LENGTH, MAX_HEADER_VALUES, MAX_HEADERS } from '../../protocol/frames.js';
import { checkName, checkValue } from '../endowments/headers.js';
import { host } from '../host.js';

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Uint8Array;
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  pdf: 'application/pdf',
  zip: 'application/zip',
  bin: 'application/octet-stream',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
};

const STATUS_TEXT: Record<number, string> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified',
  307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden',
  404: 'Not Found', 405: 'Method Not Allowed', 409: 'Conflict', 410: 'Gone', 413: 'Content Too Large', 415: 'Unsupported Media Type',
  418: "I'm a Teapot", 422: 'Unprocessable Content', 429: 'Too Many Requests', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable',
}; // prettier-ignore

export class HttpResponse {
  statusCode = 200;
  readonly locals: Record<string, unknown> = {};
  readonly #headers = new Map<string, string | string[]>();
  readonly #finish: (answer: Answer) => void;
  #sent = false;

  constructor(finish: (answer: Answer) => void) {
    this.#finish = finish;
  }

  get headersSent(): boolean {
    return this.#sent;
  }
  status(code: number): this {
    if (!Number.isInteger(code) || code < 200 || code > 599)
      throw new RangeError(`res.status: ${String(code)} is not a status between 200 and 599.`);
    this.statusCode = code;
    return this;
  }
  set(name: string | Record<string, string>, value?: string | string[]): this {
    if (typeof name === 'object') {
      for (const [key, entry] of Object.entries(name)) this.set(key, entry);
      return this;
    }
    this.#assertOpen();
    const key = checkName(name);
    if (this.#headers.size >= MAX_HEADERS && !this.#headers.has(key))
      throw new RangeError(`An answer can have at most ${MAX_HEADERS} headers.`);
    const list = Array.isArray(value);
    const values = (list ? value : [value]).slice(0, MAX_HEADER_VALUES + 1).map((entry) => headerValue(name, entry));
    if (values.length > MAX_HEADER_VALUES)
      throw new RangeError(`The header "${name}" can have at most ${MAX_HEADER_VALUES} values.`);
    this.#headers.set(key, list ? values : values[0]!);
    return this;
  }
  header(name: string, value: string): this {
    return this.set(name, value);
  }
  setHeader(name: string, value: string | string[]): this {
    return this.set(name, value);
  }
  get(name: string): string | string[] | undefined {
    return this.#headers.get(checkName(name));
  }
  getHeader(name: string): string | string[] | undefined {
    return this.get(name);
  }
  removeHeader(name: string): this {
    this.#headers.delete(checkName(name));
    return this;
  }
  type(contentType: string): this {
    return this.set(
      'content-type',
      contentType.includes('/') ? contentType : (TYPES[contentType.replace(/^\./, '')] ?? 'application/octet-stream'),
    );
  }
  json(value: unknown): this {
    const text = JSON.stringify(value);
    if (!this.#headers.has('content-type')) this.type('json');
    return this.#send(text === undefined ? '' : text);
  }
  send(body?: unknown): this {
    if (body === undefined || body === null) return this.#send('');
    if (isBytes(body)) {
      if (!this.#headers.has('content-type')) this.type('bin');
      return this.#send(body);
    }
    if (typeof body !== 'string') return this.json(body);
    if (!this.#headers.has('content-type')) this.type('html');
    return this.#send(body);
  }
  end(body?: string | Uint8Array): this {
    return this.#send(body ?? '');
  }
  redirect(first: number | string, second?: string): this {
    const [status, url] = typeof first === 'number' ? [first, String(second)] : [302, String(first)];
    return this.status(status).set('location', encodeUrl(url)).#send('');
  }
  sendStatus(code: number): this {
    return this.status(code)
      .type('text')
      .#send(STATUS_TEXT[code] ?? String(code));
  }

  #send(body: string | Uint8Array): this {
    this.#assertOpen();
    const bytes = typeof body === 'string' ? new host.TextEncoder().encode(body) : toBytes(body);
    if (bytes.length > MAX_ANSWER_BYTES)
      throw new RangeError(`The answer has ${bytes.length} bytes; at most ${MAX_ANSWER_BYTES} can be sent.`);
    this.#sent = true;
    this.#finish({ status: this.statusCode, headers: Object.fromEntries(this.#headers), body: bytes });
    return this;
  }
  #assertOpen(): void {
    if (this.#sent) throw new Error('The answer to this request has been sent already.');
  }
}

function headerValue(name: string, value: unknown): string {
  const text = checkValue(name, value);
  if (text.length > MAX_HEADER_LENGTH)
    throw new RangeError(
      `The header "${name}" has ${text.length} characters; at most ${MAX_HEADER_LENGTH} can be sent.`,
    );
  return text;
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
const toBytes = (value: Uint8Array | ArrayBuffer): Uint8Array =>
  value instanceof ArrayBuffer
    ? new Uint8Array(value.slice(0))
    : new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
/** Keeps what is encoded already, and encodes what a header cannot carry. */
const encodeUrl = (url: string): string => encodeURI(url).replace(/%25([0-9A-Fa-f]{2})/g, '%$1');
