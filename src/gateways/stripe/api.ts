import { createStripeClient, type Line } from './client.ts';
import { explainApiError } from './api-errors.ts';
import { fieldsAt, listAt, type Fields } from './fields.ts';

/** More than any cart holds; a longer list is cut and then does not add up, which holds the order. */
const longestList = 10_000;

/** What we ask of Stripe. All answers are of the API version the official client is made for, whatever the callback's is. */
export type StripeApi = ReturnType<typeof openApi>;

/** `account`: the connected account that the asked-for objects belong to. Throws `tryLater` and `giveUp` only. */
export function openApi(line: Line, account: string | undefined) {
  const client = createStripeClient(line);
  const on = account === undefined ? {} : { stripeAccount: account };
  const whole = { limit: 100 };

  async function one(what: string, call: () => Promise<unknown>): Promise<Fields> {
    return fieldsAt(await attempt(what, call)) ?? {};
  }
  async function page(what: string, call: () => Promise<unknown>): Promise<Fields[]> {
    return listAt(await attempt(what, call), 'data');
  }
  async function all(what: string, call: () => { autoPagingToArray(limit: { limit: number }): Promise<unknown[]> }) {
    return listAt(await attempt(what, () => call().autoPagingToArray({ limit: longestList })));
  }

  return {
    session: (id: string) => one(`Checkout Session ${id}`, () => client.checkout.sessions.retrieve(id, {}, on)),
    sessionItems: (id: string) =>
      all(`the items of Checkout Session ${id}`, () =>
        client.checkout.sessions.listLineItems(id, { ...whole, expand: ['data.price.product'] }, on),
      ),
    sessionsOfPaymentIntent: (id: string) =>
      page(`the Checkout Session of ${id}`, () => client.checkout.sessions.list({ payment_intent: id, limit: 1 }, on)),
    sessionsOfSubscription: (id: string) =>
      page(`the Checkout Session of ${id}`, () => client.checkout.sessions.list({ subscription: id, limit: 1 }, on)),
    openSessions: (sinceSeconds: number) =>
      all('the open Checkout Sessions', () =>
        client.checkout.sessions.list({ status: 'open', created: { gte: sinceSeconds }, ...whole }, on),
      ),
    sessionsOfCustomer: (id: string) =>
      page(`the Checkout Sessions of ${id}`, () => client.checkout.sessions.list({ customer: id, ...whole }, on)),
    paymentIntent: (id: string) =>
      one(`PaymentIntent ${id}`, () => client.paymentIntents.retrieve(id, { expand: ['latest_charge', 'customer'] }, on)),
    paymentIntentItems: (id: string) =>
      all(`the items of PaymentIntent ${id}`, () => client.paymentIntents.listAmountDetailsLineItems(id, whole, on)),
    charge: (id: string) => one(`Charge ${id}`, () => client.charges.retrieve(id, {}, on)),
    refund: (id: string) => one(`Refund ${id}`, () => client.refunds.retrieve(id, {}, on)),
    refundsOfCharge: (id: string) => all(`the refunds of ${id}`, () => client.refunds.list({ charge: id, ...whole }, on)),
    dispute: (id: string) => one(`Dispute ${id}`, () => client.disputes.retrieve(id, {}, on)),
    invoice: (id: string) => one(`Invoice ${id}`, () => client.invoices.retrieve(id, { expand: ['payments'] }, on)),
    invoiceLines: (id: string) => all(`the lines of Invoice ${id}`, () => client.invoices.listLineItems(id, whole, on)),
    paymentsOfInvoice: (id: string) =>
      page(`the payments of Invoice ${id}`, () => client.invoicePayments.list({ invoice: id, ...whole }, on)),
    invoicesOfPaymentIntent: (id: string) =>
      page(`the invoice that ${id} pays`, () =>
        client.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: id }, limit: 1 }, on),
      ),
    price: (id: string) => one(`Price ${id}`, () => client.prices.retrieve(id, { expand: ['product'] }, on)),
    /** Newest first; at most 20 types. */
    events: (types: string[], sinceSeconds: number) =>
      all('the events', () => client.events.list({ types, created: { gte: sinceSeconds }, ...whole }, on)),
    subscription: (id: string) => one(`Subscription ${id}`, () => client.subscriptions.retrieve(id, {}, on)),
  };
}

async function attempt<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainApiError(error, what);
  }
}
