import type { AnswerHandler, EgressEntry } from '@sodium/sdk/testing';
import { isHostAllowed } from '../../plugins/sandbox/fetch/host-allow-list.js';
import { ResultWithBytes } from '../../plugins/sandbox/supervisor/capability-calls.js';
import type { Capability, CapabilityCaller } from '../../plugins/sandbox/types.js';

/** The arguments of the panel's own capability, which has checked them. */
interface FetchArgs {
  url: string;
  method: string;
  redirect: 'follow' | 'manual' | 'error';
  headers: [string, string][];
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const WITHOUT_BODY = new Set([204, 205, 304]);

/** Keeps what plugins send, answers for the hosts of a test, and lets nothing out to the network. */
export class EgressRecorder {
  readonly #sent: (EgressEntry & { plugin: string })[] = [];
  readonly #handlers = new Map<string, AnswerHandler>();

  constructor(private readonly allowedHosts: (plugin: string) => readonly string[]) {}

  of(plugin: string): EgressEntry[] {
    return this.#sent.filter((entry) => entry.plugin === plugin).map(({ plugin: _plugin, ...entry }) => entry);
  }

  answer(host: string, handler: AnswerHandler): Disposable {
    this.#handlers.set(host, handler);
    return {
      [Symbol.dispose]: () => {
        if (this.#handlers.get(host) === handler) this.#handlers.delete(host);
      },
    };
  }

  /** The capability with which the panel answers `fetch`, around the one that really sends. */
  around(sending: Capability): Capability {
    return { ...sending, handle: (args, caller) => this.#handle(args as FetchArgs, caller, sending) };
  }

  async #handle(args: FetchArgs, caller: CapabilityCaller, sending: Capability): Promise<unknown> {
    const entry = this.#note(args, caller);
    try {
      const result = await this.#answer(args, caller, sending);
      entry.status = (result.value as { status: number }).status;
      return result;
    } catch (error) {
      entry.error = (error as Error).message;
      throw error;
    }
  }

  #note({ url, method, headers }: FetchArgs, { plugin, body }: CapabilityCaller): EgressEntry {
    const text = Buffer.from(body).toString('utf8');
    const entry: EgressEntry & { plugin: string } = {
      plugin,
      method,
      url,
      host: URL.canParse(url) ? new URL(url).host : '',
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      body: text,
      json: parsed(text),
      status: null,
    };
    this.#sent.push(entry);
    return entry;
  }

  async #answer(args: FetchArgs, caller: CapabilityCaller, sending: Capability): Promise<ResultWithBytes> {
    const url = URL.canParse(args.url) ? new URL(args.url) : null;
    const handler = url && (this.#handlers.get(url.host) ?? this.#handlers.get(url.hostname));
    const allowed = url && isHostAllowed(url, this.allowedHosts(caller.plugin));
    if (handler && allowed) return toResult(await handler(toRequest(args, caller)), args.url);
    // What the panel refuses, it refuses here too, with its own words.
    if (url && allowed && !LOOPBACK.test(url.hostname))
      throw new TypeError(
        `fetch: nothing answers for "${url.host}" in this test. Give an answer: plugin.answer("${url.host}", () => new Response(…)).`,
      );
    return (await sending.handle(args, caller)) as ResultWithBytes;
  }
}

function toRequest({ url, method, headers }: FetchArgs, { body, signal }: CapabilityCaller): Request {
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers, signal, ...(hasBody && { body: Buffer.from(body) }) });
}

async function toResult(response: Response, url: string): Promise<ResultWithBytes> {
  const bytes = WITHOUT_BODY.has(response.status) ? new Uint8Array(0) : new Uint8Array(await response.arrayBuffer());
  const { status, statusText } = response;
  return new ResultWithBytes({ status, statusText, headers: [...response.headers], url, redirected: false }, bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
