import type { HookServer, PluginRequest, PluginResponse, RouteErrorHandler, RouteHandler } from '@sodium/sdk';
import type * as z from 'zod';
import type { Billing } from './billing.js';
import { Fault, notFound, type Context } from './context.js';
import type { CustomerInfo } from './subscriptions.js';

type Handler = (req: PluginRequest, res: PluginResponse) => Promise<unknown> | unknown;

/** What a handler returns is the answer. */
export function answer(handler: Handler): RouteHandler {
  return async (req, res) => {
    const value = await handler(req, res);
    if (!res.headersSent) res.json(value ?? {});
  };
}

export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new Fault(400, 'INVALID_INPUT', path.length > 0 ? `${path.join('.')}: ${message}` : message);
}

/** Users are told what they can do about it; the cause, where there is one, is for admins in the log. */
export const explainFaults =
  (logger: Context['logger']): RouteErrorHandler =>
  (error, _req, res, next) => {
    if (!(error instanceof Fault)) return next(error);
    if (error.cause) logger.warn(`${error.code}: ${(error.cause as Error).message}`);
    return res.status(error.status).json({ error: { code: error.code, message: error.message } });
  };

export async function customer({ context }: Billing, id: string): Promise<CustomerInfo> {
  const user = await context.users.get(id);
  if (!user) throw notFound('user', id);
  return { id, username: user.username, email: user.email };
}

export async function serversOf({ context }: Billing, user: string): Promise<HookServer[]> {
  return (await context.servers.list()).filter(({ owner }) => owner === user);
}

/** Where the panel is, as its user's browser sees it. The panel refuses requests from foreign origins. */
export function originOf(req: PluginRequest): string {
  const origin = req.get('origin');
  if (origin && /^https?:\/\/[^/\s]+$/.test(origin)) return origin;
  const host = req.get('host') ?? 'localhost';
  return `${req.get('x-forwarded-proto') === 'https' ? 'https' : 'http'}://${host}`;
}

/** A route's user: routes that need none are not among these. */
export const userId = ({ user }: PluginRequest): string => user!.id;

export const param = ({ params }: PluginRequest, name: string): string => params[name] ?? '';
