import { monthBeside, monthName } from '../periods.js';
import type { Entry, InvoiceRow, Plan, Revenue, Subscription } from '../shapes.js';
import { groupBy } from './group-by.js';

const MONTHS = 12;

export interface Books {
  entries: readonly Entry[];
  open: readonly InvoiceRow[];
  active: readonly Subscription[];
  plans: readonly Plan[];
}

/** What the ledger says of the last twelve months, in one currency. */
export function revenueOf({ entries, open, active, plans }: Books, currency: string, now: number): Revenue {
  const own = entries.filter((entry) => entry.currency === currency);
  const months = Array.from({ length: MONTHS }, (_, i) =>
    emptyMonth(monthName(monthBeside(now, i - MONTHS + 1).start)),
  );
  const byName = new Map(months.map((month) => [month.month, month]));
  for (const entry of own) addTo(byName.get(monthName(entry.at)), entry);
  const balances = [...groupBy(own, ({ user }) => user).values()].map((list) =>
    list.reduce((sum, { amount }) => sum + amount, 0),
  );
  return {
    currency,
    months,
    recurring: active
      .filter((one) => one.currency === currency && one.cycle === 'monthly' && !one.ending)
      .reduce((sum, { price }) => sum + price, 0),
    outstanding: open.filter((invoice) => invoice.currency === currency).reduce((sum, { due }) => sum + due, 0),
    credit: balances.filter((balance) => balance > 0).reduce((sum, balance) => sum + balance, 0),
    subscribers: active.length,
    byPlan: plans.map(({ id, name, cycle, price, currency: planCurrency }) => ({
      name,
      cycle,
      price,
      currency: planCurrency,
      subscribers: active.filter(({ plan }) => plan === id).length,
    })),
  };
}

const emptyMonth = (month: string): Revenue['months'][number] => ({ month, charged: 0, received: 0, refunded: 0 });

function addTo(month: Revenue['months'][number] | undefined, { kind, contra, amount }: Entry): void {
  if (!month) return;
  if (contra === 'revenue') month.charged -= amount;
  else if (kind === 'payment') month.received += amount;
  else if (kind === 'refund') month.refunded -= amount;
}
