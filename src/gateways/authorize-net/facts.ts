import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { GatewayContext, Reading } from '../../contract/gateway.ts';
import type { Money } from '../../contract/money.ts';
import { textIn } from '../exact-json.ts';
import { told } from '../told.ts';
import { accountMode } from './client.ts';
import { readGoods, sumAt } from './lines.ts';
import { defaultSkuFrom, type AuthorizeNetOptions } from './options.ts';
import { purchaseOf } from './place.ts';
import { getSubscription, periodFrom } from './subscription.ts';
import { getTransaction, type Transaction } from './transaction.ts';

type Context = GatewayContext<AuthorizeNetOptions>;

/**
 * What a transaction amounts to now, whichever notice led to it: so two notices of one change, a sweep and a relay response
 * tell the same fact. `at` is when the notice says it happened.
 */
export async function readTransactionFacts(transaction: Transaction, at: string | undefined, context: Context): Promise<Reading> {
  const isRefund = transaction.type === 'refundTransaction' || transaction.state === 'refund';
  if (isRefund) return readRefund(transaction, at, context);
  switch (transaction.state) {
    case 'money':
      return { events: [await paidEvent(transaction, 'completed', context)] };
    case 'pending':
      return { events: [await paidEvent(transaction, 'pending', context)] };
    case 'failed':
      return { events: [await paidEvent(transaction, 'failed', context)] };
    case 'expired':
      return { events: [endEvent('payment.expired', 'expired', transaction, at, context)] };
    case 'gone':
      return { events: voidedEvents(transaction, at, context) };
    case 'returned':
      return {
        events: [takenBack('payment.disputeLost', 'returned', transaction, at, context, 'The bank took the payment back.')],
      };
    default:
      return { ignored: `Transaction ${transaction.id} is ${transaction.status}: it moves no money itself.` };
  }
}

type Outcome = 'completed' | 'pending' | 'failed';

async function paidEvent(transaction: Transaction, outcome: Outcome, context: Context): Promise<PaymentEvent> {
  const { id, whole, subscription, submittedAt } = transaction;
  const { options } = context;
  const amount = amountOf(transaction, context);
  const known = subscription && (await getSubscription(context, subscription.id));
  const goods = readGoods(whole, {
    currency: amount.currency,
    skuFrom: options.skuFrom ?? defaultSkuFrom,
    amount: amount.amount,
    subscriptionName: known?.name,
  });
  const isRenewal = subscription !== undefined && subscription.number > 1;
  return {
    ...factOf(transaction, context),
    kind: isRenewal ? renewals[outcome] : `payment.${outcome}`,
    id: `${id}:${outcome}`,
    at: submittedAt,
    amount,
    ...goods,
    ...told({
      buyer: buyerOf(whole),
      period: known && outcome === 'completed' ? periodFrom(submittedAt, known) : undefined,
      reason: outcome === 'failed' ? textIn(whole, '/responseReasonDescription') : undefined,
    }),
  };
}

const renewals = {
  completed: 'subscription.renewed',
  pending: 'payment.pending',
  failed: 'subscription.renewalFailed',
} as const;

/** Money of the account's one currency. What is not settled yet has no settled amount. */
function amountOf({ whole }: Transaction, { options: { currency = 'USD' } }: Context): Money {
  const settled = sumAt(whole, '/settleAmount', currency);
  const amount = settled > 0 ? settled : sumAt(whole, '/authAmount', currency);
  return { amount, currency };
}

function factOf(
  transaction: Transaction,
  context: Context,
): Pick<PaymentEvent, 'gateway' | 'purchase' | 'payment' | 'mode' | 'references'> {
  const { id, invoice, subscription } = transaction;
  const names = [id, invoice, subscription?.id, textIn(transaction.whole, '/authCode')];
  return {
    gateway: context.name,
    purchase: purchaseOf(transaction, context.options),
    payment: id,
    mode: accountMode(context),
    references: [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[],
  };
}

/** Before the money was taken it is an attempt that came to nothing; after it, everything goes back. One of both counts. */
function voidedEvents(transaction: Transaction, at: string | undefined, context: Context): PaymentEvent[] {
  const words = 'The transaction was voided.';
  return [
    { ...endEvent('payment.expired', 'voided', transaction, at, context), reason: words },
    takenBack('payment.refunded', 'void', transaction, at, context, words),
  ];
}

function endEvent(
  kind: PaymentEvent['kind'],
  change: string,
  transaction: Transaction,
  at: string | undefined,
  context: Context,
): PaymentEvent {
  return { ...factOf(transaction, context), kind, id: `${transaction.id}:${change}`, at: at ?? transaction.submittedAt };
}

function takenBack(
  kind: PaymentEvent['kind'],
  change: string,
  transaction: Transaction,
  at: string | undefined,
  context: Context,
  reason: string,
): PaymentEvent {
  const { currency = 'USD' } = context.options;
  const amount = { amount: sumAt(transaction.whole, '/authAmount', currency), currency };
  return {
    ...endEvent(kind, change === 'void' ? 'void:refunded' : change, transaction, at, context),
    reversal: `${transaction.id}:${change}`,
    amount,
    reason,
  };
}

/** A refund is a transaction of its own that names the one it refunds. */
async function readRefund(refund: Transaction, at: string | undefined, context: Context): Promise<Reading> {
  const { id, original, state } = refund;
  if (original === undefined || original === '0')
    return { ignored: `Credit ${id} names no transaction that it refunds, so it is about no order.` };
  if (state !== 'refund' && state !== 'gone') return { ignored: `Refund ${id} is ${refund.status}: no money went back.` };
  const paid = await getTransaction(context, original);
  const isBack = state === 'refund';
  const fact = paid
    ? factOf(paid, context)
    : { ...factOf(refund, context), purchase: original, payment: original, references: [id, original] };
  return {
    events: [
      {
        ...fact,
        kind: isBack ? 'payment.refunded' : 'payment.refundFailed',
        id: `${id}:${isBack ? 'refunded' : 'refundFailed'}`,
        at: isBack ? refund.submittedAt : (at ?? refund.submittedAt),
        reversal: id,
        amount: amountOf(refund, context),
        references: [...new Set([id, ...(fact.references ?? [])])],
        ...(!isBack && { reason: 'The refund was voided.' }),
      },
    ],
  };
}

function buyerOf(transaction: object): Person | undefined {
  const country = textIn(transaction, '/billTo/country');
  const buyer = told({
    email: textIn(transaction, '/customer/email') ?? textIn(transaction, '/billTo/email'),
    firstName: textIn(transaction, '/billTo/firstName'),
    lastName: textIn(transaction, '/billTo/lastName'),
    phone: textIn(transaction, '/billTo/phoneNumber'),
    country: country !== undefined && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined,
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}
