import type { IncomingMessage } from 'node:http';
import type { ClientToServer, ServerToClient, ShownView } from '@sodium/contract';
import type { Server, Socket } from 'socket.io';
import type { HookPort } from '../../plugins/hooks-port.js';
import type { ServerService } from '../servers/server-service.js';
import type { Authenticated, SessionService } from '../users/session-service.js';

export interface LiveDeps {
  sessions: SessionService;
  servers: ServerService;
  hooks: HookPort;
  /** What a new connection is told of the registry; null while that is about to change. */
  registryVersion?(): string | null;
  /** A page shows something of a plugin. */
  shown?(view: ShownView): void;
  /** Whether a page of this origin may connect. By default only pages of the same host. */
  allowOrigin?(request: IncomingMessage): boolean;
}

type Data = { who: Authenticated };
export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, Data>;
export type LiveServer = Server<ClientToServer, ServerToClient, Record<string, never>, Data>;

/** Those who look at a server's console. */
export const consoleRoom = (server: string): string => `console:${server}`;
