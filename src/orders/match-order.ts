import type { EventLine, PaymentEvent } from '../contract/event.ts';
import { formatMoney, type Money } from '../contract/money.ts';
import type { Hold, Order, OrderLine } from '../contract/order.ts';
import type { StockLevel } from '../contract/stock.ts';
import { stockDifferences } from './stock.ts';

/** What the configuration says about a SKU's money. */
export interface Pricing {
  readonly prices: readonly Money[];
  /** Whether a discount the gateway reports is accepted. */
  readonly discounts: 'hold' | 'accept';
  /** `included`: prices contain tax. `added`: tax comes on top. */
  readonly taxes: 'included' | 'added';
  /** Whether a free trial may begin without a payment. */
  readonly trials: 'hold' | 'accept';
}

/** What an order is compared with before anything is granted. */
export interface MatchRules {
  readonly mode: 'live' | 'test';
  /** Accounts the money may go to; empty: the gateway's secret alone decides. */
  readonly receivers: readonly string[];
  /** SKUs of other systems on the same gateway account; `*` stands for any text. */
  readonly ignoreSkus: readonly string[];
  /** What comes from here is given, not sold: prices are not compared. */
  readonly isGift?: boolean;
  /** The limited stock the order draws on, as it stands in the transaction that decides. */
  readonly stock?: readonly StockLevel[];
  pricing(sku: string): Pricing | undefined;
  isEmailAddress(text: string): boolean;
}

/**
 * An authentic payment is not yet a valid one: compares mode, receiver, currency, prices, discount, tax, sum and buyer
 * with the configuration. What differs is listed in `holds` and the order is `held`, unless staff released that very code.
 * A line without a product file is `parked` and holds nobody else up.
 */
export function matchOrder(order: Order, rules: MatchRules): Order {
  const lines = order.lines.map((line) => ({ ...line, state: stateOf(line, rules) }));
  const released = releasedCodes(order.events);
  const holds = isMoneyIn(order) ? differences({ ...order, lines }, rules).filter(({ code }) => !released.has(code)) : [];
  return { ...order, lines, holds, status: holds.length > 0 ? 'held' : order.status };
}

function isMoneyIn({ status }: Order): boolean {
  return status === 'paid' || status === 'partlyRefunded' || status === 'disputed';
}

function stateOf({ sku }: OrderLine, rules: MatchRules): OrderLine['state'] {
  if (sku === undefined) return 'parked';
  if (rules.ignoreSkus.some((pattern) => fits(sku, pattern))) return 'foreign';
  return rules.pricing(sku) ? 'open' : 'parked';
}

function fits(sku: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(sku);
}

function releasedCodes(events: readonly PaymentEvent[]): Set<string> {
  return new Set(events.flatMap(({ kind, staff }) => (kind === 'order.released' ? (staff?.codes ?? []) : [])));
}

function differences(order: Order, rules: MatchRules): Hold[] {
  if (order.lines.length > 0 && order.lines.every(({ state }) => state === 'foreign')) return [];
  const holds: Hold[] = [];
  if (order.events.some(({ mode }) => mode !== rules.mode)) {
    holds.push({
      code: 'MODE_MISMATCH',
      message: `The payment is a ${order.mode} payment, but this site runs in ${rules.mode} mode.`,
    });
  }
  holds.push(...receiverDifferences(order, rules));
  if (order.lines.length === 0) {
    holds.push({ code: 'ITEMS_UNKNOWN', message: 'The gateway does not say what was bought.' });
  }
  const isTrial = order.events.some(({ kind, trial }) => kind === 'payment.completed' && trial);
  for (const line of order.lines) holds.push(...lineDifferences(line, rules, isTrial));
  holds.push(...sumDifferences(order), ...buyerDifferences(order, rules));
  if (!rules.isGift) holds.push(...stockDifferences(order, rules.stock ?? []));
  return holds;
}

function receiverDifferences(order: Order, { receivers }: MatchRules): Hold[] {
  if (receivers.length === 0) return [];
  const other = order.events.find(({ kind, receiver }) => kind === 'payment.completed' && !receivers.includes(receiver ?? ''));
  if (!other) return [];
  const told = other.receiver === undefined ? 'an account the gateway does not name' : `account ${other.receiver}`;
  return [{ code: 'RECEIVER_MISMATCH', message: `The money went to ${told}, not to ${receivers.join(' or ')}.` }];
}

