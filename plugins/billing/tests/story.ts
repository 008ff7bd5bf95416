import type { Cycle } from '../src/shapes.js';
import { addPlan, deliver, HOUR, invoices, manualPayment, openBilling, type OpenBilling } from './open-billing.js';
import type { Heard } from './states.js';
import { USERS, type Step } from './steps.js';

interface Delivery {
  id: string;
  payload: string;
  /** The object at Stripe that it is about. */
  about: { [field: string]: unknown };
}

/** What happens to one installation, and what the tests must remember of it. */
export class Story {
  /** Delivered before: Stripe repeats itself. */
  readonly sent: Delivery[] = [];
  /** Not accepted: Stripe will try again. */
  readonly owed = new Set<Delivery>();
  readonly heard: Heard = new Map();
  /** The hours in which somebody's server ran, with the cycle of the plan that they had when that was first seen. */
  readonly hours = new Map<string, Cycle>();
  /** The pages that somebody was sent to. */
  readonly seen = new Set<unknown>();

  private constructor(
    readonly billing: OpenBilling,
    readonly plans: readonly string[],
  ) {}

  static async begin(): Promise<Story> {
    const servers = USERS.map((owner) => ({ id: `server-${owner}`, name: owner, owner, state: 'running' as const }));
    const users = [...USERS.map((username) => ({ username })), { username: 'root', role: 'admin' as const }];
    const billing = await openBilling({ users, servers });
    const plans: string[] = [];
    for (const plan of [{ price: 999 }, { price: 2500 }, { price: 3, cycle: 'hourly' as const }])
      plans.push((await addPlan(billing, { ...plan, name: `Plan ${plan.price}` })).id);
    return new Story(billing, plans);
  }

  async take(action: Step): Promise<void> {
    const { plugin, stripe } = this.billing;
    switch (action.do) {
      case 'subscribe':
        return void (await plugin.post('/subscription', { plan: this.plans[action.plan] }, action));
      case 'cancel':
        return void (await plugin.delete('/subscription', action));
      case 'topup':
        return this.#openPage({ kind: 'topup', amount: 1234 }, action.user);
      case 'payInvoice': {
        const open = (await plugin.get('/invoices', action)).body.items.find(({ due }: { due: number }) => due > 0);
        return open && this.#openPage({ kind: 'invoice', invoice: open.id }, action.user);
      }
      case 'payPage':
        return void this.#payPage();
      case 'use':
        return this.#use(action.user);
      case 'manual': {
        const id = crypto.randomUUID();
        return void (await Promise.all([manualPayment(this.billing, action.user, 500, { id }), manualPayment(this.billing, action.user, 500, { id })])); // prettier-ignore
      }
      case 'refund': {
        const all = (await plugin.get('/admin/transactions', { user: 'root' })).body.items;
        const found = all.find(({ refundable }: { refundable: number }) => refundable > 0);
        const refund = { id: crypto.randomUUID(), payment: found?.payment, amount: 100, credit: found?.amount > 600 };
        return found && void (await plugin.post('/admin/refunds', refund, { user: 'root' }));
      }
      case 'event':
        return this.#send(action);
      case 'pass':
        return this.billing.advance(action.hours * HOUR);
      case 'cron':
        return this.#runCron(action.name);
      case 'byHand':
      case 'bounce':
        return action.do === 'byHand' ? this.#refundByHand(action.pick) : this.#bounce(action.pick);
      case 'together':
        return void (await Promise.all(action.steps.map((one) => this.take(one))));
      case 'break':
        return void (stripe.broken = action.how);
      case 'void': {
        const open = (await invoices(this.billing)).find(({ status }) => status === 'open');
        return open && void (await plugin.post(`/admin/invoices/${open.id}/void`, {}, { user: 'root' }));
      }
      case 'kill':
        return this.#kill(action.once);
    }
  }

