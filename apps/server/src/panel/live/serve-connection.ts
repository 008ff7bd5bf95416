import type { User } from '@sodium/contract';
import { z } from 'zod';
import { HttpError } from '../../http-error.js';
import { MessageBudget } from './message-budget.js';
import { consoleRoom, type LiveDeps, type LiveSocket } from './live-types.js';
import { hearShownViews } from './shown-views.js';

const serverId = z.string().min(1).max(64);
const subscribeSchema = z.object({ server: serverId, after: z.int().min(0).optional() });
const unsubscribeSchema = z.object({ server: serverId });
const commandSchema = z.object({ server: serverId, command: z.string().min(1).max(2000) });

type Answer = (answer: { ok: true; value: unknown } | { ok: false; error: { code: string; message: string } }) => void;
type Message = { server: string };

/** Answers what one connection sends. Who sends it, and what they may see, is asked again for every message. */
export function serveConnection(socket: LiveSocket, deps: LiveDeps): void {
  const { sessions, servers, hooks } = deps;
  const budget = new MessageBudget(60, 20, 300);
  hearShownViews(socket, deps, budget);

  const on = <M extends Message>(
    event: string,
    schema: z.ZodType<M>,
    handle: (message: M, user: User) => unknown,
  ): void => {
    // Everything is untrusted here, also whether there is an answer to call.
    (socket as unknown as { on(event: string, listener: (...args: unknown[]) => void): void }).on(
      event,
      (message, ack) => {
        const answer: Answer = typeof ack === 'function' ? (ack as Answer) : () => undefined;
        try {
          answer({ ok: true, value: accept(event, schema, message, handle) });
        } catch (error) {
          answer({ ok: false, error: describe(error) });
        }
      },
    );
  };

  const accept = <M extends Message>(
    event: string,
    schema: z.ZodType<M>,
    message: unknown,
    handle: (message: M, user: User) => unknown,
  ) => {
    spend(socket, budget);
    const who = sessions.check(socket.data.who.session);
    if (!who) {
      socket.disconnect(true);
      throw new HttpError(401, 'LOGIN_REQUIRED', 'Log in first.');
    }
    const parsed = schema.safeParse(message);
    if (!parsed.success)
      throw new HttpError(400, 'INVALID_MESSAGE', parsed.error.issues.map((issue) => issue.message).join(' '));
    // 404 for a server that is not this user's, before anybody hears of the message.
    servers.get(who.user, parsed.data.server);
    const value = handle(parsed.data, who.user);
    const { id, username, role } = who.user;
    hooks.after('ws:message', () => ({
      user: { id, username, role },
      server: parsed.data.server,
      message: { event, ...parsed.data },
    }));
    return value;
  };

  on('console:subscribe', subscribeSchema, ({ server, after }, user) => {
    // Joined first: a line between the two would be sent twice at worst, and lines carry numbers.
    void socket.join(consoleRoom(server));
    return { lines: servers.console(user, server, after) };
  });
  on('console:unsubscribe', unsubscribeSchema, ({ server }) => void socket.leave(consoleRoom(server)));
  on('console:command', commandSchema, ({ server, command }, user) => servers.command(user, server, command));
}

function spend(socket: LiveSocket, budget: MessageBudget): void {
  const verdict = budget.take();
  if (verdict === 'ok') return;
  if (verdict === 'hopeless') socket.disconnect(true);
  throw new HttpError(429, 'TOO_MANY_MESSAGES', 'Too many messages at once. Wait a second.');
}

function describe(error: unknown): { code: string; message: string } {
  if (error instanceof HttpError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: 'The panel failed to answer this message.' };
}
