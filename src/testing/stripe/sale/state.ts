import type { Books } from '../books.ts';
import type { Change, EventOptions, Sender, StripeCallback } from '../events.ts';
import { tell } from '../events.ts';
import type { Cart } from '../line-items.ts';
import { makeCustomer } from '../objects/customer.ts';
import { openSession } from '../objects/session.ts';
import type { FullTerms } from '../terms.ts';
import type { Charge, Customer, Dispute, Invoice, Refund, Session, Subscription } from '../wire.ts';
import type { Payment } from './payments.ts';

/** One sale as far as it has come. The objects are those in the books, so a change here is what the API shows. */
export interface SaleState {
  readonly books: Books;
  readonly sender: Sender;
  terms: FullTerms;
  readonly cart: Cart;
  readonly session: Session | null;
  /** The latest last. One, or one for each invoice that cost money. */
  readonly payments: Payment[];
  readonly invoices: Invoice[];
  readonly refunds: Refund[];
  customer: Customer | null;
  subscription: Subscription | null;
  dispute: Dispute | null;
}

/** Puts an open session in the books, or nothing yet when the sale goes without Checkout. */
export function beginSale(books: Books, sender: Sender, terms: FullTerms, cart: Cart): SaleState {
  let session: Session | null = null;
  if (terms.checkout) {
    const id = books.newId(terms.livemode ? 'cs_live' : 'cs_test');
    const open = openSession(id, books.seconds(terms.at), terms, cart, `${books.options.url}/c/pay/${id}`);
    session = books.put('checkout.session', open, terms.account);
    books.sessionItems.set(
      id,
      cart.lines.map(({ item }) => item),
    );
  }
  return {
    books,
    sender,
    terms,
    cart,
    session,
    payments: [],
    invoices: [],
    refunds: [],
    customer: null,
    subscription: null,
    dispute: null,
  };
}

/** The sale's customer, made when first needed. */
export function customerOf(state: SaleState, at?: Date): Customer {
  const { books, terms } = state;
  state.customer ??= books.put(
    'customer',
    makeCustomer(books.newId('cus'), books.seconds(at), terms.livemode, terms.buyer ?? {}),
    terms.account,
  );
  return state.customer;
}

/** What does not exist yet cannot be asked for: the test has to make it happen first. */
export function need<T>(value: T | null | undefined, what: string, how: string): T {
  if (value === null || value === undefined) throw new Error(`The sale has no ${what}. ${how}`);
  return value;
}

export function sessionOf(state: SaleState): Session {
  return need(state.session, 'Checkout Session', 'Sell with Checkout: leave out `checkout: false`.');
}

export function latestPayment(state: SaleState): Payment {
  return need(state.payments.at(-1), 'payment', 'Call completed(), declinedAttempt() or paymentIntentSucceeded() first.');
}

/** The charge a refund or dispute is about: the one asked for, else the latest that went through. */
export function paidCharge(state: SaleState, id?: string): Charge {
  const paid = state.payments.flatMap(({ charge }) => (charge?.status === 'succeeded' ? [charge] : []));
  const charge = id === undefined ? paid.at(-1) : paid.find((each) => each.id === id);
  return need(
    charge,
    id === undefined ? 'paid charge' : `paid charge ${id}`,
    'It has to cost money and be paid: call completed() first.',
  );
}

/** Tells an event about one of the sale's objects. */
export function tellOf(
  state: SaleState,
  type: string,
  object: Change['object'],
  options: EventOptions,
  previous?: Change['previous'],
): StripeCallback {
  const { account, livemode, apiVersion } = state.terms;
  return tell(
    state.books,
    state.sender,
    { type, object, account, livemode, apiVersion, ...(previous ? { previous } : {}) },
    options,
  );
}
