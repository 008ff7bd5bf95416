import type { HookServer } from '@sodium/sdk';
import { formatMoney } from '../money.js';
import { dayName, monthOf } from '../periods.js';
import type { Notice, ServerUsage, Summary } from '../shapes.js';
import { Checkout } from './checkout.js';
import { currencyOf, type Context } from './context.js';
import { Invoices } from './invoices.js';
import { Ledger } from './ledger.js';
import { Payments } from './payments.js';
import { Plans } from './plans.js';
import { Reminders } from './reminders.js';
import { Standings, type Standing } from './standing.js';
import { StripeApi } from './stripe-api.js';
import { StripeEvents } from './stripe-events.js';
import { Subscriptions, type CustomerInfo } from './subscriptions.js';
import { Suspensions } from './suspensions.js';
import { countHours, Usage, usageSince } from './usage.js';

/** All parts of the backend, put together. */
export class Billing {
  readonly ledger = new Ledger(this.context);
  readonly plans = new Plans(this.context);
  readonly invoices = new Invoices(this.context, this.ledger);
  readonly subscriptions = new Subscriptions(this.context, this.ledger, this.invoices);
  readonly usage = new Usage(this.context, this.ledger, this.invoices);
  readonly payments = new Payments(this.context, this.ledger, this.invoices);
  readonly stripe = new StripeApi(this.context);
  readonly events = new StripeEvents(this.context, this);
  readonly checkout = new Checkout(this.context, this);
  readonly standings = new Standings(this.context, this);
  readonly suspensions = new Suspensions(this.context, this);
  readonly reminders = new Reminders(this.context, this);

  constructor(readonly context: Context) {}

  /** The hours that are over, the months that begin, and what is old enough to go. */
  async runCycle(): Promise<void> {
    this.usage.bookDays();
    const customers = new Map((await this.context.users.list()).map((user) => [user.id, user]));
    for (const user of this.usage.toInvoice()) this.usage.invoiceMonths(customers.get(user) ?? gone(user));
    for (const subscription of this.subscriptions.active()) {
      const customer = customers.get(subscription.user);
      // An account that was deleted is charged nothing more.
      if (customer) this.subscriptions.renew(subscription, customer);
      else this.subscriptions.drop(subscription);
    }
    this.usage.prune();
    this.events.prune();
    this.reminders.prune();
  }

  /** What has to be said or done about those who owe. */
  async runReview(): Promise<void> {
    await this.suspensions.review();
    this.reminders.review();
    await this.reminders.deliver();
  }

  /** After money came in: servers may run again, and pages to pay the same at once more are closed. */
  async afterPayment(user: string): Promise<void> {
    try {
      await this.suspensions.reviewOf(user);
      if (this.stripe.configured) await this.checkout.closeObsolete();
    } catch (error) {
      // The money is booked. What follows from it is made up for by the next run of the tasks.
      this.context.logger.warn(`After a payment: ${(error as Error).message}`);
    }
  }

  summary(user: string, servers: number): Summary {
    const currency = currencyOf(this.context);
    const balance = this.ledger.balance(user, currency);
    const accrued = this.usage.accrued(user, currency);
    const open = this.invoices.of(user).filter(({ due }) => due > 0);
    return {
      currency,
      balance,
      accrued,
      available: balance - accrued,
      subscription: this.subscriptions.activeOf(user),
      servers,
      openInvoices: open.length,
      due: open.filter((invoice) => invoice.currency === currency).reduce((sum, { due }) => sum + due, 0),
      notices: this.#notices(user),
      online: this.stripe.configured,
    };
  }

  serverUsage(server: HookServer, viewer: string): ServerUsage {
    const now = this.context.now();
    const subscription = this.subscriptions.activeOf(server.owner);
    const days = this.usage.of(server.id, usageSince(now));
    const month = days.filter(({ day }) => day >= dayName(monthOf(now).start));
    const hoursOf = (list: typeof days): number => list.reduce((sum, { hours }) => sum + countHours(hours), 0);
    const cost = month.reduce((sum, { hours, price }) => sum + countHours(hours) * price, 0);
    const { start, end } = monthOf(now);
    return {
      server: { id: server.id, name: server.name },
      notice: this.#serverNotice(server, viewer),
      currency: subscription?.currency ?? currencyOf(this.context),
      cycle: subscription?.cycle ?? null,
      price: subscription?.price ?? 0,
      days: days.map(({ day, hours, price }) => ({ day, hours: countHours(hours), cost: countHours(hours) * price })),
      hours: hoursOf(month),
      cost,
      forecast:
        subscription?.cycle === 'monthly'
          ? subscription.price
          : Math.round((cost * (end - start)) / Math.max(now - start, 1)),
    };
  }

  /** What is suspended by somebody else is not Billing's to explain. */
  #serverNotice({ id, owner }: HookServer, viewer: string): Notice | null {
    if (!this.suspensions.of(owner).some((one) => one.id === id)) return null;
    const notice = suspendedNotice(this.standings.of(owner), 'This server is');
    if (viewer === owner) return notice;
    // The account behind the links would be the viewer's own.
    return { id: notice.id, tone: notice.tone, text: 'Suspended by Billing: its owner owes money or has no plan.' };
  }

  #notices(user: string): Notice[] {
    const notices: Notice[] = [];
    const standing = this.standings.of(user);
    const { subscription, debt } = standing;
    const suspended = this.suspensions.of(user).length;
    const deadline = this.suspensions.deadline(user);
    if (suspended > 0)
      notices.push(
        suspendedNotice(standing, suspended === 1 ? 'One of your servers is' : `${suspended} of your servers are`),
      );
    else if (debt && deadline !== null && this.context.config.get('auto_suspend') !== false)
      notices.push({
        id: 'deadline',
        tone: 'warning',
        text: `Your balance is negative. Pay until ${dayName(deadline)}, or your servers will be suspended.`,
        link: INVOICES,
      });
    else if (debt)
      notices.push({
        id: 'debt',
        tone: 'warning',
        text: 'Your balance is negative: you cannot create or start servers until you have paid.',
        link: INVOICES,
      });
    if (!subscription)
      notices.push({
        id: 'no-plan',
        tone: 'info',
        text: 'You have no plan. Choose one to create servers.',
        link: PLANS,
      });
    else if (subscription.ending)
      notices.push({
        id: 'ending',
        tone: 'info',
        text: `Your plan ends on ${dayName(subscription.periodEnd)}.`,
        link: PLANS,
      });
    return notices;
  }
}

const INVOICES = { href: '/billing/invoices', label: 'See your invoices' };
const PLANS = { href: '/billing/plans', label: 'Choose a plan' };

function suspendedNotice({ debt }: Standing, which: string): Notice {
  const owed = debt && formatMoney(debt.amount, debt.currency, 'en-US');
  const wayOut = owed ? `you have paid the ${owed} that are missing` : 'you have chosen a plan';
  const text = `${which} suspended until ${wayOut}.`;
  return { id: 'suspended', tone: 'danger', text, link: owed ? INVOICES : PLANS };
}

/** An account that was deleted still gets the invoice for what it has used. */
const gone = (id: string): CustomerInfo => ({ id, username: 'Deleted account', email: '' });
