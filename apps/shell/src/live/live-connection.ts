import { msg } from '@lit/localize';
import type { ClientToServer, ConsoleLine, ServerToClient, ShownView } from '@sodium/contract';
import type { Socket } from 'socket.io-client';

const LIVE_PATH: typeof import('@sodium/contract').LIVE_PATH = '/api/live';

export type LiveState = 'connecting' | 'online' | 'offline';
type Handler = (data: never) => void;

/**
 * The one live connection of the page. It comes back by itself; what was subscribed before is subscribed again, and a
 * console continues after the last line it has. Fires `state` when the connection comes or goes, `reconnect` after a gap.
 */
export class LiveConnection extends EventTarget {
  #state: LiveState = 'connecting';
  #socket: Socket<ServerToClient, ClientToServer> | null = null;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #consoles = new Map<string, ConsoleSubscription>();
  readonly #unsaid: ShownView[] = [];

  get state(): LiveState {
    return this.#state;
  }

  /** Loads the transport and connects. Call once. */
  async start(): Promise<void> {
    const { io } = await import('socket.io-client');
    let lastHeard: number | null = null;
    const socket = io({
      path: LIVE_PATH,
      // Polling first would cost five requests at each start; it is there for those whose proxy lets no web socket through.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      // What changed meanwhile is told again, so that whoever listens misses nothing.
      auth: (answer) => answer({ away: lastHeard === null ? 0 : Date.now() - lastHeard }),
    });
    this.#socket = socket as Socket<ServerToClient, ClientToServer>;
    if (this.#unsaid.length > 0) this.shown(this.#unsaid.splice(0));
    let connectedBefore = false;
    // A computer that slept notices the end of its connection long after it.
    const heard = (): void => void (lastHeard = Date.now());
    socket.io.on('ping', heard);
    socket.on('connect', () => {
      heard();
      this.#become('online');
      for (const subscription of this.#consoles.values()) this.#ask(subscription);
      if (connectedBefore) this.dispatchEvent(new Event('reconnect'));
      connectedBefore = true;
    });
    socket.on('disconnect', () => this.#become('offline'));
    socket.on('connect_error', () => this.#become('offline'));
    socket.onAny((event: string, data: unknown) => {
      heard();
      this.#deliver(event, data as never);
    });
  }

  /** Silent until `resume`: a session that is being ended on purpose needs no word of its end. */
  pause(): void {
    this.#socket?.disconnect();
  }

  resume(): void {
    this.#socket?.connect();
  }

  on<E extends keyof ServerToClient>(event: E, handler: ServerToClient[E]): () => void;
  on(event: string, handler: Handler): () => void;
  on(event: string, handler: Handler | (() => void)): () => void {
    const handlers = this.#handlers.get(event) ?? new Set<Handler>();
    this.#handlers.set(event, handlers);
    handlers.add(handler as Handler);
    return () => handlers.delete(handler as Handler);
  }

  /** Delivers a server's console from the lines the panel still keeps, until the returned function is called. */
  console(server: string, onLines: (lines: ConsoleLine[]) => void): () => void {
    const subscription: ConsoleSubscription = { server, last: 0, onLines };
    this.#consoles.set(server, subscription);
    if (this.#socket?.connected) this.#ask(subscription);
    return () => {
      if (this.#consoles.get(server) !== subscription) return;
      this.#consoles.delete(server);
      this.#socket?.emit('console:unsubscribe', { server }, () => undefined);
    };
  }

  /** Kept until there is a connection. */
  shown(views: ShownView[]): void {
    if (this.#socket) this.#socket.emit('plugins:shown', { shown: views });
    else this.#unsaid.push(...views);
  }

  command(server: string, command: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#socket?.connected) return reject(new Error(msg('Not connected: the command was not sent.')));
      this.#socket.timeout(10_000).emit('console:command', { server, command }, (late, answer) => {
        if (late) reject(new Error(msg('The panel did not answer in time. The command may not have arrived.')));
        else if (answer.ok) resolve();
        else reject(new Error(answer.error.message));
      });
    });
  }

  #ask(subscription: ConsoleSubscription): void {
    const { server, last } = subscription;
    this.#socket?.emit('console:subscribe', last ? { server, after: last } : { server }, (answer) => {
      if (answer.ok) this.#take(subscription, answer.value.lines);
    });
  }

  #take(subscription: ConsoleSubscription, lines: ConsoleLine[]): void {
    // Lines sent while the subscription was being answered arrive twice.
    const fresh = lines.filter((line) => line.seq > subscription.last);
    if (fresh.length === 0) return;
    subscription.last = fresh[fresh.length - 1]?.seq ?? subscription.last;
    subscription.onLines(fresh);
  }

  #deliver(event: string, data: never): void {
    if (event === 'server:console') {
      const { id, lines } = data as { id: string; lines: ConsoleLine[] };
      const subscription = this.#consoles.get(id);
      if (subscription) this.#take(subscription, lines);
    }
    for (const handler of this.#handlers.get(event) ?? []) handler(data);
  }

  #become(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.dispatchEvent(new Event('state'));
  }
}

/** What of it views use: a frame without a socket has something else in its place. */
export type Live = Pick<LiveConnection, keyof LiveConnection>;

interface ConsoleSubscription {
  readonly server: string;
  last: number;
  readonly onLines: (lines: ConsoleLine[]) => void;
}
