import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { PluginError } from '../../errors.js';
import { ResultWithBytes } from '../supervisor/capability-calls.js';
import type { Capability, CapabilityCaller } from '../types.js';
import { CallDeadline } from './call-deadline.js';
import { isHostAllowed } from './host-allow-list.js';
import { isPublicAddress } from './public-address.js';

export interface FetchLog {
  plugin: string;
  method: string;
  host: string;
  /** Null: no answer came. */
  status: number | null;
  ms: number;
  sentBytes: number;
  receivedBytes: number;
  /** The panel did not let it out. */
  refused: boolean;
  error?: string;
}

export interface FetchBrokerOptions {
  /** The hosts in the plugin's manifest and those of the URLs in its settings, asked at each call. */
  allowedHosts(plugin: string): readonly string[];
  /** Lets plugins reach private addresses, then over plain http too. */
  allowPrivate(): boolean;
  onFetch?(entry: FetchLog): void;
  timeoutMs?: number;
  maxResponseBytes?: number;
  /** How names become addresses. */
  lookup?: typeof systemLookup;
}

const PRIVATE_ADDRESS = 'PRIVATE_ADDRESS';
const MAX_REDIRECTS = 5;
const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;
/** Of all answers that one plugin receives at a time. */
const MAX_READING_BYTES = 32 * 1024 * 1024;

export const fetchArgsSchema = z.object({
  url: z.string().max(8192),
  method: z
    .string()
    .regex(
      /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/,
      'the method must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS',
    ),
  redirect: z.enum(['follow', 'manual', 'error']),
  headers: z.array(z.tuple([z.string().max(200), z.string().max(16_384)])).max(100),
});
export type FetchArgs = z.infer<typeof fetchArgsSchema>;

/** What belongs to the connection, not to the caller. */
const WITHHELD =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|keep-alive|expect|accept-encoding|proxy-.*)$/;
/** Not for another origin that a redirect leads to. */
const PERSONAL = /^(authorization|cookie)$/;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The capability `fetch`: the only way of a plugin to the network. */
export function createFetchCapability(options: FetchBrokerOptions): Capability<FetchArgs> {
  const broker = new FetchBroker(options);
  return { permission: 'webhooks:send', args: fetchArgsSchema, handle: (args, caller) => broker.fetch(args, caller) };
}

interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
}

/** An answer whose body has not been read yet. `done` notes what came of it, once. */
interface Sent {
  response: Dispatcher.ResponseData;
  done(receivedBytes: number, error?: string): void;
}

class FetchBroker {
  readonly #reading = new Map<string, number>();
  readonly #agents: { public: Agent; any: Agent };

