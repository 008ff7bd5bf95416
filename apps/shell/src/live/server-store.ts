import type { Server, UsagePoint } from '@sodium/contract';
import type { ApiClient } from '../api/api-client.js';
import type { Live } from './live-connection.js';

type Loading = { status: 'loading' } | { status: 'ready' } | { status: 'failed'; error: unknown };

/** The servers this user may see, kept current by live events. Fires `change`. */
export class ServerStore extends EventTarget {
  #state: Loading = { status: 'loading' };
  #pending: Promise<void> | null = null;
  readonly #servers = new Map<string, Server>();
  readonly #usage = new Map<string, UsagePoint>();
  /** What events told while the list was being asked for: they may be newer than its answer. Null is a deletion. */
  #meanwhile = new Map<string, Server | null>();

  constructor(
    private readonly api: ApiClient,
    live: Live,
  ) {
    super();
    live.on('server:created', ({ server }) => this.put(server));
    live.on('server:deleted', ({ id }) => this.remove(id));
    live.on('server:state', ({ server }) => this.put(server));
    live.on('server:usage', ({ id, usage }) => {
      this.#usage.set(id, usage);
      this.#changed();
    });
    live.addEventListener('reconnect', () => void this.refresh());
  }

  get state(): Loading {
    return this.#state;
  }

  get all(): Server[] {
    return [...this.#servers.values()].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }

  get = (id: string): Server | undefined => this.#servers.get(id);

  /** The latest sample; none while the server is off. */
  usage(id: string): UsagePoint | undefined {
    return this.#servers.get(id)?.state === 'offline' ? undefined : this.#usage.get(id);
  }

  /** Asks once; later calls share the answer. */
  load(): Promise<void> {
    return (this.#pending ??= this.refresh());
  }

  async refresh(): Promise<void> {
    this.#meanwhile.clear();
    try {
      const { items } = await this.api.get<{ items: Server[] }>('/api/servers');
      this.#servers.clear();
      for (const server of items) this.#servers.set(server.id, server);
      for (const [id, server] of this.#meanwhile) {
        if (server) this.#servers.set(id, server);
        else this.#servers.delete(id);
      }
      this.#state = { status: 'ready' };
    } catch (error) {
      // A failed refresh leaves what is known on the screen.
      if (this.#state.status !== 'ready') this.#state = { status: 'failed', error };
    }
    this.#changed();
  }

  put(server: Server): void {
    this.#meanwhile.set(server.id, server);
    this.#servers.set(server.id, server);
    this.#changed();
  }

  remove(id: string): void {
    this.#meanwhile.set(id, null);
    this.#servers.delete(id);
    this.#usage.delete(id);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
