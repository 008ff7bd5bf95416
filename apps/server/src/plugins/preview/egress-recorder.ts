import { STATUS_CODES } from 'node:http';
import type { PreviewAnswer, PreviewAnswers, PreviewRequest } from '@sodium/contract';
import { PluginError } from '../errors.js';
import { fetchArgsSchema, type FetchArgs } from '../sandbox/fetch/fetch-broker.js';
import { isHostAllowed } from '../sandbox/fetch/host-allow-list.js';
import { ResultWithBytes } from '../sandbox/supervisor/capability-calls.js';
import type { Capability, CapabilityCaller } from '../sandbox/types.js';

const KEPT = 100;
const SHOWN_BODY_BYTES = 8 * 1024;
const SHOWN_PATH = 1000;
const SHOWN_HEADER = 500;
/** Their values may be secrets that an admin typed for a try. */
const SECRET_HEADER = /authorization|cookie|token|secret|key|signature/i;

export const DEFAULT_ANSWERS: PreviewAnswers = {
  default: { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
  hosts: {},
};

export interface EgressRecorderOptions {
  allowedHosts(): readonly string[];
  /** Whether plain http would be allowed too. */
  allowPrivate(): boolean;
  answers(): PreviewAnswers;
  onChange(): void;
}

/** Stands where the network would be: notes what a plugin sends, and answers what the admin chose. Nothing is looked up. */
export class EgressRecorder {
  /** Newest first. */
  readonly requests: PreviewRequest[] = [];
  #count = 0;

  constructor(private readonly options: EgressRecorderOptions) {}

  capability(): Capability {
    return {
      permission: 'webhooks:send',
      args: fetchArgsSchema,
      handle: (args: FetchArgs, caller) => this.#answer(args, caller),
    } as Capability;
  }

  #answer(args: FetchArgs, { plugin, body }: CapabilityCaller): ResultWithBytes {
    if (!URL.canParse(args.url)) throw new TypeError(`fetch: ${JSON.stringify(args.url.slice(0, 200))} is not a URL.`);
    const url = new URL(args.url);
    const refused = this.#refusal(url);
    const { answers } = this.options;
    const answer = answers().hosts[url.host] ?? answers().default;
    this.#note(args, url, body, refused, refused === null ? answer.status : null);
    if (refused !== null)
      throw new PluginError(plugin, 'CALL_REFUSED', `fetch of ${url.protocol}//${url.host} was refused: ${refused}`);
    return result(url, answer);
  }

  /** As the panel would refuse it in earnest, except for what only a look at the network could tell. */
  #refusal(url: URL): string | null {
    const { allowedHosts, allowPrivate } = this.options;
    if (url.protocol !== 'https:' && !(allowPrivate() && url.protocol === 'http:')) return 'only https is allowed.';
    if (url.username || url.password) return 'the URL holds a user name or password; send an Authorization header.';
    if (isHostAllowed(url, allowedHosts())) return null;
    return `the host is not among those this plugin may reach. Add "${url.host}" to "network.hosts" in plugin.json, or have an admin type the URL into its settings.`;
  }

  #note(args: FetchArgs, url: URL, body: Uint8Array, refused: string | null, status: number | null): void {
    this.#count += 1;
    this.requests.unshift({
      id: this.#count,
      at: new Date().toISOString(),
      method: args.method,
      host: url.host,
      path: (url.pathname + url.search).slice(0, SHOWN_PATH),
      headers: Object.fromEntries(
        args.headers.map(([name, value]) => [name, SECRET_HEADER.test(name) ? '…' : value.slice(0, SHOWN_HEADER)]),
      ),
      body: shownBody(body),
      bodyBytes: body.length,
      refused,
      status,
    });
    if (this.requests.length > KEPT) this.requests.length = KEPT;
    this.options.onChange();
  }
}

function shownBody(body: Uint8Array): string | null {
  if (body.length === 0) return null;
  try {
    // Streaming, so that a character that the cut splits is no fault.
    return new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, SHOWN_BODY_BYTES), { stream: true });
  } catch {
    return null;
  }
}

function result(url: URL, { status, headers = {}, body }: PreviewAnswer): ResultWithBytes {
  const value = {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]),
    url: url.href,
    redirected: false,
  };
  const bodiless = status === 204 || status === 205 || status === 304;
  return new ResultWithBytes(value, Buffer.from(bodiless ? '' : body));
}
