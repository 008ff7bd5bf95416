import { UsageError } from '../commands/command-context.js';

const ANSWER_MS = 60_000;
const COOKIE = 'sodium_session';

export interface PanelAnswer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

export interface PanelErrorBody {
  readonly error?: { code?: string; message?: string; details?: unknown };
}

/** A panel as a script of its admin sees it: the HTTP API with one session. */
export class PanelClient {
  #token: string | null;

  constructor(
    readonly url: string,
    token: string | null = null,
  ) {
    this.#token = token;
  }

  /** The session, once there is one. */
  get token(): string | null {
    return this.#token;
  }

  /** Rejects with a `UsageError` when the panel cannot be reached or does not know the account. */
  async login(username: string, password: string): Promise<void> {
    const { status, body } = await this.request<PanelErrorBody>('POST', '/api/auth/login', { username, password });
    if (status === 200) return;
    throw new UsageError(
      `${this.url} refused the login of "${username}": ${body.error?.message ?? `HTTP ${status}`}`,
      'Check the name and the password.',
    );
  }

  /** Answers of any status. A body that is neither text nor bytes is sent as JSON. */
  async request<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<PanelAnswer<T>> {
    const isBytes = body instanceof Uint8Array;
    const type = isBytes ? 'application/zip' : 'application/json';
    let response: Response;
    try {
      response = await fetch(this.url + path, {
        method,
        redirect: 'error',
        headers: {
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(this.#token ? { cookie: `${COOKIE}=${this.#token}` } : {}),
        },
        body: body === undefined ? undefined : isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      throw new UsageError(
        `No panel answers at ${this.url} (${reasonOf(error as Error)}).`,
        'Start it with "npm start", or name another with --url.',
      );
    }
    this.#keepToken(response.headers.getSetCookie());
    return { status: response.status, body: parse(await response.text()) as T };
  }

  /** Like `request`, for what must succeed. Rejects with the panel's own words. */
  async must<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request<T>(method, path, body);
    if (answer.status < 400) return answer.body;
    const { error } = answer.body as PanelErrorBody;
    throw new UsageError(`${method} ${path}: ${error?.message ?? `HTTP ${answer.status}`}`);
  }

  #keepToken(cookies: readonly string[]): void {
    const set = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`));
    if (set) this.#token = set.slice(COOKIE.length + 1).split(';')[0]! || null;
  }
}

function reasonOf(error: Error): string {
  const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException;
  return code ?? message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
