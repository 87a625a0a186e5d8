import { HandoverError } from '../../contract/errors.ts';
import type { Person } from '../../contract/event.ts';
import { parseMoney, type Money } from '../../contract/money.ts';
import { writeDecimal } from '../decimal-amount.ts';
import { trimSecrets } from '../signature.ts';
import { openName, signName } from '../signed-name.ts';

/** What a buyer is about to pay for. WebMoney's protocol has no items, so the shop's page signs them for us. */
export interface WebmoneyCart {
  /** LMI_PAYMENT_NO: one to fifteen digits, a fresh number for each payment. It becomes the name of the purchase. */
  readonly number: string;
  readonly items: readonly WebmoneyItem[];
  /** Who gets access; the e-mail address is needed. */
  readonly buyer: Person & { readonly email: string };
  /** BCP 47. */
  readonly language?: string;
}

export interface WebmoneyItem {
  readonly sku: string;
  /** @default 1 */
  readonly quantity?: number;
  /** Of one unit, for example "19.99 USD". */
  readonly price: string;
  /** What staff and the buyer see it called until the product file is known. @default the SKU */
  readonly title?: string;
  /** Who gets it, when it is not the buyer. */
  readonly learner?: Person;
}

/** What `signCart` gives. */
export interface SignedCart {
  /** Hidden fields for the form that goes to WebMoney. */
  readonly fields: Readonly<Record<'LMI_PAYMENT_NO' | 'LMI_PAYMENT_AMOUNT' | 'HANDOVER_CART', string>>;
  /** To be put behind the "?" of LMI_SUCCESS_URL, so that the returning buyer is shown the order. It names nobody. */
  readonly returnQuery: string;
}

interface OpenItem {
  readonly sku: string;
  readonly quantity: number;
  /** Of one unit, in minor units. */
  readonly price: number;
  readonly title: string;
  readonly learner?: Person;
}

/** A cart of ours, opened again. */
export interface OpenCart {
  readonly number: string;
  readonly currency: string;
  readonly total: number;
  readonly items: readonly OpenItem[];
  readonly buyer: Person;
  readonly language?: string;
}

/**
 * Signs what a buyer is about to pay for. `HANDOVER_CART` is a free field of ours, not of WebMoney: HMAC-SHA256 with `secret`,
 * one of the gateway's `cartSecrets`, over number, items, prices and buyer. Throws `WEBMONEY_CART_INVALID`.
 */
export function signCart(cart: WebmoneyCart, secret: string): SignedCart {
  const open = check(cart, secret);
  const text = Buffer.from(JSON.stringify(open), 'utf8').toString('base64url');
  return {
    fields: {
      LMI_PAYMENT_NO: open.number,
      LMI_PAYMENT_AMOUNT: writeDecimal({ amount: open.total, currency: open.currency }),
      HANDOVER_CART: signName(text, cartLabel, secret),
    },
    returnQuery: `order=${signName(open.number, returnLabel, secret)}`,
  };
}

/** Undefined when none of the secrets signed it. */
export function openCart(field: string, secrets: readonly string[]): OpenCart | undefined {
  const text = openName(field, cartLabel, longEnough(secrets));
  return text === undefined ? undefined : (JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as OpenCart);
}

/** The payment number a returning buyer's query names, if we signed it. */
export function openReturn(order: string, secrets: readonly string[]): string | undefined {
  return openName(order, returnLabel, longEnough(secrets));
}

/** So that a text signed for one purpose does not serve another. */
const cartLabel = 'handover webmoney cart';
const returnLabel = 'handover webmoney return';

function longEnough(secrets: readonly string[]): string[] {
  return trimSecrets(secrets).filter((secret) => secret.length >= shortestSecret);
}

/** Characters of a cart secret. */
export const shortestSecret = 16;

function check({ number, items, buyer, language }: WebmoneyCart, secret: string): OpenCart {
  if (secret.trim().length < shortestSecret) throw invalid(`The secret has fewer than ${shortestSecret} characters.`);
  if (!/^\d{1,15}$/.test(number)) throw invalid(`"${number}" is not a payment number: one to fifteen digits.`);
  if (!buyer.email) throw invalid('The buyer has no e-mail address.');
  const prices = items.map(({ sku, quantity = 1, price, title = sku, learner }) => ({
    sku,
    quantity,
    money: moneyOf(price, sku),
    title,
    ...(learner && { learner }),
  }));
  const [first] = prices;
  if (!first) throw invalid('Nothing is in the cart.');
  const { currency } = first.money;
  for (const { sku, quantity, money } of prices) {
    if (sku === '') throw invalid('An item has no SKU.');
    if (money.currency !== currency) throw invalid('The items have prices in different currencies.');
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > 9999)
      throw invalid(`"${sku}" cannot be bought ${quantity} times.`);
  }
  return {
    number,
    currency,
    total: prices.reduce((sum, { quantity, money }) => sum + quantity * money.amount, 0),
    items: prices.map(({ money, ...item }) => ({ ...item, price: money.amount })),
    buyer,
    ...(language !== undefined && { language }),
  };
}

function moneyOf(price: string, sku: string): Money {
  const money = parseMoney(price);
  if (!money) throw invalid(`The price of "${sku}" is "${price}"; it has to be like "19.99 USD".`);
  return money;
}

function invalid(message: string): HandoverError {
  return new HandoverError('WEBMONEY_CART_INVALID', message, { hint: 'Correct what the page hands to signCart.' });
}
