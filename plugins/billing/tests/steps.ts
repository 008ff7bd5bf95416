import fc from 'fast-check';

export const USERS = ['ann', 'ben'];

/** Something that a user, an admin, Stripe, a bank or a power cut does. */
export type Step =
  | { do: 'subscribe'; user: string; plan: number }
  | { do: 'cancel' | 'topup' | 'payInvoice' | 'payPage' | 'use' | 'manual' | 'refund'; user: string }
  | { do: 'event'; type: string; pick: number; again: boolean }
  | { do: 'pass'; hours: number }
  | { do: 'cron'; name: string }
  | { do: 'break'; how: 'before' | 'after' }
  | { do: 'kill'; once: 'asked' | 'written' | 'refunded' }
  | { do: 'void' }
  | { do: 'byHand' | 'bounce'; pick: number }
  | { do: 'together'; steps: readonly Step[] };

const user = fc.constantFrom(...USERS);
const request: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('subscribe' as const), user, plan: fc.nat(2) }),
  fc.record({ do: fc.constantFrom('topup', 'payInvoice', 'payPage', 'payPage', 'manual', 'refund', 'cancel'), user }) as fc.Arbitrary<Step>, // prettier-ignore
  fc.record({
    do: fc.constant('event' as const),
    type: fc.constantFrom('checkout.session.completed', 'checkout.session.completed', 'checkout.session.expired', 'refund.created', 'charge.refunded'), // prettier-ignore
    pick: fc.nat(20),
    again: fc.boolean(),
  }),
  fc.record({ do: fc.constant('byHand' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('cron' as const), name: fc.constantFrom('cycle', 'cycle', 'review', 'reconcile') }),
  fc.record({ do: fc.constant('void' as const) }),
);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: request },
  fc.record({ do: fc.constant('together' as const), steps: fc.array(request, { minLength: 2, maxLength: 3 }) }),
  fc.record({ do: fc.constant('bounce' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('use' as const), user }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(1, 25, 24 * 20) }),
  fc.record({ do: fc.constant('break' as const), how: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({
    do: fc.constant('kill' as const),
    once: fc.constantFrom('asked' as const, 'written' as const, 'refunded' as const),
  }),
);
