import type { Books } from '../books.ts';
import { makeCharge, makePaymentIntent } from '../objects/payment.ts';
import type { FullTerms } from '../terms.ts';
import type { Charge, PaymentIntent } from '../wire.ts';

/** A payment intent with the last charge made for it. */
export interface Payment {
  readonly intent: PaymentIntent;
  charge: Charge | null;
}

/** Why a card was refused, in Stripe's words (https://docs.stripe.com/declines/codes). */
export interface Decline {
  /** @default 'card_declined' */
  code?: string;
  /** @default 'insufficient_funds' */
  declineCode?: string;
  /** @default 'Your card has insufficient funds.' */
  message?: string;
}

export function startPayment(books: Books, amount: number, terms: FullTerms, customer: string | null, at?: Date): Payment {
  const money = { amount, currency: terms.currency.toLowerCase() };
  const intent = makePaymentIntent(books.newId('pi'), books.seconds(at), money, terms, customer);
  return { intent: books.put('payment_intent', intent, terms.account), charge: null };
}

/** The money is there. A pending charge becomes the succeeded one. */
export function settle(books: Books, payment: Payment, terms: FullTerms, at?: Date): void {
  const pending = payment.charge?.status === 'pending' ? payment.charge : null;
  const charge = pending ?? charged(books, payment, terms, at);
  Object.assign(charge, {
    status: 'succeeded',
    paid: true,
    captured: true,
    amount_captured: charge.amount,
  } satisfies Partial<Charge>);
  Object.assign(payment.intent, {
    status: 'succeeded',
    amount_received: payment.intent.amount,
    amount_capturable: 0,
    last_payment_error: null,
    payment_method: charge.payment_method,
  } satisfies Partial<PaymentIntent>);
}

/** A delayed method: the buyer has given the order, the bank has not answered. */
export function startSettling(books: Books, payment: Payment, terms: FullTerms, at?: Date): void {
  if (payment.intent.status === 'processing') return;
  const charge = charged(books, payment, terms, at);
  Object.assign(charge, { status: 'pending', paid: false, amount_captured: 0 } satisfies Partial<Charge>);
  Object.assign(payment.intent, {
    status: 'processing',
    payment_method: charge.payment_method,
    payment_method_types: ['card', 'sepa_debit'],
  } satisfies Partial<PaymentIntent>);
}

/** Money is reserved and waits to be captured. */
export function authorize(books: Books, payment: Payment, terms: FullTerms, at?: Date): void {
  const charge = charged(books, payment, terms, at);
  Object.assign(charge, { captured: false, amount_captured: 0 } satisfies Partial<Charge>);
  Object.assign(payment.intent, {
    status: 'requires_capture',
    capture_method: 'manual',
    amount_capturable: payment.intent.amount,
    payment_method: charge.payment_method,
  } satisfies Partial<PaymentIntent>);
}

/** One attempt failed; the buyer may try again with the same payment intent. */
export function refuse(books: Books, payment: Payment, terms: FullTerms, decline: Decline, at?: Date): void {
  const code = decline.code ?? 'card_declined';
  const declineCode = decline.declineCode ?? 'insufficient_funds';
  const message = decline.message ?? 'Your card has insufficient funds.';
  const pending = payment.charge?.status === 'pending' ? payment.charge : null;
  const charge = pending ?? charged(books, payment, terms, at);
  Object.assign(charge, {
    status: 'failed',
    paid: false,
    captured: false,
    amount_captured: 0,
    failure_code: code,
    failure_message: message,
  } satisfies Partial<Charge>);
  Object.assign(payment.intent, {
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: {
      type: 'card_error',
      charge: charge.id,
      code,
      decline_code: declineCode,
      doc_url: 'https://docs.stripe.com/error-codes/card-declined',
      message,
      network_decline_code: '51',
    },
  } satisfies Partial<PaymentIntent>);
}

function charged(books: Books, payment: Payment, terms: FullTerms, at?: Date): Charge {
  const charge = makeCharge(books.newId('ch'), books.seconds(at), payment.intent, books.newId('pm'), terms);
  payment.intent.latest_charge = charge.id;
  payment.charge = charge;
  return books.put('charge', charge, terms.account);
}