  constructor(readonly options: FetchBrokerOptions) {
    const agent = (allowPrivate: boolean): Agent =>
      new Agent({ connect: { lookup: this.#pinnedLookup(allowPrivate), timeout: 5000 }, keepAliveTimeout: 4000 });
    this.#agents = { public: agent(false), any: agent(true) };
  }

  async fetch(args: FetchArgs, { plugin, signal, body }: CapabilityCaller): Promise<ResultWithBytes> {
    const headers = Object.fromEntries(args.headers.filter(([name]) => !WITHHELD.test(name.toLowerCase())));
    const hop: Hop = { url: this.#parse(args.url), method: args.method, headers, body: body.length > 0 ? body : null };
    const deadline = new CallDeadline(signal, this.options.timeoutMs ?? TIMEOUT_MS);
    try {
      return await this.#followRedirects(plugin, hop, args.redirect, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  async #followRedirects(
    plugin: string,
    first: Hop,
    redirect: FetchArgs['redirect'],
    signal: AbortSignal,
  ): Promise<ResultWithBytes> {
    let hop = first;
    for (let redirects = 0; ; redirects++) {
      const sent = await this.#send(plugin, hop, signal);
      const { response } = sent;
      const location =
        REDIRECTS.has(response.statusCode) && redirect !== 'manual' ? response.headers.location : undefined;
      if (typeof location !== 'string') return this.#finish(plugin, hop, sent, redirects > 0);
      await response.body.dump();
      sent.done(0);
      if (redirect === 'error')
        throw new TypeError(`fetch: ${hop.url.host} redirects, which redirect: "error" forbids.`);
      if (redirects >= MAX_REDIRECTS)
        throw new TypeError(`fetch: ${hop.url.host} redirects more than ${MAX_REDIRECTS} times.`);
      hop = follow(hop, this.#parse(new URL(location, hop.url).href), response.statusCode);
    }
  }

  #parse(text: string): URL {
    if (!URL.canParse(text)) throw new TypeError(`fetch: ${JSON.stringify(text.slice(0, 200))} is not a URL.`);
    return new URL(text);
  }

  async #send(plugin: string, hop: Hop, signal: AbortSignal): Promise<Sent> {
    const allowPrivate = this.options.allowPrivate();
    const { url, method } = hop;
    const start = performance.now();
    const log = (status: number | null, receivedBytes: number, error?: string, refused = false): void => {
      this.options.onFetch?.({
        plugin,
        method,
        host: url.host,
        status,
        ms: performance.now() - start,
        sentBytes: refused ? 0 : (hop.body?.length ?? 0),
        receivedBytes,
        refused,
        ...(error !== undefined && { error }),
      });
    };
    try {
      this.#assertAllowed(plugin, url, allowPrivate);
      const dispatcher = allowPrivate ? this.#agents.any : this.#agents.public;
      const headers = { 'user-agent': 'Sodium', ...hop.headers, 'accept-encoding': 'identity' };
      const response = await request(url, {
        dispatcher,
        method: method as Dispatcher.HttpMethod,
        headers,
        body: hop.body && Buffer.from(hop.body.buffer, hop.body.byteOffset, hop.body.length),
        signal,
      });
      return { response, done: (bytes, error) => log(response.statusCode, bytes, error) };
    } catch (error) {
      const message = explain(error, url);
      log(null, 0, message, error instanceof PluginError || (error as NodeJS.ErrnoException).code === PRIVATE_ADDRESS);
      throw error instanceof PluginError ? error : new TypeError(`fetch: ${message}`);
    }
  }

  #assertAllowed(plugin: string, url: URL, allowPrivate: boolean): void {
    const refuse = (why: string): never => {
      throw new PluginError(plugin, 'CALL_REFUSED', `fetch of ${url.protocol}//${url.host} was refused: ${why}`);
    };
    if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) refuse('only https is allowed.');
    if (url.username || url.password) refuse('the URL holds a user name or password; send an Authorization header.');
    if (!isHostAllowed(url, this.options.allowedHosts(plugin))) {
      refuse(
        `the host is not among those this plugin may reach. Add "${url.host}" to "network.hosts" in plugin.json, or have an admin type the URL into its settings.`,
      );
    }
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowPrivate && isIP(literal) !== 0 && !isPublicAddress(literal))
      refuse('the address belongs to a private network.');
  }

  /** Every connection goes to an address that was looked at; a name cannot turn into another one in between. */
  #pinnedLookup(allowPrivate: boolean): LookupFunction {
    const resolve = this.options.lookup ?? systemLookup;
    return (hostname, { family }, callback) => {
      resolve(
        hostname,
        { all: true, family: family as number, verbatim: true },
        (error, addresses: LookupAddress[]) => {
          const first = addresses?.[0];
          if (error || !first) return callback(error ?? new Error(`the name ${hostname} has no address`), '');
          if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
            return callback(
              Object.assign(new Error(`the name ${hostname} leads to a private network`), { code: PRIVATE_ADDRESS }),
              '',
            );
          }
          // undici asks for all addresses; Node for one.
          (callback as (error: null, addresses: LookupAddress[]) => void)(null, addresses);
        },
      );
    };
  }

  async #finish(plugin: string, { url }: Hop, { response, done }: Sent, redirected: boolean): Promise<ResultWithBytes> {
    const bytes = await this.#read(plugin, response.body).catch((error: unknown) => {
      const message = explain(error, url);
      done(0, message);
      throw new TypeError(`fetch: ${message}`, { cause: error });
    });
    done(bytes.length);
    const headers = Object.entries(response.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, one] as const),
    );
    return new ResultWithBytes(
      { status: response.statusCode, statusText: '', headers, url: url.href, redirected },
      bytes,
    );
  }

  async #read(plugin: string, body: AsyncIterable<Buffer>): Promise<Buffer> {
    const limit = this.options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
    const parts: Buffer[] = [];
    let size = 0;
    try {
      for await (const part of body) {
        size += part.length;
        const reading = this.#count(plugin, part.length);
        if (size > limit) throw new RangeError(`the answer has more than ${limit} bytes.`);
        if (reading > MAX_READING_BYTES)
          throw new RangeError(`answers of more than ${MAX_READING_BYTES} bytes come at once; await some before.`);
        parts.push(part);
      }
      return Buffer.concat(parts);
    } finally {
      this.#count(plugin, -size);
    }
  }

  #count(plugin: string, bytes: number): number {
    const reading = (this.#reading.get(plugin) ?? 0) + bytes;
    if (reading > 0) this.#reading.set(plugin, reading);
    else this.#reading.delete(plugin);
    return reading;
  }
}

function follow(hop: Hop, url: URL, status: number): Hop {
  const rewritten = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST';
  const sameOrigin = url.origin === hop.url.origin;
  const kept = Object.entries(hop.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return (sameOrigin || !PERSONAL.test(lower)) && !(rewritten && lower.startsWith('content-'));
  });
  return {
    url,
    method: rewritten ? 'GET' : hop.method,
    headers: Object.fromEntries(kept),
    body: rewritten ? null : hop.body,
  };
}

function explain(error: unknown, url: URL): string {
  const { name, message } = error as Error;
  if (name === 'TimeoutError') return `${url.host} did not answer in time.`;
  if (name === 'AbortError') return `the call of ${url.host} was ended.`;
  return message || `the connection to ${url.host} failed (${(error as NodeJS.ErrnoException).code ?? name}).`;
}
