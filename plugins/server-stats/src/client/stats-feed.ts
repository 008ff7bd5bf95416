import type { ClientSodium } from '@sodium/sdk';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { everyMinute, MINUTE_MS, type Point, type ServerStats } from '../points.js';
import { appendPoint } from './series.js';

export type FeedState =
  { kind: 'loading' } | { kind: 'failed'; message: string } | { kind: 'ready'; servers: readonly ServerStats[] };

/** Alerts begin and end with a minute. */
const RELOAD_MS = MINUTE_MS;

/**
 * Servers with their recent points: history from this plugin's routes, then live events, for as long as the element is
 * on the page.
 */
export class StatsFeed implements ReactiveController {
  state: FeedState = { kind: 'loading' };
  #disposals: (() => void)[] = [];
  #connection = 0;

  /** `server`: this one only. */
  constructor(
    readonly host: ReactiveControllerHost,
    readonly sodium: () => Pick<ClientSodium, 'api' | 'live'>,
    readonly scope: () => { server?: string; minutes: number },
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const { live } = this.sodium();
    const timer = setInterval(() => void this.load(), RELOAD_MS);
    this.#disposals = [
      () => clearInterval(timer),
      live.on('server:usage', (event) => this.#onUsage(event as { id: string; usage: Point })),
      live.on('server:state', (event) => this.#onState(event as { id: string; state: string })),
      live.on('server:created', () => void this.load()),
      live.on('server:deleted', () => void this.load()),
    ];
    void this.load();
  }

  hostDisconnected(): void {
    this.#connection += 1;
    for (const dispose of this.#disposals.splice(0)) dispose();
  }

  readonly load = async (): Promise<void> => {
    const connection = (this.#connection += 1);
    const { server, minutes } = this.scope();
    const { api } = this.sodium();
    try {
      const servers = server
        ? [await api.get<ServerStats>(`/servers/${encodeURIComponent(server)}?minutes=${minutes}`)]
        : (await api.get<{ items: ServerStats[] }>(`/servers?minutes=${minutes}`)).items;
      if (connection === this.#connection)
        this.#show({ kind: 'ready', servers: servers.map((fresh) => this.#withLivePoints(fresh)) });
    } catch (error) {
      // What is on the page already is more useful than an error in its place.
      if (connection === this.#connection && this.state.kind !== 'ready')
        this.#show({ kind: 'failed', message: (error as Error).message });
    }
  };

  /** The routes know completed minutes; what was heard since then stays. */
  #withLivePoints(fresh: ServerStats): ServerStats {
    const known = this.state.kind === 'ready' ? this.state.servers.find(({ id }) => id === fresh.id) : undefined;
    const points = everyMinute(fresh.points);
    const newest = points.at(-1)?.at ?? 0;
    const live = (known?.points ?? []).filter(({ at }) => at >= newest + MINUTE_MS);
    return { ...fresh, points: [...points, ...live] };
  }

  #onUsage({ id, usage }: { id: string; usage: Point }): void {
    const { cpu, memoryBytes, at = Date.now() } = usage;
    const windowMs = this.scope().minutes * MINUTE_MS;
    this.#change(id, (server) => ({
      ...server,
      points: appendPoint(server.points, { at, cpu, memoryBytes }, windowMs),
    }));
  }

  #onState({ id, state }: { id: string; state: string }): void {
    this.#change(id, (server) => ({ ...server, state }));
  }

  #change(id: string, change: (server: ServerStats) => ServerStats): void {
    if (this.state.kind !== 'ready') return;
    this.#show({
      kind: 'ready',
      servers: this.state.servers.map((server) => (server.id === id ? change(server) : server)),
    });
  }

  #show(state: FeedState): void {
    this.state = state;
    this.host.requestUpdate();
  }
}
