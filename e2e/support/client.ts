import type { Panel } from './panel.js';

export interface Answer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into whatever came back
  body: any;
}

/** A client of the REST API with one session: what a script of an admin would be. */
export class Client {
  private cookie = '';

  constructor(private readonly panel: Panel) {}

  static async admin(panel: Panel): Promise<Client> {
    const client = new Client(panel);
    await client.post('/api/auth/register', ADMIN);
    await client.post('/api/auth/login', { username: ADMIN.username, password: ADMIN.password });
    return client;
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.panel.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const set = response.headers.getSetCookie().find((cookie) => cookie.startsWith('sodium_session='));
    if (set) this.cookie = set.split(';')[0]!;
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  }

  get = (path: string, headers?: Record<string, string>) => this.request('GET', path, undefined, headers);
  post = (path: string, body?: unknown, headers?: Record<string, string>) => this.request('POST', path, body, headers);
  put = (path: string, body?: unknown) => this.request('PUT', path, body);
  patch = (path: string, body?: unknown) => this.request('PATCH', path, body);
  delete = (path: string) => this.request('DELETE', path);

  /** Activates a plugin with all that it asks for. */
  async activate(id: string): Promise<Answer> {
    const asked = await this.post(`/api/admin/plugins/${id}/activate`, {});
    if (asked.status !== 409) return asked;
    return this.post(`/api/admin/plugins/${id}/activate`, { permissions: asked.body.error.details.permissions });
  }
}

export const ADMIN = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
