import { amountItems } from '../line-items.ts';
import { finishSession } from '../objects/session.ts';
import type { Session } from '../wire.ts';
import { authorize, refuse, settle, startPayment, startSettling, type Decline, type Payment } from './payments.ts';
import { customerOf, sessionOf, type SaleState } from './state.ts';
import { cancelSubscription, payInvoice, startSubscription } from './subscribe.ts';

/** The buyer finishes the form. Done twice, the second time changes nothing. */
export function complete(state: SaleState, paymentStatus: Session['payment_status'], at?: Date): void {
  const session = sessionOf(state);
  if (session.status === 'expired') throw new Error('An expired session cannot be completed. Sell again.');
  if (session.status === 'complete') return;
  if (state.terms.mode === 'subscription' || state.terms.buyer?.customer) session.customer = customerOf(state, at).id;
  finishSession(session, state.terms, paymentStatus);
  if (state.terms.mode === 'subscription') {
    const { subscription, invoice } = startSubscription(state, at);
    session.subscription = subscription.id;
    session.invoice = invoice.id;
  } else if (paymentStatus !== 'no_payment_required') {
    currentPayment(state, at);
  }
  if (paymentStatus === 'unpaid') startSettling(state.books, currentPayment(state, at), state.terms, at);
  else pay(state, at);
}

/** The money arrives: at once, or days after `complete`. */
export function pay(state: SaleState, at?: Date): void {
  const invoice = state.invoices.at(-1);
  const payment = state.payments.at(-1);
  if (payment && payment.intent.status !== 'succeeded') settle(state.books, payment, state.terms, at);
  if (invoice && invoice.status !== 'paid') payInvoice(state, invoice, at);
  if (state.session && state.session.payment_status === 'unpaid' && payment) state.session.payment_status = 'paid';
}

/** A delayed payment comes to nothing. The session stays complete and unpaid. */
export function fail(state: SaleState, decline: Decline, at?: Date): void {
  refuse(state.books, currentPayment(state, at), state.terms, decline, at);
  if (state.subscription) cancelSubscription(state, 'payment_failed', at);
}

/** The buyer tries a card and it is refused. They are still on the page. */
export function attempt(state: SaleState, decline: Decline, at?: Date): void {
  const payment = currentPayment(state, at);
  if (payment.intent.status === 'succeeded') {
    throw new Error('The sale is paid. Make declinedAttempt() before completed(); the callbacks may be sent in any order.');
  }
  refuse(state.books, payment, state.terms, decline, at);
}

/** Without Checkout there is nothing but the payment: it goes through, is being settled, or reserved. */
export function payDirectly(state: SaleState, outcome: 'paid' | 'processing' | 'authorized', at?: Date): Payment {
  const payment = currentPayment(state, at);
  if (outcome === 'paid') pay(state, at);
  else if (outcome === 'processing') startSettling(state.books, payment, state.terms, at);
  else authorize(state.books, payment, state.terms, at);
  return payment;
}

export function expire(state: SaleState): void {
  const session = sessionOf(state);
  if (session.status === 'complete') throw new Error('A completed session does not expire.');
  session.status = 'expired';
  session.url = null;
}

/** The payment being made; begun if there is none. A session names it from the first attempt on, unless it subscribes. */
export function currentPayment(state: SaleState, at?: Date): Payment {
  const { books, terms, cart, session } = state;
  const latest = state.payments.at(-1);
  if (latest) return latest;
  const customer = terms.mode === 'subscription' || terms.buyer?.customer ? customerOf(state, at).id : null;
  const payment = startPayment(books, cart.total, terms, customer, at);
  if (!session) books.intentItems.set(payment.intent.id, amountItems(books, cart));
  if (session?.mode === 'payment') session.payment_intent = payment.intent.id;
  state.payments.push(payment);
  return payment;
}
