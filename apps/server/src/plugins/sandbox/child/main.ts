import net from 'node:net';
import { FROM_CHILD } from '../protocol/frames.js';
import { createStreamChannel } from '../protocol/stream-channel.js';
import { prepareEndowments } from './endowments/index.js';
import { formatValue } from './format-value.js';
import { host } from './host.js';
import { createLogSink } from './log-sink.js';
import { Runtime } from './runtime.js';
import { scrubRealm } from './scrub.js';
import { lockRealm, ses } from './ses.js';
import { HttpRequest } from './sodium/http-request.js';
import { HttpResponse } from './sodium/http-response.js';

const PANEL_FD = 3;

/** Locks the realm down; everything until here has taken what it needs of the host. */
export function prepare(): Record<string, unknown> {
  lockRealm();
  const shared = prepareEndowments();
  ses.harden(HttpRequest);
  ses.harden(HttpResponse);
  return shared;
}

/** Connects to the panel and serves one plugin until the panel goes away. */
export function serve(shared: Record<string, unknown>): void {
  const socket = new net.Socket({ fd: PANEL_FD, readable: true, writable: true });
  scrubRealm();
  const channel = createStreamChannel(socket);
  const log = createLogSink(channel);
  channel.onClose(() => host.exit(0));
  host.onProcess('uncaughtException', (error) => log('error', `Uncaught: ${formatValue(error)}`));
  host.onProcess('unhandledRejection', (error) =>
    log('error', `A promise was rejected and nobody handled it: ${formatValue(error)}`),
  );
  new Runtime(channel, shared, log);
  channel.send(FROM_CHILD.booted, 0);
}
