import { putOrder } from './api/orders.ts';
import type { CapturePlan, Desk } from './api/call.ts';
import { listOf, type Json } from './books.ts';
import type { PaypalCallback } from './events.ts';
import { disputeOf, type PaypalDispute, type PaypalDisputeTerms } from './dispute.ts';
import { moneyOf, unitsOf } from './money.ts';
import { captureUnits, refundCapture, settleCapture, settleRefund, type CaptureOutcome, type RefundTerms } from './payments.ts';

export interface PaypalBuyer {
  /** `null`: paid by card, without an address. @default ada@example.org */
  email?: string | null;
  firstName?: string;
  lastName?: string;
  country?: string;
}

/** What a shop put into an order. Sums are decimal texts, for one piece. */
export interface PaypalSaleTerms {
  /** Left out: an order without items, which names only its sum. */
  lines?: readonly { sku?: string; name?: string; quantity?: number; price: string; tax?: string }[];
  /** The sum of an order without items. */
  amount?: string;
  /** @default 'EUR' */
  currency?: string;
  discount?: string;
  shipping?: string;
  /** Tax stated for all items together. */
  tax?: string;
  customId?: string;
  invoiceId?: string;
  /** @default 'CAPTURE' */
  intent?: 'CAPTURE' | 'AUTHORIZE';
  /** Who is paid. @default the double's own account */
  payee?: string;
  at?: Date;
}

/** An order and what happens to it. Each act changes the books and gives the callback that PayPal would send. */
export interface PaypalSale {
  readonly order: Json & { id: string };
  /** The first capture; fails before there is one. */
  readonly capture: Json & { id: string };
  /** The buyer agrees. Pays nothing yet. */
  approve(buyer?: PaypalBuyer): PaypalCallback;
  /** PayPal takes an approval back. */
  withdraw(): PaypalCallback;
  /** What the next captures over the API come to, one after another. @default COMPLETED */
  willCapture(...plans: CapturePlan[]): void;
  /** Approved and captured by somebody else, e.g. the shop's own script in the browser. */
  captured(outcome?: CaptureOutcome, buyer?: PaypalBuyer): PaypalCallback;
  /** A pending capture is decided. */
  settled(outcome?: CaptureOutcome): PaypalCallback;
  refunded(terms?: RefundTerms): PaypalCallback;
  /** A refund that was under way is decided. */
  refundSettled(status: 'COMPLETED' | 'FAILED'): void;
  /** PayPal takes the money back. */
  reversed(): PaypalCallback;
  disputed(terms?: PaypalDisputeTerms): PaypalDispute;
  /** The order lapses. */
  voided(): void;
}

export function beginSale(terms: PaypalSaleTerms, desk: Desk): PaypalSale {
  return saleOf(putOrder(desk.books, desk.merchantId, orderBody(terms), terms.at), desk);
}

export function saleOf(order: Json, desk: Desk): PaypalSale {
  const { books, teller, plans } = desk;
  const id = order['id'] as string;
  const captureNow = (): Json & { id: string } => {
    const capture = listOf(order, 'purchase_units').flatMap((unit) =>
      listOf(unit['payments'] as Json | undefined, 'captures'),
    )[0];
    if (!capture) throw new Error(`Order ${id} has no capture yet.`);
    return capture as Json & { id: string };
  };

  function agree({ email = 'ada@example.org', firstName = 'Ada', lastName = 'Example', country = 'AT' }: PaypalBuyer = {}): void {
    const name = { given_name: firstName, surname: lastName };
    const account = { email_address: email, account_id: 'PAYER1DOUBLE', name, address: { country_code: country } };
    order['status'] = 'APPROVED';
    order['update_time'] = books.time();
    order['payment_source'] =
      email === null ? { card: { last_digits: '4242', name: `${firstName} ${lastName}` } } : { paypal: account };
    if (email !== null)
      order['payer'] = { payer_id: 'PAYER1DOUBLE', email_address: email, name, address: { country_code: country } };
  }

  return {
    order: order as Json & { id: string },
    get capture() {
      return captureNow();
    },
    approve(buyer) {
      agree(buyer);
      return teller.tell('CHECKOUT.ORDER.APPROVED', order);
    },
    withdraw() {
      order['status'] = 'PAYER_ACTION_REQUIRED';
      return teller.tell('CHECKOUT.PAYMENT-APPROVAL.REVERSED', { order_id: id, purchase_units: order['purchase_units'] });
    },
    willCapture: (...next) => void plans.set(id, next),
    captured(outcome = {}, buyer) {
      agree(buyer);
      const [capture] = captureUnits(books, order, outcome);
      return teller.tell(`PAYMENT.CAPTURE.${outcome.status ?? 'COMPLETED'}`, capture ?? {});
    },
    settled(outcome = {}) {
      const capture = settleCapture(books, captureNow(), outcome);
      return teller.tell(
        `PAYMENT.CAPTURE.${outcome.status === 'DECLINED' ? 'DENIED' : (outcome.status ?? 'COMPLETED')}`,
        capture,
      );
    },
    refunded: (refund) => teller.tell('PAYMENT.CAPTURE.REFUNDED', refundCapture(books, captureNow(), refund)),
    refundSettled(status) {
      const capture = captureNow();
      const refund = books.all('refunds').findLast((each) => listOf(each, 'links').some(({ href }) => isOf(capture.id, href)));
      if (refund) settleRefund(books, capture, refund, status);
    },
    reversed() {
      const refund = refundCapture(books, captureNow());
      return teller.tell('PAYMENT.CAPTURE.REVERSED', refund, { resourceType: 'capture' });
    },
    disputed: (dispute) => disputeOf(captureNow(), dispute ?? {}, desk),
    voided: () => void (order['status'] = 'VOIDED'),
  };
}

function isOf(capture: string, href: unknown): boolean {
  return typeof href === 'string' && href.endsWith(`/captures/${capture}`);
}

function orderBody({ lines, currency = 'EUR', intent = 'CAPTURE', ...terms }: PaypalSaleTerms): Json {
  const units = (value: string | undefined) => (value === undefined ? 0 : unitsOf({ currency_code: currency, value }));
  const money = (amount: number) => moneyOf(amount, currency);
  const items = (lines ?? []).map(({ sku, name, quantity = 1, price, tax }) => ({
    name: name ?? sku ?? 'Item',
    ...(sku !== undefined && { sku }),
    quantity: String(quantity),
    unit_amount: { currency_code: currency, value: price },
    ...(tax !== undefined && { tax: { currency_code: currency, value: tax } }),
  }));
  const goods = (lines ?? []).reduce((sum, { quantity = 1, price }) => sum + quantity * units(price), 0);
  const taxes = units(terms.tax) || (lines ?? []).reduce((sum, { quantity = 1, tax }) => sum + quantity * units(tax), 0);
  const total = lines ? goods + taxes + units(terms.shipping) - units(terms.discount) : units(terms.amount);
  const parts = { item_total: goods, tax_total: taxes, shipping: units(terms.shipping), discount: units(terms.discount) };
  const breakdown = Object.fromEntries(
    Object.entries(parts).flatMap(([name, sum]) => (sum > 0 || name === 'item_total' ? [[name, money(sum)]] : [])),
  );
  return {
    intent,
    purchase_units: [
      {
        amount: { ...money(total), ...(lines && { breakdown }) },
        ...(items.length > 0 && { items }),
        ...(terms.customId !== undefined && { custom_id: terms.customId }),
        ...(terms.invoiceId !== undefined && { invoice_id: terms.invoiceId }),
        ...(terms.payee !== undefined && { payee: { merchant_id: terms.payee } }),
      },
    ],
  };
}
