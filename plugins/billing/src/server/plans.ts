import * as z from 'zod';
import { MOST_MINOR } from '../money.js';
import type { Plan } from '../shapes.js';
import { currencyOf, lookUp, notFound, type Context } from './context.js';

const fields = {
  name: z.string().trim().min(1, 'A plan needs a name.').max(60),
  description: z.string().trim().max(300),
  price: z.int().min(0, 'A price cannot be negative.').max(MOST_MINOR),
  maxServers: z.int().min(0).max(10_000),
  memoryMb: z.int().min(0).max(1_048_576),
};

export const planSchema = z.object({
  ...fields,
  cycle: z.enum(['monthly', 'hourly']).optional(),
  description: fields.description.default(''),
  maxServers: fields.maxServers.default(0),
  memoryMb: fields.memoryMb.default(0),
});
/** The cycle and the currency stay: a plan of another kind is another plan. */
export const planPatchSchema = z.object({ ...fields, archived: z.boolean() }).partial();
type PlanInput = z.infer<typeof planSchema>;
type PlanPatch = z.infer<typeof planPatchSchema>;

type StoredPlan = Plan & { [field: string]: unknown };

/** What users can choose. Plans are archived, never deleted: subscriptions and invoices speak of them. */
export class Plans {
  constructor(readonly context: Pick<Context, 'db' | 'config'>) {
    context.db.registerCollections(['plans']);
  }

  add(input: PlanInput): Plan {
    const cycle = input.cycle ?? this.context.config.get<Plan['cycle']>('billing_cycle') ?? 'monthly';
    const currency = currencyOf(this.context);
    return this.context.db.insert<StoredPlan>('plans', { ...input, cycle, currency, archived: false });
  }

  change(id: string, patch: PlanPatch): Plan {
    const plan = this.context.db.update<StoredPlan>('plans', id, patch);
    if (!plan) throw notFound('plan', id);
    return plan;
  }

  get(id: string): Plan | null {
    return lookUp<StoredPlan>(this.context, 'plans', id);
  }

  all(): Plan[] {
    return this.context.db.find<StoredPlan>('plans', {}, { sort: { price: 1 } });
  }

  offered(): Plan[] {
    return this.all().filter(({ archived }) => !archived);
  }
}
