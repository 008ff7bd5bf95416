import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookBody } from '../src/server/message.js';

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Answers as Discord documents its webhooks: buckets, limits of a message, and the errors that a test asks for. */
export class DiscordServer {
  /** Messages that were taken, oldest first. */
  readonly messages: WebhookBody[] = [];
  /** Requests that went beyond what the bucket held. */
  beyondLimit = 0;
  requests = 0;
  /** What is answered instead, until it is taken away. */
  instead: ((body: WebhookBody) => Answer | 'hang' | 'cut' | null) | null = null;
  /** Messages for each time of the bucket. */
  limit = 5;
  windowMs = 400;
  #used = 0;
  #resetAt = 0;
  #waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (req: IncomingMessage, res: ServerResponse) => void this.#handle(req, res));
  }

  static async open(): Promise<DiscordServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new DiscordServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/webhooks/123456789012345678/s3cret-token`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Resolves once the condition holds; it is looked at after each request. */
  async until(condition: (discord: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The first message that says this, once it is there. */
  async told(text: string): Promise<WebhookBody> {
    const says = (message: WebhookBody): boolean => JSON.stringify(message).includes(text);
    await this.until(({ messages }) => messages.some(says));
    return this.messages.find(says)!;
  }

  get embeds(): WebhookBody['embeds'] {
    return this.messages.flatMap((message) => message.embeds);
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    this.requests += 1;
    const body = JSON.parse(Buffer.concat(chunks).toString()) as WebhookBody;
    const answer = this.instead?.(body) ?? this.#take(req, body);
    if (answer === 'cut') req.socket.destroy();
    else if (answer !== 'hang')
      res
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    for (const look of this.#waiting.splice(0)) look();
  }

  #take(req: IncomingMessage, body: WebhookBody): Answer {
    const url = new URL(req.url!, this.url);
    if (url.pathname !== new URL(this.url).pathname) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } }; // prettier-ignore
    const now = Date.now();
    if (now >= this.#resetAt) {
      this.#used = 0;
      this.#resetAt = now + this.windowMs;
    }
    const after = (this.#resetAt - now) / 1000;
    if (this.#used >= this.limit) {
      this.beyondLimit += 1;
      const headers = { 'retry-after': String(Math.ceil(after)), 'x-ratelimit-scope': 'user' };
      return {
        status: 429,
        headers,
        body: { message: 'You are being rate limited.', retry_after: after, global: false },
      };
    }
    this.#used += 1;
    const fault = faultOf(body);
    if (!fault) this.messages.push(body);
    return {
      status: fault ? 400 : 200,
      body: fault ? { message: fault, code: 50035 } : { id: String(10 ** 17 + this.messages.length) },
      headers: {
        'x-ratelimit-bucket': 'abcd1234',
        'x-ratelimit-limit': String(this.limit),
        'x-ratelimit-remaining': String(this.limit - this.#used),
        'x-ratelimit-reset': String(this.#resetAt / 1000),
        'x-ratelimit-reset-after': String(after),
      },
    };
  }
}

/** Which documented limit a message goes beyond, or null. */
function faultOf({ embeds, content = '', allowed_mentions }: WebhookBody): string | null {
  const total = embeds.reduce((sum, one) => sum + one.title.length + one.description.length + (one.footer?.text.length ?? 0), 0); // prettier-ignore
  const tooLong = embeds.some(({ title, description }) => title.length > 256 || description.length > 4096);
  const fits = embeds.length <= 10 && total <= 6000 && !tooLong && content.length <= 2000;
  return fits && allowed_mentions.parse.length === 0 ? null : 'Invalid Form Body';
}
