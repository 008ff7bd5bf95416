import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  embeds: { title: string; description: string }[];
  allowed_mentions: object;
  content?: string;
}

/** A webhook of Discord on this machine: takes every message, or refuses every one. */
export class DiscordWebhook {
  /** Each message is refused as malformed while it is set. */
  refuses = false;
  /** What was taken, as it was sent. */
  readonly received: string[] = [];
  #waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (req, res) => {
      let body = '';
      req.on('data', (chunk) => (body += String(chunk)));
      req.on('end', () => {
        const answer = this.refuses ? { message: 'Invalid Form Body', code: 50035 } : { id: '1234' };
        res.writeHead(this.refuses ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        if (!this.refuses) this.#take(body);
      });
    });
  }

  static async open(): Promise<DiscordWebhook> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new DiscordWebhook(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/webhooks/1/secret-token`;
  }

  /** The first message that says this, once it is there. */
  async until(text: string): Promise<Message> {
    for (;;) {
      const found = this.received.find((body) => body.includes(text));
      if (found) return JSON.parse(found) as Message;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  #take(body: string): void {
    this.received.push(body);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
