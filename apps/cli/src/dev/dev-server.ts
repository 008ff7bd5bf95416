import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyServer } from 'httpxy';
import { UsageError } from '../commands/command-context.js';
import type { DevEvent, DevListener } from './dev-events.js';
import { OVERLAY_SOURCE } from './overlay-source.js';
import { DEV_COOKIE, giveOwnCookie, takeOwnCookie } from './own-cookie.js';

export interface DevServerOptions {
  readonly panel: string;
  readonly port: number;
  /** Where the login leads to. */
  readonly home: string;
  /** The session of an account, or of the admin who develops. Null where there is none of this name. */
  readonly login: (username: string | null) => Promise<string | null>;
}

export interface DevServer {
  readonly url: string;
  /** Logs in by itself. */
  readonly loginUrl: string;
  readonly tell: DevListener;
  close(): Promise<void>;
}

const PREFIX = '/@sodium-dev';
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * Stands before the panel and passes everything on. Into the panel's documents it puts the overlay that shows errors,
 * so that the panel itself knows nothing of authors at work.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const proxy = createProxyServer({ target: options.panel, changeOrigin: false });
  proxy.on('proxyRes', giveOwnCookie);
  const feed = new Feed();
  const key = randomBytes(24).toString('base64url');
  const server = createServer((req, res) => {
    // Another site whose name leads to this machine gets nothing.
    if (!LOOPBACK.test(req.headers.host ?? '')) return void res.writeHead(403).end();
    const path = (req.url ?? '/').split('?', 1)[0]!;
    if (path === `${PREFIX}/overlay.js`) return sendScript(res);
    if (path === `${PREFIX}/events`) return feed.connect(req, res);
    if (path === `${PREFIX}/login/${key}`) return void logIn(req, res, options.home, options.login);
    void pass(req, res);
  });
  const pass = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    takeOwnCookie(req);
    if (isNavigation(req)) injectInto(req, res);
    await proxy.web(req, res).catch(() => gone(res));
  };
  // They are no longer the server's own: it would wait for browsers to end them.
  const upgraded = new Set<Duplex>();
  const keep = (socket: Duplex): void => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
  };
  // The other half: a panel that somebody else runs would hold this process for a minute more.
  proxy.on('open', keep);
  server.on('upgrade', (req, socket, head) => {
    keep(socket);
    if (!LOOPBACK.test(req.headers.host ?? '')) return void socket.destroy();
    takeOwnCookie(req);
    proxy.ws(req, socket as Socket, {}, head).catch(() => socket.destroy());
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    loginUrl: `${url}${PREFIX}/login/${key}`,
    tell: (event) => feed.tell(event),
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

/** The last word is told to pages that come later, or come back: an overlay may still show what has been mended since. */
class Feed {
  readonly #clients = new Set<ServerResponse>();
  #last: DevEvent | null = null;

  connect(req: IncomingMessage, res: ServerResponse): void {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    res.write(this.#last ? line(this.#last) : ': connected\n\n');
    this.#clients.add(res);
    req.on('close', () => this.#clients.delete(res));
  }

  tell(event: DevEvent): void {
    if (event.event === 'ready') return;
    // A page that is loaded anew throws again by itself, or no longer.
    if (event.event !== 'threw') this.#last = event;
    for (const client of this.#clients) client.write(line(event));
  }

  close(): void {
    for (const client of this.#clients) client.end();
  }
}

const line = (event: DevEvent): string => `data: ${JSON.stringify(event)}\n\n`;

const isNavigation = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers['sec-fetch-dest'] === 'document';

/** Adds the overlay to a document while it passes. Other answers to a navigation go through as they are. */
function injectInto(req: IncomingMessage, res: ServerResponse): void {
  delete req.headers['accept-encoding'];
  const { writeHead, end } = res;
  const write = res.write.bind(res);
  res.writeHead = ((status: number, ...rest: never[]) => {
    if (isHtml(res)) res.removeHeader('content-length');
    return writeHead.call(res, status, ...rest);
  }) as typeof res.writeHead;
  const isHtml = (response: ServerResponse): boolean =>
    String(response.getHeader('content-type') ?? '').startsWith('text/html');
  res.end = ((...args: Parameters<typeof end>) => {
    if (!isHtml(res) || res.statusCode >= 300) return end.apply(res, args);
    if (args[0] !== undefined && args[0] !== null && typeof args[0] !== 'function') write(args[0] as Buffer);
    return end.call(res, `<script type="module" src="${PREFIX}/overlay.js"></script>\n`, 'utf8');
  }) as typeof end;
}

function sendScript(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' });
  res.end(OVERLAY_SOURCE);
}

/** `?as=ann` and `?to=/servers`: who, and where to. */
async function logIn(
  req: IncomingMessage,
  res: ServerResponse,
  home: string,
  login: DevServerOptions['login'],
): Promise<void> {
  const { searchParams } = new URL(req.url ?? '/', 'http://127.0.0.1');
  const to = searchParams.get('to') ?? home;
  const token = await login(searchParams.get('as')).catch(() => null);
  if (token === null || !/^\/(?![/\\])/.test(to)) return void res.writeHead(404).end('There is nobody of this name.');
  res.writeHead(302, { 'set-cookie': `${DEV_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax`, location: to }).end();
}

function gone(res: ServerResponse): void {
  if (!res.headersSent) res.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' });
  res.end('The panel does not answer.');
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new UsageError(`Port ${port} is taken.`, 'Choose another with --port.') : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
