import { giveUp } from '../../contract/errors.ts';
import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { words } from '../paypal/fields.ts';
import { sizeOf } from '../paypal/money.ts';
import { namesOf } from '../json-fields.ts';
import { told } from '../told.ts';
import { factOf, type Message } from './facts.ts';
import { boughtOf } from './lines.ts';
import { subscriptionOf, sumOf, valueOf } from './message.ts';
import { periodOf } from './subscriptions.ts';

type Outcome = 'completed' | 'pending' | 'failed' | 'expired' | 'refunded' | 'disputed' | 'disputeWon';

/** What each `payment_status` means (https://developer.paypal.com/api/nvp-soap/ipn/IPNandPDTVariables/). */
const outcomes: Readonly<Record<string, Outcome>> = {
  Completed: 'completed',
  Pending: 'pending',
  Created: 'pending',
  Processed: 'pending',
  'In-Progress': 'pending',
  Denied: 'failed',
  Failed: 'failed',
  Voided: 'failed',
  Expired: 'expired',
  Refunded: 'refunded',
  Partially_Refunded: 'refunded',
  Reversed: 'disputed',
  Canceled_Reversal: 'disputeWon',
};

const takenBack: readonly Outcome[] = ['refunded', 'disputed', 'disputeWon'];

/** A payment, or what became of it. Money back has a `txn_id` of its own and names the payment as its parent. */
export function readPayment(message: Message): Reading {
  const { form } = message;
  const status = valueOf(form, 'payment_status') ?? '';
  const outcome = Object.hasOwn(outcomes, status) ? outcomes[status] : undefined;
  if (!outcome) return { ignored: `The message tells of no payment: its payment_status is "${status.slice(0, 40)}".` };
  const transaction = needTransaction(message, 'txn_id');
  const amount = sumOf(form, 'mc_gross');
  if (!takenBack.includes(outcome)) return { events: [paymentEvent(message, outcome, transaction)] };
  const payment = needTransaction(message, 'parent_txn_id');
  const isReversal = outcome !== 'refunded';
  const event: PaymentEvent = {
    ...factOf(message),
    kind: `payment.${outcome}`,
    id: `${transaction}:${outcome}`,
    purchase: subscriptionOf(form) ?? payment,
    payment,
    reversal: isReversal ? caseOf(payment) : transaction,
    ...told({ amount: sizeOf(amount), reason: words(valueOf(form, 'reason_code')) }),
  };
  return { events: [event] };
}

function paymentEvent(message: Message, outcome: Outcome, payment: string): PaymentEvent {
  const { form } = message;
  const amount = sumOf(form, 'mc_gross');
  const subscription = subscriptionOf(form);
  const bought = amount && amount.amount >= 0 ? boughtOf(form, amount) : undefined;
  const isPaid = outcome === 'completed';
  const period = isPaid && subscription !== undefined ? periodOf(message) : undefined;
  const isRenewal = subscription !== undefined && isPaid && isLater(form.get('time_created'), form.get('payment_date'));
  return {
    ...factOf(message),
    kind: isRenewal ? 'subscription.renewed' : `payment.${outcome}`,
    id: `${payment}:${outcome}`,
    purchase: subscription ?? payment,
    payment,
    ...told({
      amount,
      lines: bought?.lines,
      shipping: bought?.shipping,
      period,
      reason: isPaid ? undefined : words(valueOf(form, 'pending_reason', 'reason_code')),
    }),
  };
}

const dayMs = 86_400_000;

/** A recurring payment says when its profile was made: the first payment is made with it. */
function isLater(created: string | undefined, paid: string | undefined): boolean {
  const [begin, at] = [plainTime(created), plainTime(paid)];
  return at - begin > dayMs;
}

function plainTime(text: string | undefined): number {
  return Date.parse((text ?? '').replace(/ P[SD]T$/, ' GMT'));
}

/** Opened, reversed and given back again are one dispute, though PayPal names only some of them by a case id. */
export function caseOf(payment: string): string {
  return `case:${payment}`;
}

/** A dispute or complaint; a chargeback comes as a reversal besides. */
export function readCase(message: Message): Reading {
  const { form, context } = message;
  if (context.options.cases === 'ignore')
    return { ignored: 'A case was opened; "cases" is "ignore", so only money that moves counts.' };
  const payment = needTransaction(message, 'txn_id');
  const reason = [words(valueOf(form, 'case_type')), words(valueOf(form, 'reason_code'))].filter(Boolean).join('; ');
  const fact = factOf(message);
  const event: PaymentEvent = {
    ...fact,
    kind: 'payment.disputed',
    id: `${valueOf(form, 'case_id') ?? payment}:disputed`,
    purchase: subscriptionOf(form) ?? payment,
    payment,
    reversal: caseOf(payment),
    ...told({ amount: sizeOf(sumOf(form, 'mc_gross')), reason: reason || undefined }),
    references: namesOf(...(fact.references ?? []), valueOf(form, 'case_id')),
  };
  return { events: [event] };
}

/** "A dispute has been resolved and closed" is all that is documented: not for whom. */
export function readAdjustment({ form }: Message): Reading {
  throw giveUp(
    'PAYPAL_IPN_ADJUSTMENT',
    `PayPal closed a dispute about ${valueOf(form, 'parent_txn_id', 'txn_id') ?? 'a payment'}, and does not say how.`,
    {
      hint: 'See in the resolution centre who kept the money. If it was refunded, the refund is told by a message of its own.',
    },
  );
}

function needTransaction({ form }: Message, name: string): string {
  const id = valueOf(form, name);
  if (id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id)) return id;
  throw giveUp('PAYPAL_CALLBACK_UNREADABLE', `PayPal's message has no ${name}.`, {
    hint: 'Look it up in the IPN history of the account; if it is whole there, report its txn_type.',
  });
}
