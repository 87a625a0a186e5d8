import type { PaymentEvent } from '../../contract/event.ts';
import type { Reading } from '../../contract/gateway.ts';
import { endOf } from '../paypal/plans.ts';
import { words } from '../paypal/fields.ts';
import { told } from '../told.ts';
import { factOf, type Message } from './facts.ts';
import { boughtOf } from './lines.ts';
import { subscriptionOf, sumOf, timeOf, valueOf } from './message.ts';

const units: Readonly<Record<string, string>> = { D: 'DAY', W: 'WEEK', M: 'MONTH', Y: 'YEAR' };

type Change = (message: Message, subscription: string) => Reading;

/** What happens to a subscription besides its payments. All other kinds of message are about payments, or change no order. */
export const subscriptionChanges: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['subscr_signup', readSignup],
  ['subscr_modify', (message, id) => changed(message, id, 'subscription.changed', 'changed', boughtNow(message))],
  ['subscr_failed', (message, id) => changed(message, id, 'subscription.renewalFailed', 'failed', why(message))],
  [
    'subscr_cancel',
    () => ({ ignored: 'The subscription was cancelled; the paid time goes on until PayPal says that it is over (subscr_eot).' }),
  ],
  ['subscr_eot', (message, id) => changed(message, id, 'subscription.ended', 'ended', {})],
  ['recurring_payment_failed', (message, id) => changed(message, id, 'subscription.renewalFailed', 'failed', why(message))],
  ['recurring_payment_skipped', (message, id) => changed(message, id, 'subscription.renewalFailed', 'skipped', why(message))],
  [
    'recurring_payment_outstanding_payment_failed',
    (message, id) => changed(message, id, 'subscription.renewalFailed', 'failed', why(message)),
  ],
  ['recurring_payment_suspended', (message, id) => changed(message, id, 'subscription.paused', 'paused', why(message))],
  [
    'recurring_payment_suspended_due_to_max_failed_payment',
    (message, id) => changed(message, id, 'subscription.paused', 'paused', why(message)),
  ],
  ['recurring_payment_profile_cancel', (message, id) => changed(message, id, 'subscription.ended', 'ended', paidUntil(message))],
  ['recurring_payment_expired', (message, id) => changed(message, id, 'subscription.ended', 'ended', paidUntil(message))],
]);

/** A sign-up is no payment, unless it begins with a time that costs nothing: then nothing else tells of it. */
function readSignup(message: Message, subscription: string): Reading {
  const { form } = message;
  const first = sumOf(form, 'mc_amount1');
  if (first?.amount !== 0) return { ignored: 'Somebody signed up; the first payment is told by itself.' };
  const fact = factOf(message);
  const until = endOfPeriod(valueOf(form, 'period1'), fact.at);
  const event: PaymentEvent = {
    ...fact,
    kind: 'payment.completed',
    id: `${subscription}:trial`,
    purchase: subscription,
    payment: `${subscription}:trial`,
    amount: first,
    trial: true,
    lines: boughtOf(form, first).lines,
    ...told({ period: until === undefined ? undefined : { from: fact.at, until } }),
  };
  return { events: [event] };
}

function changed(
  message: Message,
  subscription: string,
  kind: PaymentEvent['kind'],
  name: string,
  more: Partial<PaymentEvent>,
): Reading {
  const fact = factOf(message);
  const track = valueOf(message.form, 'ipn_track_id') ?? fact.at;
  const id = kind === 'subscription.ended' ? `${subscription}:${name}` : `${subscription}:${name}:${track}`;
  return { events: [{ ...fact, kind, id, purchase: subscription, payment: subscription, ...more }] };
}

function why({ form }: Message): Partial<PaymentEvent> {
  const retry = valueOf(form, 'retry_at', 'next_payment_date');
  const reason = [words(valueOf(form, 'reason_code', 'profile_status')), retry && `next try ${retry}`].filter(Boolean).join('; ');
  return told({ amount: sumOf(form, 'mc_gross', 'amount'), reason: reason || undefined });
}

function boughtNow({ form }: Message): Partial<PaymentEvent> {
  const regular = sumOf(form, 'mc_amount3');
  return regular ? { lines: boughtOf(form, regular).lines } : {};
}

/** A cancelled profile ends with the time that was paid for, where the message still says when the next payment was due. */
function paidUntil({ form }: Message): Partial<PaymentEvent> {
  return told({ until: timeOf(valueOf(form, 'next_payment_date')) });
}

/** What a payment of a subscription is for: until the next one is due, or as long as `periods` says. */
export function periodOf(message: Message): { readonly from: string; readonly until: string } | undefined {
  const { form, context } = message;
  const from = factOf(message).at;
  const next = timeOf(valueOf(form, 'next_payment_date'));
  if (next !== undefined && next > from) return { from, until: next };
  const item = valueOf(form, 'item_number') ?? '';
  const periods = context.options.periods ?? {};
  const until = endOfPeriod(Object.hasOwn(periods, item) ? periods[item] : undefined, from);
  return until === undefined ? undefined : { from, until };
}

/** `1 M` from a moment on. */
function endOfPeriod(text: string | undefined, from: string): string | undefined {
  const [, count = '', letter = ''] = /^(\d{1,2}) ([DWMY])$/.exec(text ?? '') ?? [];
  const unit = Object.hasOwn(units, letter) ? units[letter] : undefined;
  return unit === undefined ? undefined : endOf({ unit, count: Number(count) }, from);
}

/** Which change of which subscription a message tells of; undefined: of none. */
export function changeOf(message: Message): Reading | undefined {
  const change = subscriptionChanges.get(valueOf(message.form, 'txn_type') ?? '');
  const subscription = subscriptionOf(message.form);
  return change && subscription !== undefined ? change(message, subscription) : undefined;
}
