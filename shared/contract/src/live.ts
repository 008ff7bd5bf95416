import type { Server, ServerState, UsagePoint } from './servers.js';

/** One line (or chunk) of a server's console. `seq` grows by one; a client that reconnects asks for what came after. */
export interface ConsoleLine {
  seq: number;
  /** Milliseconds since 1970. */
  at: number;
  stream: 'out' | 'err' | 'in' | 'panel';
  text: string;
}

/**
 * The live connection (socket.io at `/api/live`, authenticated by the session cookie).
 * What the panel sends:
 */
export interface ServerToClient {
  /** To everyone who may see the server. */
  'server:state': (event: { id: string; state: ServerState; server: Server }) => void;
  'server:created': (event: { server: Server }) => void;
  'server:deleted': (event: { id: string }) => void;
  'server:usage': (event: { id: string; usage: UsagePoint }) => void;
  /** To those who subscribed to the server's console. */
  'server:console': (event: { id: string; lines: ConsoleLine[] }) => void;
  /** Which version the registry has now: told upon connection and at each change, once the active plugins have settled. */
  'registry:changed': (event: { etag: string }) => void;
  /** To admins: something in the plugin list changed. */
  'admin:plugins': () => void;
  /** The session ended (logout elsewhere, role changed): load the page again. */
  'session:ended': () => void;
}

export type Ack<T = undefined> = (
  answer: { ok: true; value: T } | { ok: false; error: { code: string; message: string } },
) => void;

/** What a client sends. Every message is answered. */
export interface ClientToServer {
  /** Begins console lines for one server; the answer holds the lines after `after` that are still kept. */
  'console:subscribe': (message: { server: string; after?: number }, ack: Ack<{ lines: ConsoleLine[] }>) => void;
  'console:unsubscribe': (message: { server: string }, ack: Ack) => void;
  'console:command': (message: { server: string; command: string }, ack: Ack) => void;
  /** Views of plugins that this page shows: each is a use of the permission that it needs. */
  'plugins:shown': (message: { shown: ShownView[] }) => void;
}

/** Something of a plugin on a user's screen. */
export interface ShownView {
  plugin: string;
  place: 'page' | 'sidebar' | 'tab' | 'widget';
}

export const LIVE_PATH = '/api/live';
