import { msg } from '@lit/localize';
import type { ConsoleLine, Server, UsagePoint } from '@sodium/contract';
import type { ApiClient } from '../api/api-client.js';
import type { Live, LiveState } from '../live/live-connection.js';

const POLL_MS = 4_000;

interface Snapshot {
  servers: Server[];
  usage: Record<string, UsagePoint>;
}

/** Stands where the socket is in the panel: a frame has none, so it asks now and then, and tells what has changed. */
export class PreviewLive extends EventTarget implements Live {
  readonly state: LiveState = 'online';
  readonly #handlers = new Map<string, Set<(data: never) => void>>();
  #servers: Map<string, Server> | null = null;
  #timer = 0;

  constructor(private readonly api: ApiClient) {
    super();
  }

  start(): Promise<void> {
    this.#timer = window.setInterval(() => {
      if (!document.hidden) void this.#ask();
    }, POLL_MS);
    return Promise.resolve();
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  resume(): void {
    void this.start();
  }

  on(event: string, handler: (data: never) => void): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** What is only tried counts for nothing. */
  shown(): void {}

  console(_server: string, onLines: (lines: ConsoleLine[]) => void): () => void {
    const text = msg('What servers say is not shown in a preview.');
    queueMicrotask(() => onLines([{ seq: 1, at: Date.now(), stream: 'panel', text }]));
    return () => undefined;
  }

  command(): Promise<void> {
    return Promise.reject(new Error(msg('Nothing is changed in a preview.')));
  }

  async #ask(): Promise<void> {
    // A question that fails is followed by the next one.
    const now = await this.api.get<Snapshot>('/api/live').catch(() => null);
    if (!now) return;
    const before = this.#servers ?? new Map(now.servers.map((server) => [server.id, server]));
    this.#servers = new Map(now.servers.map((server) => [server.id, server]));
    for (const server of now.servers) this.#compare(before.get(server.id), server);
    for (const id of before.keys()) if (!this.#servers.has(id)) this.#tell('server:deleted', { id });
    for (const [id, usage] of Object.entries(now.usage)) this.#tell('server:usage', { id, usage });
  }

  #compare(before: Server | undefined, server: Server): void {
    if (!before) this.#tell('server:created', { server });
    else if (JSON.stringify(before) !== JSON.stringify(server))
      this.#tell('server:state', { id: server.id, state: server.state, server });
  }

  #tell(event: string, data: unknown): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(data as never);
  }
}
