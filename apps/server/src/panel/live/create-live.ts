import type { Server as HttpServer } from 'node:http';
import { LIVE_PATH } from '@sodium/contract';
import { Server } from 'socket.io';
import type { ServerEvent } from '../servers/server-events.js';
import { ConsoleBatches } from './console-batches.js';
import { authenticateRequest, isSameHost } from './handshake.js';
import { consoleRoom, type LiveDeps, type LiveServer, type LiveSocket } from './live-types.js';
import { RecentChanges, type ServerChange } from './recent-changes.js';
import { serveConnection } from './serve-connection.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_PER_USER = 50;
const MAX_WAITING_PACKETS = 500;
const EXPIRY_CHECK_MS = 60_000;

export interface Live {
  broadcastRegistryChanged(etag: string): void;
  /** Tells admins that the plugin list changed. */
  notifyAdmins(): void;
  /** Closes the connections of a session, known by its name. */
  endSession(session: string): void;
  close(): Promise<void>;
}

const userRoom = (user: string): string => `user:${user}`;
const sessionRoom = (session: string): string => `session:${session}`;
const ADMINS = 'admins';

/** The live connection of the shell: what changes, as it changes. Must be created before the server listens. */
export function createLive(httpServer: HttpServer, deps: LiveDeps): Live {
  const { sessions, servers } = deps;
  const allowOrigin = deps.allowOrigin ?? isSameHost;
  const io: LiveServer = new Server(httpServer, {
    path: LIVE_PATH,
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    // Compressing every small message costs more than it saves, and memory per connection.
    perMessageDeflate: false,
    allowRequest: (request, answer) => {
      const welcome = allowOrigin(request) && authenticateRequest(request, sessions) !== null;
      answer(welcome ? null : 'Log in first.', welcome);
    },
  });

  io.use((socket, next) => {
    const who = authenticateRequest(socket.request, sessions);
    if (!who) return next(new Error('LOGIN_REQUIRED'));
    if ((io.sockets.adapter.rooms.get(userRoom(who.user.id))?.size ?? 0) >= MAX_PER_USER)
      return next(new Error('TOO_MANY_CONNECTIONS'));
    socket.data.who = who;
    next();
  });
  io.on('connection', (socket) => {
    const { user, session } = socket.data.who;
    void socket.join([userRoom(user.id), sessionRoom(session), ...(user.role === 'admin' ? [ADMINS] : [])]);
    // It may have ended between the handshake and now.
    if (!sessions.check(session)) return endSession(session);
    serveConnection(socket, deps);
    // What changed between its page's first look and now was told to nobody.
    const etag = deps.registryVersion?.() ?? null;
    if (etag !== null) socket.emit('registry:changed', { etag });
    const maySee = ({ owner }: { owner: string }): boolean => user.role === 'admin' || owner === user.id;
    for (const change of recent.missed(awayMs(socket))) if (maySee(change)) announce(socket, change);
    for (const [id, usage] of servers.latestUsage(user)) socket.emit('server:usage', { id, usage });
  });

  const endSession = (session: string): void => {
    io.to(sessionRoom(session)).emit('session:ended');
    io.in(sessionRoom(session)).disconnectSockets(true);
  };
  const recent = new RecentChanges();
  const batches = new ConsoleBatches((id, lines) => {
    for (const socket of socketsIn(io, consoleRoom(id))) {
      if (isStuck(socket)) socket.disconnect(true);
      else socket.emit('server:console', { id, lines });
    }
  });
  const ends = [
    servers.on((event) => {
      if (event.type !== 'console' && event.type !== 'usage') recent.add(event);
      tell(io, batches, event);
    }),
    sessions.onEnded(({ session }) => endSession(session)),
  ];
  const expiry = setInterval(() => {
    for (const socket of io.sockets.sockets.values())
      if (!sessions.check(socket.data.who.session)) endSession(socket.data.who.session);
  }, EXPIRY_CHECK_MS);
  expiry.unref();

  return {
    broadcastRegistryChanged: (etag) => void io.emit('registry:changed', { etag }),
    notifyAdmins: () => void io.to(ADMINS).emit('admin:plugins'),
    endSession,
    close: async () => {
      clearInterval(expiry);
      for (const end of ends) end();
      batches.flush();
      await io.close();
    },
  };
}

function tell(io: LiveServer, batches: ConsoleBatches, event: ServerEvent): void {
  if (event.type === 'console') {
    // Nobody looks at most consoles.
    if (io.sockets.adapter.rooms.has(consoleRoom(event.id))) batches.add(event.id, event.line);
    return;
  }
  // A connection in both rooms is told once.
  const audience = io.to(userRoom(event.owner)).to(ADMINS);
  if (event.type === 'usage') return void audience.volatile.emit('server:usage', { id: event.id, usage: event.usage });
  announce(audience, event);
  if (event.type === 'deleted') io.in(consoleRoom(event.id)).socketsLeave(consoleRoom(event.id));
}

function announce(to: Pick<LiveSocket, 'emit'>, change: ServerChange): void {
  if (change.type === 'created') to.emit('server:created', { server: change.server });
  else if (change.type === 'deleted') to.emit('server:deleted', { id: change.id });
  else to.emit('server:state', { id: change.id, state: change.state, server: change.server });
}

/** How long a page that comes back was away, as it says. */
function awayMs(socket: LiveSocket): number {
  const { away } = socket.handshake.auth as { away?: unknown };
  return typeof away === 'number' && away > 0 ? away : 0;
}

function socketsIn(io: LiveServer, room: string): LiveSocket[] {
  return [...(io.sockets.adapter.rooms.get(room) ?? [])].flatMap((id) => io.sockets.sockets.get(id) ?? []);
}

/** It does not read what it is sent. When it is back it asks for the lines it missed. */
function isStuck(socket: LiveSocket): boolean {
  const { writeBuffer } = socket.conn as unknown as { writeBuffer: unknown[] };
  return writeBuffer.length > MAX_WAITING_PACKETS;
}
