import { formatMoney, share } from '../money.js';
import { monthOf } from '../periods.js';
import type { Invoice, Plan, Subscription } from '../shapes.js';
import { Fault, type Context } from './context.js';
import type { Invoices } from './invoices.js';
import type { Ledger } from './ledger.js';

type StoredSubscription = Subscription & { [field: string]: unknown };
export type CustomerInfo = { id: string; username: string; email: string };

/** Which plan a user has. Monthly ones are paid ahead for calendar months, the first and a changed one in proportion. */
export class Subscriptions {
  constructor(
    readonly context: Pick<Context, 'db' | 'now'>,
    readonly ledger: Ledger,
    readonly invoices: Invoices,
  ) {
    context.db.registerCollections([{ name: 'subscriptions', indexes: ['user', 'status'] }]);
  }

  activeOf(user: string): Subscription | null {
    return this.context.db.findOne<StoredSubscription>('subscriptions', { user, status: 'active' });
  }

  /** Whether the user ever had a plan. */
  known(user: string): boolean {
    return this.context.db.findOne('subscriptions', { user }) !== null;
  }

  active(): Subscription[] {
    return this.context.db.find<StoredSubscription>('subscriptions', { status: 'active' });
  }

  /** In one tick: the old plan ends, the new one begins, and the difference is booked. */
  subscribe(
    customer: CustomerInfo,
    plan: Plan,
    servers: number,
  ): { subscription: Subscription; invoice: Invoice | null } {
    const current = this.activeOf(customer.id);
    if (plan.archived) throw new Fault(409, 'PLAN_ARCHIVED', `The plan "${plan.name}" is not offered any more.`);
    if (plan.maxServers > 0 && servers > plan.maxServers)
      throw new Fault(
        409,
        'TOO_MANY_SERVERS',
        `The plan "${plan.name}" includes ${plan.maxServers} servers and you have ${servers}. Delete some or choose a larger plan.`,
      );
    if (current?.plan === plan.id) return { subscription: this.#keep(current), invoice: null };
    if (current) this.#endNow(current, `changed to ${plan.name}`);
    const subscription = this.#begin(customer.id, plan);
    return { subscription, invoice: this.#charge(customer, subscription, subscription.startedAt) };
  }

  /** A monthly plan is paid until the end of the month and stays until then; an hourly one ends at once. */
  cancel(user: string): Subscription {
    const current = this.activeOf(user);
    if (!current) throw new Fault(409, 'NO_PLAN', 'You have no plan that could be cancelled.');
    if (current.cycle === 'hourly') return this.#end(current);
    return this.#update(current.id, { ending: true });
  }

  /**
   * Begins the month that now is for a subscription whose period is over. Months that passed while the panel was off
   * are not charged.
   */
  renew(subscription: Subscription, customer: CustomerInfo): Invoice | null {
    if (subscription.status !== 'active' || this.context.now() < subscription.periodEnd) return null;
    if (subscription.ending) {
      this.#end(subscription);
      return null;
    }
    const { start, end } = monthOf(this.context.now());
    const renewed = this.#update(subscription.id, { periodStart: start, periodEnd: end });
    return renewed.cycle === 'monthly' ? this.#charge(customer, renewed, start) : null;
  }

  /** Its user does not exist any more. */
  drop(subscription: Subscription): void {
    this.#end(subscription);
  }

  #begin(user: string, plan: Plan): Subscription {
    const now = this.context.now();
    const { start, end } = monthOf(now);
    return this.context.db.insert<StoredSubscription>('subscriptions', {
      user,
      plan: plan.id,
      planName: plan.name,
      cycle: plan.cycle,
      price: plan.price,
      currency: plan.currency,
      maxServers: plan.maxServers,
      memoryMb: plan.memoryMb,
      status: 'active',
      startedAt: now,
      periodStart: start,
      periodEnd: end,
      ending: false,
      endedAt: null,
    });
  }

  #keep(current: Subscription): Subscription {
    if (current.ending) return this.#update(current.id, { ending: false });
    throw new Fault(409, 'SAME_PLAN', `You have the plan "${current.planName}" already.`);
  }

  #charge(customer: CustomerInfo, subscription: Subscription, from: number): Invoice | null {
    if (subscription.cycle === 'hourly') return null;
    const { id, planName, price, currency, periodStart, periodEnd } = subscription;
    const amount = share(price, periodEnd - from, periodEnd - periodStart);
    const whole = from === periodStart;
    const text = whole
      ? `Plan “${planName}”`
      : `Plan “${planName}”, rest of the month of ${formatMoney(price, currency, 'en-US')}`;
    return this.invoices.issue({
      key: `plan:${id}:${periodStart}`,
      customer,
      currency,
      lines: [{ text, quantity: 1, unitPrice: amount, amount }],
      period: { start: from, end: periodEnd },
      booked: false,
    });
  }

  /** What was paid ahead and is not used comes back. */
  #endNow(current: Subscription, why: string): void {
    const { id, user, currency, cycle, price, periodStart, periodEnd, planName } = current;
    const left = Math.max(0, periodEnd - this.context.now());
    // A month that was never charged, or whose invoice was voided, has nothing to give back.
    const charged = cycle === 'monthly' ? this.invoices.chargedFor(`plan:${id}:${periodStart}`) : 0;
    const amount = Math.min(charged, share(price, left, periodEnd - periodStart));
    const text = `Unused rest of plan “${planName}” (${why})`;
    if (amount > 0)
      this.ledger.book({ id: `proration:${id}`, user, amount, currency, kind: 'proration', contra: 'revenue', text });
    this.#end(current);
    this.invoices.settle(user, currency);
  }

  #end({ id }: Subscription): Subscription {
    return this.#update(id, { status: 'ended', endedAt: this.context.now() });
  }

  #update(id: string, patch: Partial<Subscription>): Subscription {
    return this.context.db.update<StoredSubscription>('subscriptions', id, patch)!;
  }
}
