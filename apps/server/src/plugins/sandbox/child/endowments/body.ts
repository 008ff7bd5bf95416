import { host } from '../host.js';
import { PlainHeaders } from './headers.js';

export interface EncodedBody {
  bytes: Uint8Array;
  type: string | null;
}

/** Text, bytes and form fields; streams and files do not exist here. */
export function encodeBody(body: unknown): EncodedBody | null {
  if (body === undefined || body === null) return null;
  if (body instanceof Uint8Array) return { bytes: body.slice(), type: null };
  if (body instanceof ArrayBuffer) return { bytes: new Uint8Array(body.slice(0)), type: null };
  if (ArrayBuffer.isView(body))
    return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice(), type: null };
  const form = body instanceof host.URLSearchParams;
  return {
    bytes: new host.TextEncoder().encode(String(body)),
    type: form ? 'application/x-www-form-urlencoded;charset=UTF-8' : 'text/plain;charset=UTF-8',
  };
}

/** What requests and answers have in common: a body that is read once. */
export class PlainBody {
  readonly headers: PlainHeaders;
  #bytes: Uint8Array | null;
  #used = false;

  constructor(body: EncodedBody | null, headers: PlainHeaders) {
    this.#bytes = body?.bytes ?? null;
    this.headers = headers;
    if (body?.type && !headers.has('content-type')) headers.set('content-type', body.type);
  }
  get bodyUsed(): boolean {
    return this.#used;
  }
  get body(): null {
    return null;
  }
  async bytes(): Promise<Uint8Array> {
    if (this.#used) throw new TypeError('The body has been read already.');
    this.#used = true;
    return this.#bytes ?? new Uint8Array(0);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).slice().buffer;
  }
  async text(): Promise<string> {
    return new host.TextDecoder().decode(await this.bytes());
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
  protected copyBody(): EncodedBody | null {
    if (this.#used) throw new TypeError('The body has been read already.');
    return this.#bytes === null ? null : { bytes: this.#bytes.slice(), type: null };
  }
}

interface ResponseOptions {
  status?: number;
  statusText?: string;
  headers?: ConstructorParameters<typeof PlainHeaders>[0];
  url?: string;
  redirected?: boolean;
}

export class PlainResponse extends PlainBody {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly type = 'default';

  constructor(body?: unknown, options: ResponseOptions = {}) {
    super(encodeBody(body), new PlainHeaders(options.headers));
    this.status = options.status ?? 200;
    this.statusText = options.statusText ?? '';
    this.url = options.url ?? '';
    this.redirected = options.redirected ?? false;
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  clone(): PlainResponse {
    const { status, statusText, headers, url, redirected } = this;
    return new PlainResponse(this.copyBody()?.bytes, { status, statusText, headers, url, redirected });
  }
  static json(value: unknown, options: ResponseOptions = {}): PlainResponse {
    const headers = new PlainHeaders(options.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new PlainResponse(JSON.stringify(value), { ...options, headers });
  }
}

export interface RequestOptions {
  method?: string;
  headers?: ConstructorParameters<typeof PlainHeaders>[0];
  body?: unknown;
  signal?: unknown;
  redirect?: string;
}

export class PlainRequest extends PlainBody {
  readonly url: string;
  readonly method: string;
  readonly signal: unknown;
  readonly redirect: string;

  constructor(input: unknown, options: RequestOptions = {}) {
    const base = input instanceof PlainRequest ? input : null;
    const body = options.body === undefined ? (base?.copyBody() ?? null) : encodeBody(options.body);
    super(body, new PlainHeaders(options.headers ?? base?.headers));
    this.url = base ? base.url : new host.URL(String(input)).href;
    this.method = String(options.method ?? base?.method ?? 'GET').toUpperCase();
    this.signal = options.signal ?? base?.signal ?? null;
    this.redirect = String(options.redirect ?? base?.redirect ?? 'follow');
  }
  clone(): PlainRequest {
    return new PlainRequest(this);
  }
}
