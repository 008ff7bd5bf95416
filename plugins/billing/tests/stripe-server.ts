import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Fields = Record<string, unknown>;
interface Call {
  method: string;
  path: string;
  key: string | undefined;
}
interface Answer {
  status: number;
  body: unknown;
}

const error = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { type: status === 401 ? 'authentication_error' : 'invalid_request_error', code, message } },
});

/** Answers as Stripe's API does, on this machine: sessions, refunds, idempotency keys, its errors. Its events are made by hand. */
export class StripeServer {
  readonly key = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
  readonly calls: Call[] = [];
  readonly sessions = new Map<string, Fields>();
  readonly refunds = new Map<string, Fields>();
  /** While it is set, requests end without an answer, before or after they had their effect. */
  broken: 'before' | 'after' | null = null;
  readonly #answers = new Map<string, { request: string; answer: Answer }>();
  readonly #waiting = new Set<() => void>();
  #count = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (req: IncomingMessage, res: ServerResponse) => void this.#handle(req, res));
  }

  static async open(): Promise<StripeServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StripeServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** When the next answer has left. */
  answered(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** What the customer does on the page of a session. */
  pay(session: string): void {
    const found = this.sessions.get(session)!;
    if (found.status !== 'open') throw new Error(`The session is ${String(found.status)}.`);
    Object.assign(found, { status: 'complete', payment_status: 'paid', payment_intent: this.#id('pi') });
  }

  /** An event about an object, as Stripe would send it. */
  event(type: string, object: Fields, id = this.#id('evt')): { id: string; payload: string } {
    return { id, payload: JSON.stringify({ id, object: 'event', api_version: '2024-06-20', type, data: { object } }) };
  }

  /** A refund made in Stripe's dashboard. */
  refundByHand(intent: string, amount: number): Fields {
    return this.#refund({ payment_intent: intent, amount: String(amount) }).body as Fields;
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const key = req.headers['idempotency-key'] as string | undefined;
    const url = new URL(req.url!, this.url);
    this.calls.push({ method: req.method!, path: url.pathname, key });
    if (this.broken === 'before') return void req.socket.destroy();
    const answer = this.#keyed(req, url, body, key);
    if (this.broken === 'after') return void req.socket.destroy();
    res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body), () => {
      for (const resolve of this.#waiting) resolve();
      this.#waiting.clear();
    });
  }

  #keyed(req: IncomingMessage, url: URL, body: string, key: string | undefined): Answer {
    if (req.headers.authorization !== `Bearer ${this.key}`) return error(401, 'api_key_invalid', 'Invalid API Key.');
    const form = Object.fromEntries(new URLSearchParams(body));
    if (req.method === 'GET' || !key) return this.#route(req.method!, url, form);
    const request = `${url.pathname} ${body}`;
    const known = this.#answers.get(key);
    if (known && known.request !== request) return error(400, 'idempotency_key_in_use', 'Keys for idempotent requests can only be used with the same parameters.'); // prettier-ignore
    if (known) return known.answer;
    const answer = this.#route(req.method!, url, form);
    this.#answers.set(key, { request, answer: structuredClone(answer) });
    return answer;
  }

  #route(method: string, url: URL, form: Record<string, string>): Answer {
    const intent = url.searchParams.get('payment_intent');
    const of = (objects: Map<string, Fields>): Answer => ({ status: 200, body: { object: 'list', data: [...objects.values()].filter((one) => one.payment_intent === intent) } }); // prettier-ignore
    const one = (object: Fields | undefined): Answer =>
      object ? { status: 200, body: object } : error(404, 'resource_missing', `No such object: '${url.pathname}'`);
    const [, , kind, next, action] = url.pathname.split('/');
    const id = kind === 'checkout' ? action : next;
    if (method === 'POST' && url.pathname === '/v1/checkout/sessions') return this.#session(form);
    if (method === 'POST' && url.pathname === '/v1/refunds') return this.#refund(form);
    if (method === 'POST' && url.pathname.endsWith('/expire')) return this.#expire(this.sessions.get(id ?? ''));
    if (kind === 'checkout') return id ? one(this.sessions.get(id)) : of(this.sessions);
    if (kind === 'refunds') return id ? one(this.refunds.get(id)) : of(this.refunds);
    return error(404, 'resource_missing', `Unrecognized request URL (${method}: ${url.pathname}).`);
  }

  #session(form: Record<string, string>): Answer {
    const amount = Number(form['line_items[0][price_data][unit_amount]']);
    if (!(amount >= 50)) return error(400, 'amount_too_small', 'The Checkout Session’s total amount due must add up to at least $0.50 usd'); // prettier-ignore
    const id = this.#id('cs_test');
    const session = {
      id,
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: amount,
      currency: form['line_items[0][price_data][currency]'],
      client_reference_id: form.client_reference_id,
      metadata: { payment: form['metadata[payment]'] },
      payment_intent: null,
      url: `https://checkout.stripe.com/c/pay/${id}`,
    };
    this.sessions.set(id, session);
    return { status: 200, body: session };
  }

  #expire(session: Fields | undefined): Answer {
    if (!session) return error(404, 'resource_missing', 'No such checkout.session');
    if (session.status !== 'open') return error(400, 'resource_invalid_state', 'Only Checkout Sessions with a status in ["open"] can be expired.'); // prettier-ignore
    session.status = 'expired';
    return { status: 200, body: session };
  }

  #refund(form: Record<string, string>): Answer {
    const session = [...this.sessions.values()].find((one) => one.payment_intent === form.payment_intent);
    if (!session) return error(404, 'resource_missing', `No such payment_intent: '${form.payment_intent}'`);
    const before = [...this.refunds.values()].filter((one) => one.payment_intent === form.payment_intent);
    const left = Number(session.amount_total) - before.reduce((sum, one) => sum + Number(one.amount), 0);
    if (Number(form.amount) > left) return error(400, 'charge_already_refunded', 'Refund amount is greater than unrefunded amount on charge'); // prettier-ignore
    const refund = {
      id: this.#id('re'),
      object: 'refund',
      amount: Number(form.amount),
      currency: session.currency,
      payment_intent: form.payment_intent,
      status: 'succeeded',
      metadata: form['metadata[refund]'] ? { refund: form['metadata[refund]'] } : {},
    };
    this.refunds.set(refund.id, refund);
    return { status: 200, body: refund };
  }

  #id(prefix: string): string {
    return `${prefix}_${String(++this.#count).padStart(14, '0')}`;
  }
}
