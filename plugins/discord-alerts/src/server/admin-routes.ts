import type { PluginRequest, RouteErrorHandler, Router } from '@sodium/sdk';
import * as z from 'zod';
import { KIND_LABELS, KINDS, type DeadLetter, type Embed, type Kind, type Overview } from '../shapes.js';
import { Fault, quietFault, quietModeOf, quietUntil, type Context } from './context.js';
import type { Delivery } from './delivery.js';
import { embedOf } from './embeds.js';
import type { QueuedEvent } from './queued-event.js';

const SHOWN_DEAD = 50;
const id = z.string().regex(/^\d{15,21}$/, 'An id of Discord is a number of 15 to 21 digits. Copy it with “Copy ID”.');
const words = { title: z.string().trim().min(1, 'The title is missing.').max(200), body: z.string().trim().max(1500) };
const wordsSchema = z.object(words);
const ruleSchema = z.object({
  ...words,
  roles: z.array(id).max(20, 'At most 20 roles are called.'),
  users: z.array(id).max(20, 'At most 20 users are called.'),
  enabled: z.boolean(),
});
const kindSchema = z.enum(KINDS);

/** Names as nobody should choose them: the preview shows what becomes of them. */
const SAMPLE: Record<string, string> = {
  server: 'web *shop* @everyone',
  template: 'Node.js',
  owner: 'ann',
  user: 'ada',
  exit_code: '137',
  ip: '203.0.113.7',
  title: 'CPU of web shop over 90 %',
  text: 'It was at 97 % for five minutes.',
  source: 'Server Stats',
};

export function adminRoutes(router: Router, context: Context, delivery: Delivery): void {
  const { queue, rules } = delivery;
  router.get('/admin/overview', (_req, res) => res.json(overviewOf(context, delivery)));
  router.post('/admin/test', async (_req, res) => res.json(await delivery.test()));
  router.post('/admin/resume', (_req, res) => {
    delivery.channel.enable();
    delivery.wake(0);
    res.json({});
  });
  router.post('/admin/dead/retry', (_req, res) => {
    revive(context, delivery, queue.dead());
    res.json({});
  });
  router.post('/admin/dead/:id/retry', (req, res) => {
    revive(context, delivery, [deadLetter(delivery, req)]);
    res.json({});
  });
  router.delete('/admin/dead', (_req, res) => {
    queue.remove(queue.dead());
    res.json({});
  });
  router.delete('/admin/dead/:id', (req, res) => {
    queue.remove([deadLetter(delivery, req)]);
    res.json({});
  });
  router.get('/admin/rules', (_req, res) => res.json({ items: rules.all() }));
  router.put('/admin/rules/:kind', async (req, res) => {
    const { enabled, ...rule } = read(ruleSchema, req.body);
    await rules.save(kindOf(req), rule, enabled);
    res.json({});
  });
  router.delete('/admin/rules/:kind', (req, res) => {
    rules.reset(kindOf(req));
    res.json({});
  });
  router.post('/admin/rules/:kind/preview', (req, res) => {
    const kind = kindOf(req);
    const rule = read(wordsSchema, req.body);
    rules.check(kind, rule);
    res.json(previewOf(kind, rule, context.now()));
  });
  router.use(explainFaults);
}

const previewOf = (kind: Kind, rule: { title: string; body: string }, at: number): Embed =>
  embedOf({ kind, at, values: SAMPLE, doubtful: false }, rule);

function overviewOf(context: Context, { queue, channel }: Delivery): Overview {
  const { disabled, pausedUntil, pausedBecause } = channel.state;
  const { sent, dropped } = queue.counts();
  const paused = pausedUntil > context.now();
  return {
    configured: Boolean(context.config.get('webhook_url')),
    disabled,
    waitingUntil: paused ? pausedUntil : null,
    waitingReason: paused ? pausedBecause : null,
    quietUntil: quietUntil(context),
    quietMode: quietModeOf(context),
    problem: quietFault(context),
    waiting: queue.size('waiting') + queue.size('sending'),
    dead: queue.dead(SHOWN_DEAD).map(toDeadLetter),
    deadTotal: queue.size('dead'),
    sent: channel.sent(),
    counts: { sent, dropped },
  };
}

function toDeadLetter({ id, kind, at, values, error }: QueuedEvent): DeadLetter {
  const about = values.server ?? values.title ?? values.user ?? KIND_LABELS[kind];
  return { id, kind, at, about, error: error ?? '' };
}

function deadLetter({ queue }: Delivery, { params }: PluginRequest): QueuedEvent {
  const found = queue.deadLetter(params.id ?? '');
  if (!found) throw new Fault(404, 'NOT_FOUND', 'There is no such message among those that were given up.');
  return found;
}

function revive({ now }: Context, delivery: Delivery, events: readonly QueuedEvent[]): void {
  delivery.queue.giveBack(events, { dueAt: now(), attempts: 0, alone: true });
  delivery.wake(0);
}

function kindOf({ params }: PluginRequest): Kind {
  const kind = kindSchema.safeParse(params.kind);
  if (kind.success) return kind.data;
  throw new Fault(404, 'NOT_FOUND', 'There is no such event.');
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new Fault(400, 'INVALID_INPUT', result.error.issues[0]!.message);
}

const explainFaults: RouteErrorHandler = (error, _req, res, next) => {
  if (!(error instanceof Fault)) return next(error);
  return res.status(error.status).json({ error: { code: error.code, message: error.message } });
};