function lineDifferences(line: OrderLine, rules: MatchRules, isTrial: boolean): Hold[] {
  const where = `Line ${line.line} (${line.sku ?? line.title})`;
  if (line.sku === undefined) {
    return [{ code: 'SKU_MISSING', message: `${where} carries no SKU, so nobody can tell which product it is.` }];
  }
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 1 || line.quantity > 10_000) {
    return [{ code: 'QUANTITY_IMPOSSIBLE', message: `${where} has the quantity ${line.quantity}.` }];
  }
  const pricing = line.state === 'open' ? rules.pricing(line.sku) : undefined;
  if (!pricing || rules.isGift) return [];
  if (isTrial && !line.joined && !line.once) return trialDifferences(pricing, where);
  return priceDifferences(line, pricing, where);
}

function trialDifferences({ trials }: Pricing, where: string): Hold[] {
  if (trials === 'accept') return [];
  return [{ code: 'TRIAL_NOT_ACCEPTED', message: `${where} began with a free trial; "trials" is "hold".` }];
}

function priceDifferences(line: EventLine, pricing: Pricing, where: string): Hold[] {
  const { currency } = line.subtotal;
  const price = pricing.prices.find((each) => each.currency === currency);
  if (!price) {
    const known = pricing.prices.map((each) => each.currency).join(', ');
    return [
      { code: 'CURRENCY_MISMATCH', message: `${where} was paid in ${currency}; its product file has a price in ${known}.` },
    ];
  }
  const holds: Hold[] = [];
  const expected = { amount: price.amount * line.quantity, currency };
  if (line.subtotal.amount !== expected.amount) {
    holds.push({
      code: 'AMOUNT_MISMATCH',
      message: `${where} cost ${formatMoney(line.subtotal)}; by its product file it costs ${formatMoney(expected)}.`,
    });
  }
  const discount = line.discount?.amount ?? 0;
  if (discount !== 0 && pricing.discounts === 'hold') {
    holds.push({
      code: 'DISCOUNT_NOT_ACCEPTED',
      message: `${where} was discounted by ${formatMoney({ amount: discount, currency })}; "discounts" is "hold".`,
    });
  }
  const tax = pricing.taxes === 'added' ? (line.tax?.amount ?? 0) : 0;
  const total = line.subtotal.amount - discount + tax;
  if (line.total.amount !== total || line.total.currency !== currency) {
    holds.push({
      code: 'TAX_MISMATCH',
      message: `${where} was charged ${formatMoney(line.total)} where ${formatMoney({ amount: total, currency })} follows from price, discount and "taxes": "${pricing.taxes}".`,
    });
  }
  return holds;
}

/** The lines and the shipping must add up to what was paid; else a cheap payment could settle a dear order. */
function sumDifferences(order: Order): Hold[] {
  const paid = order.events.filter(({ kind }) => kind === 'payment.completed');
  const bought = order.lines.filter(({ joined }) => !joined);
  const first = paid.findLast(({ lines }) => lines) ?? paid[0];
  if (!first || bought.length === 0) return [];
  if (!first.amount) return [{ code: 'AMOUNT_UNKNOWN', message: 'The gateway does not say how much was paid.' }];
  const shipping = order.events.find((event) => event.shipping)?.shipping;
  const charged = first.trial ? bought.filter(({ once }) => once) : bought;
  const parts = [...charged.map(({ total }) => total), ...(shipping ? [shipping] : [])];
  const { currency } = first.amount;
  const due = { amount: parts.reduce((total, part) => total + part.amount, 0), currency };
  const isOneCurrency = [...parts, ...(first.part ? order.payments.map(({ amount }) => amount) : [])].every(
    (part) => part.currency === currency,
  );
  const got = first.part ? (order.total ?? first.amount) : first.amount;
  if (isOneCurrency && due.amount === got.amount) return [];
  if (first.part && isOneCurrency) return [partDifference(got, due)];
  return [{ code: 'SUM_MISMATCH', message: `${formatMoney(got)} was paid, but the items add up to ${formatMoney(due)}.` }];
}

function partDifference(got: Money, due: Money): Hold {
  const gap = formatMoney({ amount: Math.abs(due.amount - got.amount), currency: due.currency });
  return got.amount < due.amount
    ? { code: 'PAID_IN_PART', message: `${formatMoney(got)} of ${formatMoney(due)} was paid so far; ${gap} is missing.` }
    : { code: 'PAID_TOO_MUCH', message: `${formatMoney(got)} was paid, ${gap} more than the ${formatMoney(due)} that were due.` };
}

function buyerDifferences({ buyer }: Order, rules: MatchRules): Hold[] {
  if (buyer.email === undefined)
    return [{ code: 'BUYER_UNKNOWN', message: 'The gateway gave no e-mail address, so nobody can be given access.' }];
  if (rules.isEmailAddress(buyer.email)) return [];
  return [{ code: 'BUYER_EMAIL_INVALID', message: "The buyer's e-mail address is not a valid one." }];
}
