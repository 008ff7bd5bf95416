import type { HookServer, SodiumUser } from '@sodium/sdk';
import { formatMoney } from '../money.js';
import { DAY_MS } from '../periods.js';
import { graceDaysOf, type Context } from './context.js';
import type { Standing, Standings } from './standing.js';
import type { Subscriptions } from './subscriptions.js';

interface Suspension {
  /** The id of the server. */
  id: string;
  user: string;
  /** The panel has done it; before that, a crash may have come in between. */
  applied: boolean;
  at: number;
  [field: string]: unknown;
}

interface Account {
  id: string;
  /** Since when money or a plan is missing. */
  owingSince: number | null;
  [field: string]: unknown;
}

/** Suspends the servers of those who do not pay, after the days of grace, and lifts only what it suspended itself. */
export class Suspensions {
  constructor(
    readonly context: Context,
    readonly parts: { standings: Standings; subscriptions: Subscriptions },
  ) {
    context.db.registerCollections(['accounts', { name: 'suspensions', indexes: ['user'] }]);
  }

  of(user: string): Suspension[] {
    return this.context.db.find<Suspension>('suspensions', { user });
  }

  forget(server: string): void {
    this.context.db.delete('suspensions', server);
  }

  /** When the servers of a user are suspended unless something is paid; null when nothing is owed. */
  deadline(user: string): number | null {
    const since = this.context.db.get<Account>('accounts', user)?.owingSince ?? null;
    return since === null ? null : since + graceDaysOf(this.context) * DAY_MS;
  }

  /** Looks at every user who has servers. */
  async review(): Promise<void> {
    const [servers, users] = await Promise.all([this.context.servers.list(), this.context.users.list()]);
    for (const user of users)
      await this.#reviewUser(
        user,
        servers.filter(({ owner }) => owner === user.id),
      );
  }

  /** After a payment: at once, not at the next review. */
  async reviewOf(id: string): Promise<void> {
    const user = await this.context.users.get(id);
    const servers = await this.context.servers.list();
    if (user)
      await this.#reviewUser(
        user,
        servers.filter(({ owner }) => owner === id),
      );
  }

  async #reviewUser(user: SodiumUser, servers: readonly HookServer[]): Promise<void> {
    const standing = this.parts.standings.of(user.id);
    const owing = !this.parts.standings.isExempt(user) && this.#owes(user.id, standing);
    this.#note(user.id, owing);
    const auto = this.context.config.get('auto_suspend') !== false;
    if (!owing || !auto) return this.#lift(user.id, servers);
    if (this.context.now() < this.deadline(user.id)!) return;
    for (const server of servers) await this.#suspend(user.id, server, reasonFor(standing));
  }

  /** Who never had a plan cannot start servers, but those that ran before Billing came are left alone. */
  #owes(user: string, { debt, subscription }: Standing): boolean {
    return debt !== null || (subscription === null && this.parts.subscriptions.known(user));
  }

  #note(user: string, owing: boolean): void {
    const { db, now } = this.context;
    const account = db.get<Account>('accounts', user);
    if (!account && !owing) return;
    if (!account) db.insert('accounts', { id: user, owingSince: now() });
    else if (owing !== (account.owingSince !== null)) db.update('accounts', user, { owingSince: owing ? now() : null });
  }

  async #suspend(user: string, server: HookServer, reason: string): Promise<void> {
    const { db, now } = this.context;
    const noted = db.get<Suspension>('suspensions', server.id);
    // Suspended by somebody else, or lifted by an admin, who knows why.
    if (noted ? noted.applied : server.suspended) return;
    if (!noted) db.insert('suspensions', { id: server.id, user, applied: false, at: now() });
    await this.context.servers.suspend(server.id, reason);
    db.update('suspensions', server.id, { applied: true });
    this.context.logger.info(`Suspended the server "${server.name}": ${reason}`);
  }

  async #lift(user: string, servers: readonly HookServer[]): Promise<void> {
    for (const { id } of this.of(user)) {
      const server = servers.find((one) => one.id === id);
      if (server?.suspended) await this.context.servers.unsuspend(id);
      this.context.db.delete('suspensions', id);
      if (server) this.context.logger.info(`Lifted the suspension of the server "${server.name}".`);
    }
  }
}

function reasonFor({ debt }: Standing): string {
  if (!debt) return 'Its owner has no plan any more. Choose one under Billing > Plans.';
  return `Unpaid: ${formatMoney(debt.amount, debt.currency, 'en-US')} are missing. Pay under Billing.`;
}