  /** What somebody who was sent to a page does there. */
  #payPage(): string | null {
    const page = [...this.billing.stripe.sessions.values()].find(
      ({ status, url }) => status === 'open' && this.seen.has(url),
    );
    if (!page) return null;
    this.billing.stripe.pay(String(page.id));
    return String(page.id);
  }

  /**
   * Ends the process when Stripe has just said that somebody has paid, when the first of it has just been written, or when
   * Stripe has just made a refund.
   */
  async #kill(once: 'asked' | 'written' | 'refunded'): Promise<void> {
    const { plugin, stripe } = this.billing;
    await this.#openPage({ kind: 'topup', amount: 777 }, 'ann');
    const paid = this.#payPage();
    if (!paid) return plugin.kill();
    const about = stripe.sessions.get(paid)!;
    const { id, payload } = stripe.event('checkout.session.completed', about);
    this.heard.set(id, this.#entriesOf(about));
    if (once === 'refunded') await deliver(this.billing, payload);
    const answered = stripe.answered();
    let flying = true;
    const refund = { id: crypto.randomUUID(), payment: about.client_reference_id, amount: 70 };
    const asked =
      once === 'refunded' ? plugin.post('/admin/refunds', refund, { user: 'root' }) : deliver(this.billing, payload);
    const flight = asked.catch(() => null).finally(() => (flying = false));
    await Promise.race([answered, flight]);
    while (once === 'written' && flying && (await plugin.documents('stripe_events', { id })).length === 0);
    await plugin.kill();
    await flight;
  }

  async #use(user: string): Promise<void> {
    const { subscription } = (await this.billing.plugin.get('/plans', { user })).body;
    const hour = `${user} ${Math.floor(this.billing.now() / HOUR)}`;
    if (subscription && !this.hours.has(hour)) this.hours.set(hour, subscription.cycle);
    await this.billing.plugin.reportUsage(`server-${user}`, { cpu: 5 });
  }

  async #runCron(name: string): Promise<void> {
    await this.billing.plugin.runCron(name).catch((error: Error) => {
      if (!error.message.includes('is running already')) throw error;
    });
  }

  /** In Stripe's dashboard; the panel hears of it from Stripe alone. */
  async #refundByHand(pick: number): Promise<void> {
    const { sessions } = this.billing.stripe;
    const session = nth([...sessions.values()].filter(({ payment_intent }) => payment_intent), pick); // prettier-ignore
    if (!session) return;
    const refund = this.billing.stripe.refundByHand(String(session.payment_intent), 7);
    if (!('error' in refund))
      await this.deliverTwice({ ...this.billing.stripe.event('refund.created', refund), about: refund });
  }

  /** A bank sends a refund back, days after it succeeded. */
  async #bounce(pick: number): Promise<void> {
    const refund = nth([...this.billing.stripe.refunds.values()].filter(({ status }) => status === 'succeeded'), pick); // prettier-ignore
    if (!refund) return;
    refund.status = 'failed';
    await this.deliverTwice({ ...this.billing.stripe.event('refund.failed', refund), about: refund });
  }

  /** Asked for twice at once, as impatient people do. */
  async #openPage(target: object, user: string): Promise<void> {
    const asks = target && 'invoice' in target ? [1, 2] : [1];
    const answers = await Promise.all(asks.map(() => this.billing.plugin.post('/checkout', target, { user })));
    for (const { status, body } of answers) if (status === 201) this.seen.add(body.url);
  }

  async #send({ type, pick, again }: Step & { do: 'event' }): Promise<void> {
    const { stripe } = this.billing;
    const object = nth([...(type.startsWith('refund') ? stripe.refunds : stripe.sessions).values()], pick);
    if (!object) return;
    const named =
      type === 'charge.refunded' ? { id: 'ch_1', payment_intent: object.payment_intent } : { id: object.id };
    const repeated = again ? nth(this.sent, pick) : undefined;
    await this.deliverTwice(
      repeated ?? { ...stripe.event(type, named), about: type === 'charge.refunded' ? named : object },
    );
  }

  async deliverTwice(delivery: Delivery): Promise<void> {
    const { id, payload, about } = delivery;
    if ((await this.billing.plugin.documents('stripe_events', { id })).length === 0)
      this.heard.set(id, this.#entriesOf(about));
    this.sent.push(delivery);
    this.owed.add(delivery);
    const answers = await Promise.all([deliver(this.billing, payload), deliver(this.billing, payload)]);
    if (answers.some(({ status }) => status === 200)) this.owed.delete(delivery);
  }

  /** What the ledger must hold once it is noted that an event about this object was applied. */
  #entriesOf(about: Delivery['about']): string[] {
    const { sessions, refunds } = this.billing.stripe;
    const session = about.object === 'checkout.session' ? about : [...sessions.values()].find((one) => one.payment_intent === about.payment_intent); // prettier-ignore
    if (session?.payment_status !== 'paid') return [];
    const told = about.object === 'checkout.session' ? [] : about.object === 'refund' ? [about] : [...refunds.values()].filter((one) => one.payment_intent === about.payment_intent); // prettier-ignore
    const made = told.filter(({ status }) => status === 'succeeded');
    const idOf = ({ id, metadata }: Delivery['about']): string =>
      (metadata as { refund?: string }).refund ?? String(id);
    return [`payment:${String(session.client_reference_id)}`, ...made.map((refund) => `refund:${idOf(refund)}`)];
  }
}

const nth = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
