import type { HookUser } from '@sodium/sdk';
import { formatMoney } from '../money.js';
import type { Subscription } from '../shapes.js';
import type { Context } from './context.js';
import type { Ledger } from './ledger.js';
import type { Plans } from './plans.js';
import type { Subscriptions } from './subscriptions.js';
import type { Usage } from './usage.js';

export interface Standing {
  subscription: Subscription | null;
  /** What the user has, less what was used today, by currency. */
  available: Map<string, number>;
  /** The currency in which money is owed, and how much. */
  debt: { amount: number; currency: string } | null;
}

/** Whether a user may have servers. Everything that refuses, suspends or reminds asks here. */
export class Standings {
  constructor(
    readonly context: Pick<Context, 'config'>,
    readonly parts: { ledger: Ledger; usage: Usage; subscriptions: Subscriptions; plans: Plans },
  ) {}

  of(user: string): Standing {
    const { ledger, usage, subscriptions } = this.parts;
    const available = ledger.balances(user);
    for (const [currency, amount] of usage.accruedByCurrency(user))
      available.set(currency, (available.get(currency) ?? 0) - amount);
    const owed = [...available].find(([, amount]) => amount < 0);
    return {
      subscription: subscriptions.activeOf(user),
      available,
      debt: owed ? { currency: owed[0], amount: -owed[1] } : null,
    };
  }

  isExempt(user: Pick<HookUser, 'role'>): boolean {
    return user.role === 'admin' && this.context.config.get('exempt_admins') === true;
  }

  /** Why a server cannot be created, and what to do about it; null when it can. */
  refuseCreate(user: string, serverCount: number): string | null {
    const standing = this.of(user);
    const reason = this.#refuse(standing);
    if (reason) return reason;
    const { planName, maxServers } = standing.subscription!;
    if (maxServers === 0 || serverCount < maxServers) return null;
    const includes = `Your plan "${planName}" includes ${maxServers} ${maxServers === 1 ? 'server' : 'servers'} and you have ${serverCount}.`;
    return `${includes} Choose a larger plan under Billing > Plans, or delete a server.`;
  }

  /** Why a server of this owner cannot be started. */
  refuseStart(owner: string): string | null {
    return this.#refuse(this.of(owner));
  }

  #refuse({ subscription, debt }: Standing): string | null {
    if (!subscription && this.parts.plans.offered().length === 0)
      return 'Servers need a plan, and there is none yet. Ask an administrator to add a plan to Billing.';
    if (!subscription) return 'You have no plan. Choose one under Billing > Plans, then try again.';
    if (!debt) return null;
    const owed = formatMoney(debt.amount, debt.currency, 'en-US');
    return `Your balance is negative: ${owed} are missing. Pay under Billing, then try again.`;
  }
}
