import type { Request, Response } from 'express';
import { HttpError } from '../http-error.js';
import type { LogRing } from '../plugins/log-ring.js';
import { requireCaller } from './http/caller.js';

export interface LogAudience {
  /** Whether this session is an admin's, now. */
  isAdmin(sessionId: string): boolean;
}

const MOST_FOLLOWERS = 50;
/** Lines that come in quick succession are sent together. */
const GATHER_MS = 100;
const LINES_AT_A_TIME = 500;
const SIGN_OF_LIFE_MS = 15_000;

let followers = 0;

/**
 * Sends lines as they come, as NDJSON: `{"last":n}` first, then `{"lines":[…]}` each, `{}` as a sign of life. A number
 * smaller than what the reader has means that counting began anew. A live connection would carry the lines
 * to the user area too, where plugins run in an admin's own browser; a request proves that it comes from the admin's
 * document. Who reads too slowly misses what has left the ring meanwhile: the numbers of the lines tell.
 */
export function followLog(req: Request, res: Response, ring: LogRing, after: number, audience: LogAudience): void {
  if (followers >= MOST_FOLLOWERS)
    throw new HttpError(503, 'TOO_MANY_FOLLOWERS', `${MOST_FOLLOWERS} logs are being followed already. Close some.`);
  const { sessionId } = requireCaller(req);
  let sent = after;
  let timer: NodeJS.Timeout | null = null;

  const send = (message: object): void => void res.write(`${JSON.stringify(message)}\n`);
  const flush = (): void => {
    timer = null;
    if (!audience.isAdmin(sessionId)) return void res.end();
    // The rest waits in the ring until the reader is ready.
    if (res.writableNeedDrain) return void res.once('drain', soon);
    const lines = ring.list(sent).slice(0, LINES_AT_A_TIME);
    if (lines.length === 0) return;
    sent = lines.at(-1)!.seq;
    send({ lines });
    if (sent < ring.last) soon();
  };
  const soon = (): void => void (timer ??= setTimeout(flush, GATHER_MS));
  const life = setInterval(() => (audience.isAdmin(sessionId) ? send({}) : res.end()), SIGN_OF_LIFE_MS);
  const stop = ring.follow(soon);

  followers += 1;
  res.once('close', () => {
    followers -= 1;
    stop();
    clearInterval(life);
    if (timer) clearTimeout(timer);
  });
  // A proxy that gathers the answer would hold lines back.
  res.set({ 'Content-Type': 'application/x-ndjson; charset=utf-8', 'X-Accel-Buffering': 'no' });
  send({ last: ring.last });
  flush();
}
