import { invoiceLine, makeInvoicePayment, openInvoice, type Period } from '../objects/invoice.ts';
import { makeSubscription } from '../objects/subscription.ts';
import type { Invoice, InvoicePayment, Subscription } from '../wire.ts';
import { refuse, settle, startPayment, type Decline, type Payment } from './payments.ts';
import { customerOf, need, type SaleState } from './state.ts';

const daySeconds = 24 * 3600;

/** A subscription with its first invoice, which is zero during a trial. */
export function startSubscription(state: SaleState, at?: Date): { subscription: Subscription; invoice: Invoice } {
  const { books, terms, cart } = state;
  const start = books.seconds(at);
  const trial = terms.trialDays > 0 ? { start, end: start + terms.trialDays * daySeconds } : null;
  const period = trial ?? { start, end: nextStart(start, intervalOf(state)) };
  const lines = cart.lines.filter(({ price }) => price.type === 'recurring');
  const customer = customerOf(state, at).id;
  const subscription = makeSubscription(books, { customer, lines, terms, period, trial });
  if (!trial) subscription.status = 'incomplete';
  state.subscription = books.put('subscription', subscription, terms.account);
  return { subscription, invoice: startInvoice(state, 'subscription_create', period, at) };
}

/** The next period is paid. An invoice left open by a failed renewal is the one that gets paid. */
export function renew(state: SaleState, at?: Date): Invoice {
  const invoice = openRenewal(state, at);
  const payment = state.payments.at(-1);
  if (payment && payment.intent.status !== 'succeeded') settle(state.books, payment, state.terms, at);
  payInvoice(state, invoice, at);
  return invoice;
}

/** The card on file is refused. Stripe tries again in three days, or not at all when `final`. */
export function failRenewal(state: SaleState, decline: Decline, final: boolean, at?: Date): Invoice {
  const invoice = openRenewal(state, at);
  const payment = need(state.payments.at(-1), 'payment', 'A renewal that costs nothing cannot fail.');
  refuse(state.books, payment, state.terms, decline, at);
  invoice.attempted = true;
  invoice.attempt_count += 1;
  invoice.next_payment_attempt = final ? null : state.books.seconds(at) + 3 * daySeconds;
  subscriptionOf(state).status = 'past_due';
  return invoice;
}

export function payInvoice(state: SaleState, invoice: Invoice, at?: Date): void {
  const now = state.books.seconds(at);
  Object.assign(invoice, {
    status: 'paid',
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    attempt_count: invoice.attempt_count + (invoice.amount_due > 0 ? 1 : 0),
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  } satisfies Partial<Invoice>);
  const payment = paymentsOf(state, invoice).at(-1);
  if (payment) {
    payment.status = 'paid';
    payment.amount_paid = invoice.amount_due;
    payment.status_transitions.paid_at = now;
  }
  const subscription = subscriptionOf(state);
  const inTrial =
    invoice.billing_reason === 'subscription_create' && subscription.trial_end !== null && subscription.trial_end > now;
  subscription.status = inTrial ? 'trialing' : 'active';
}

export function cancelSubscription(state: SaleState, reason: string, at?: Date): Subscription {
  const subscription = subscriptionOf(state);
  const now = state.books.seconds(at);
  subscription.status = 'canceled';
  subscription.canceled_at = now;
  subscription.ended_at = now;
  subscription.cancellation_details = { comment: null, feedback: null, feedback_option: null, reason };
  return subscription;
}

export function subscriptionOf(state: SaleState): Subscription {
  return need(state.subscription, 'subscription', "Sell with mode: 'subscription' and call completed() first.");
}

/** What was tried to pay an invoice, in the order it was tried. */
export function paymentsOf(state: SaleState, invoice: Invoice): InvoicePayment[] {
  return state.books
    .all('invoice_payment', state.terms.account)
    .filter((payment) => payment.invoice === invoice.id)
    .reverse();
}

function openRenewal(state: SaleState, at?: Date): Invoice {
  const subscription = subscriptionOf(state);
  const latest = need(state.invoices.at(-1), 'invoice', 'Call completed() first.');
  if (latest.status === 'open') return latest;
  const start = subscription.items.data[0]?.current_period_end ?? state.books.seconds(at);
  const period = { start, end: nextStart(start, intervalOf(state)) };
  for (const item of subscription.items.data) {
    item.current_period_start = period.start;
    item.current_period_end = period.end;
  }
  return startInvoice(state, 'subscription_cycle', period, at);
}

function startInvoice(state: SaleState, reason: NonNullable<Invoice['billing_reason']>, period: Period, at?: Date): Invoice {
  const { books, terms } = state;
  const subscription = subscriptionOf(state);
  const id = books.newId('in');
  const isFirst = reason === 'subscription_create';
  const lines = state.cart.lines
    .filter(({ price }) => isFirst || price.type === 'recurring')
    .map((line) => {
      const item = subscription.items.data.find(({ price }) => price.id === line.price.id);
      const free = isFirst && terms.trialDays > 0 && item !== undefined;
      return invoiceLine(books, line, { invoice: id, subscription: subscription.id, subscriptionItem: item?.id, period, free });
    });
  const customer = customerOf(state, at);
  const draft = { id, created: books.seconds(at), reason, subscription, customer, terms, lines, period };
  const invoice = books.put('invoice', openInvoice(draft, Math.min(books.options.pageSize, 10)), terms.account);
  books.invoiceLines.set(id, lines);
  state.invoices.push(invoice);
  subscription.latest_invoice = id;
  if (invoice.amount_due > 0) linkPayment(state, invoice, at);
  return invoice;
}

/** An attempt that was refused before the subscription existed goes on under its first invoice. */
function linkPayment(state: SaleState, invoice: Invoice, at?: Date): void {
  const { books, terms } = state;
  const latest = state.payments.at(-1);
  const isUnfinished = latest !== undefined && latest.intent.status !== 'succeeded' && state.invoices.length === 1;
  const payment: Payment = isUnfinished ? latest : startPayment(books, invoice.amount_due, terms, customerOf(state).id, at);
  if (!isUnfinished) state.payments.push(payment);
  const link = makeInvoicePayment(books.newId('inpay'), invoice.created, invoice, payment.intent.id);
  books.put('invoice_payment', link, terms.account);
}

function intervalOf({ cart }: SaleState): string {
  return cart.lines.find(({ price }) => price.recurring)?.price.recurring?.interval ?? 'month';
}

function nextStart(start: number, interval: string): number {
  if (interval === 'day') return start + daySeconds;
  if (interval === 'week') return start + 7 * daySeconds;
  const date = new Date(start * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (interval === 'month' ? 1 : 12));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() / 1000;
}
