import type { PaymentEvent } from '../contract/event.ts';
import type { Payment } from '../contract/order.ts';

/** The movements of money in, with what was taken back of each. Depends on the set of events only. */
export function paymentsOf(events: readonly PaymentEvent[]): Payment[] {
  const byReference = Map.groupBy(events, (event) => event.payment);
  const payments: Payment[] = [];
  for (const [reference, movements] of byReference) {
    const credit = movements.find((event) => event.kind === 'payment.completed' || event.kind === 'subscription.renewed');
    if (!credit?.amount) continue;
    payments.push({
      reference,
      amount: credit.amount,
      at: credit.at,
      refunded: refundedOf(movements),
      dispute: disputeOf(movements),
      ...(credit.period && { period: credit.period }),
    });
  }
  return payments;
}

/** Single refunds add up, cumulative ones replace each other; a gateway may report both, so the larger is right. */
function refundedOf(movements: readonly PaymentEvent[]): number {
  const failed = new Set(movements.filter(({ kind }) => kind === 'payment.refundFailed').map(({ reversal }) => reversal));
  const single = new Map<string, number>();
  let cumulative = 0;
  for (const event of movements) {
    if (event.kind !== 'payment.refunded' || !event.amount) continue;
    if (event.cumulative) cumulative = Math.max(cumulative, event.amount.amount);
    else if (!failed.has(event.reversal)) single.set(event.reversal ?? event.id, event.amount.amount);
  }
  const sum = [...single.values()].reduce((total, amount) => total + amount, 0);
  return failed.size > 0 ? sum : Math.max(sum, cumulative);
}

/** The worst of the payment's disputes; of one dispute the latest word counts. */
function disputeOf(movements: readonly PaymentEvent[]): Payment['dispute'] {
  const latest = new Map<string, PaymentEvent['kind']>();
  for (const event of movements) {
    if (event.kind === 'payment.disputed') {
      if (!latest.has(event.reversal ?? '')) latest.set(event.reversal ?? '', event.kind);
    } else if (event.kind === 'payment.disputeWon' || event.kind === 'payment.disputeLost') {
      latest.set(event.reversal ?? '', event.kind);
    }
  }
  const words = [...latest.values()];
  if (words.includes('payment.disputeLost')) return 'lost';
  if (words.includes('payment.disputed')) return 'open';
  return words.length > 0 ? 'won' : 'none';
}
