import type { PaymentEvent } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { namesOf, textAt } from '../json-fields.ts';
import { told } from '../told.ts';
import { factAt, type Desk, type Reader } from './desk.ts';
import { needId, timeAt, words } from './fields.ts';
import { moneyAt } from './money.ts';
import type { Notice } from './notice.ts';
import { cyclesOf, endOf, endOfFreeTrial, regularPrice, type Cycle } from './plans.ts';
import { sellingOf, type Selling } from './subscription-lines.ts';

/**
 * What a subscription is now counts, not what a notice says it became: notices come in any order, and the newest state is the
 * one that holds. Payments are told by sales; the activation of a paid plan is none.
 */
export const readSubscription: Reader = async (notice, desk) => {
  const selling = await sellingOf(needId(notice.resource, 'id'), desk);
  const { subscription } = selling;
  const id = needId(subscription, 'id');
  const status = textAt(subscription, 'status') ?? 'in an unknown state';
  const since = timeAt(subscription, 'status_update_time') ?? notice.at;
  const fact = (kind: PaymentEvent['kind'], name: string, more: Partial<PaymentEvent> = {}) => ({
    events: [subscriptionEvent(kind, `${id}:${name}`, since, selling, desk, more)],
  });
  switch (status) {
    case 'SUSPENDED':
      return fact('subscription.paused', `paused:${since}`);
    case 'CANCELLED':
    case 'EXPIRED':
      return fact(
        'subscription.ended',
        'ended',
        told({ until: paidUntil(selling), reason: `The subscription is ${words(status)}.` }),
      );
    case 'ACTIVE':
      break;
    default:
      return { ignored: `Subscription ${id} is ${status}: nothing has begun yet.` };
  }
  if (notice.type.endsWith('RE-ACTIVATED')) return fact('subscription.resumed', `resumed:${since}`);
  if (notice.type.endsWith('UPDATED'))
    return fact('subscription.changed', `changed:${changeOf(selling, notice)}`, nowSold(selling));
  return (await trial(selling, desk)) ?? { ignored: `Subscription ${id} is active; its payments tell what was paid.` };
};

function subscriptionEvent(
  kind: PaymentEvent['kind'],
  id: string,
  at: string,
  { subscription, buyer, metadata, references }: Selling,
  desk: Desk,
  more: Partial<PaymentEvent>,
): PaymentEvent {
  const purchase = needId(subscription, 'id');
  return {
    ...factAt(at, desk),
    kind,
    id,
    purchase,
    payment: purchase,
    ...told({ buyer, metadata, reason: textAt(subscription, 'status_change_note') }),
    references: namesOf(purchase, ...references),
    ...more,
  };
}

/** A free trial is access without money: it buys the plan for nothing until the first payment is due. */
async function trial(selling: Selling, desk: Desk): Promise<{ events: PaymentEvent[] } | undefined> {
  const { subscription, plan } = selling;
  const from = timeAt(subscription, 'start_time') ?? timeAt(subscription, 'create_time');
  const until = from === undefined ? undefined : endOfFreeTrial(cyclesOf(plan, subscription), from);
  const currency = regularPrice(plan, subscription)?.currency;
  if (
    from === undefined ||
    until === undefined ||
    currency === undefined ||
    timeAt(subscription, 'billing_info', 'last_payment', 'time')
  )
    return undefined;
  const nothing: Money = { amount: 0, currency };
  const id = needId(subscription, 'id');
  const event: PaymentEvent = {
    ...factAt(from, desk),
    kind: 'payment.completed',
    id: `${id}:trial`,
    purchase: id,
    payment: `${id}:trial`,
    amount: nothing,
    trial: true,
    lines: selling.linesFor(nothing),
    period: { from, until },
    ...told({ receiver: desk.context.options.merchantId, buyer: selling.buyer, metadata: selling.metadata }),
    references: namesOf(id, ...selling.references),
  };
  return { events: [event] };
}

/** What is bought from now on, by the plan's own price. */
function nowSold({ subscription, plan, linesFor }: Selling): Partial<PaymentEvent> {
  const price = regularPrice(plan, subscription);
  const quantity = Number(textAt(subscription, 'quantity') ?? '1');
  return price && Number.isSafeInteger(quantity) ? { lines: linesFor({ ...price, amount: price.amount * quantity }) } : {};
}

/** A change is named by what it led to, so repeated notices of it are one fact, and a way back is another. */
function changeOf({ subscription }: Selling, notice: Notice): string {
  const at = timeAt(subscription, 'update_time') ?? notice.at;
  return `${textAt(subscription, 'plan_id')}:${textAt(subscription, 'quantity') ?? '1'}:${at}`;
}

/** Who cancels has paid until the end of a period, or tries until the end of the trial. */
function paidUntil({ subscription, plan }: Selling): string | undefined {
  const cycles = cyclesOf(plan, subscription);
  const paid = timeAt(subscription, 'billing_info', 'last_payment', 'time');
  const started = timeAt(subscription, 'start_time') ?? timeAt(subscription, 'create_time');
  if (paid !== undefined) return endOf(regularCycle(cycles), paid);
  return started === undefined ? undefined : endOfFreeTrial(cycles, started);
}

function regularCycle(cycles: readonly Cycle[]): Pick<Cycle, 'unit' | 'count'> {
  return cycles.find(({ isTrial }) => !isTrial) ?? { unit: '', count: 1 };
}

/** PayPal could not collect a payment; it tries again by itself when the plan says so. */
export const readFailedRenewal: Reader = async (notice, desk) => {
  const selling = await sellingOf(needId(notice.resource, 'id'), desk);
  const { subscription } = selling;
  const id = needId(subscription, 'id');
  const at = timeAt(subscription, 'billing_info', 'last_failed_payment', 'time');
  if (at === undefined) return { ignored: `Subscription ${id} has no failed payment any more.` };
  const hadPayment = timeAt(subscription, 'billing_info', 'last_payment', 'time') !== undefined;
  const again = timeAt(subscription, 'billing_info', 'last_failed_payment', 'next_payment_retry_time');
  const code = words(textAt(subscription, 'billing_info', 'last_failed_payment', 'reason_code'));
  const reason = [code, again && `PayPal tries again on ${again.slice(0, 10)}`].filter(Boolean).join('; ');
  const kind = hadPayment ? 'subscription.renewalFailed' : 'payment.failed';
  const more = told({
    amount: moneyAt(subscription, 'billing_info', 'last_failed_payment', 'amount'),
    reason: reason || undefined,
  });
  return { events: [subscriptionEvent(kind, `${id}:failed:${at}`, at, selling, desk, more)] };
};
