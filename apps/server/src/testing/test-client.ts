export interface TestAnswer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  json: any;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Speaks to a panel over HTTP as one user, or as nobody. */
export class TestClient {
  private cookie = '';
  user: { id: string; username: string; role: string } | null = null;

  constructor(private readonly url: () => string) {}

  get sessionCookie(): string {
    return this.cookie;
  }

  async register(username: string, password = 'correct horse'): Promise<this> {
    return this.enter('/api/auth/register', { username, email: `${username}@example.com`, password });
  }

  async login(username: string, password = 'correct horse'): Promise<this> {
    return this.enter('/api/auth/login', { username, password });
  }

  /** The same session as in an earlier life of the panel. */
  resume(other: TestClient): this {
    this.cookie = other.cookie;
    this.user = other.user;
    return this;
  }

  get = (path: string, options?: CallOptions): Promise<TestAnswer> => this.call('GET', path, options);
  post = (path: string, body?: unknown, options?: CallOptions): Promise<TestAnswer> =>
    this.call('POST', path, { body, ...options });
  put = (path: string, body?: unknown): Promise<TestAnswer> => this.call('PUT', path, { body });
  patch = (path: string, body?: unknown): Promise<TestAnswer> => this.call('PATCH', path, { body });
  delete = (path: string): Promise<TestAnswer> => this.call('DELETE', path);

  async call(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<TestAnswer> {
    const response = await this.open(method, path, { body, headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    return { status: response.status, headers: response.headers, bytes, text, json: parsed(text) };
  }

  /** The answer before its body was read. */
  open(method: string, path: string, { body, headers = {} }: CallOptions = {}): Promise<Response> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    return fetch(this.url() + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    });
  }

  private async enter(path: string, body: object): Promise<this> {
    const answer = await this.post(path, body);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    this.cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    this.user = answer.json;
    return this;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
