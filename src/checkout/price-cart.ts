import type { CartRules } from '../config/types.ts';
import type { CartLine, Offer } from '../contract/gateway.ts';
import { formatMoney, type Money } from '../contract/money.ts';
import type { CartItem, CartRequest } from './cart-request.ts';

/** What is sold, and under which rules. */
export interface Shelf {
  offer(sku: string, quantity: number): Promise<Offer | undefined>;
  /** By the product's own SKU. */
  rules(sku: string): CartRules | undefined;
  /** SKUs that a bundle contains. */
  includes(sku: string): readonly string[];
}

/** A cart at the prices of the product files. With `problems` it cannot be bought as it is. */
export interface PricedCart {
  readonly lines: readonly CartLine[];
  /** Undefined while the lines have no common currency. */
  readonly total?: Money;
  /** Currencies all lines have a price in. */
  readonly currencies: readonly string[];
  readonly problems: readonly CartProblem[];
}

/** In words for the buyer. */
export interface CartProblem {
  readonly code: 'SKU_UNKNOWN' | 'SOLD_OUT' | 'CART_QUANTITY' | 'CART_RULE' | 'CART_CURRENCY' | 'CART_TOO_LARGE';
  readonly message: string;
}

interface Wanted extends CartItem {
  readonly offer: Offer;
}

/** Prices, titles and SKUs come from the product files alone; stock and rules are asked with the whole cart in view. */
export async function priceCart({ items, currency }: CartRequest, shelf: Shelf): Promise<PricedCart> {
  const problems: CartProblem[] = [];
  const wanted: Wanted[] = [];
  for (const item of together(items)) {
    const quantity = items.filter(({ sku }) => sku === item.sku).reduce((sum, each) => sum + each.quantity, 0);
    const offer = await shelf.offer(item.sku, quantity);
    if (!offer) problems.push({ code: 'SKU_UNKNOWN', message: `${item.sku} is not sold here.` });
    else wanted.push({ ...item, offer });
    if (offer?.soldOut !== undefined) problems.push({ code: 'SOLD_OUT', message: `${offer.title}: ${offer.soldOut}` });
  }
  problems.push(...(await brokenRules(wanted, shelf)), ...paidTwice(wanted, shelf));

  const currencies = commonCurrencies(wanted);
  const chosen = currency ?? currencies[0];
  if (wanted.length > 0 && (chosen === undefined || !currencies.includes(chosen)))
    problems.push({ code: 'CART_CURRENCY', message: currencyProblem(wanted, currency, currencies) });
  const lines = wanted.flatMap(({ offer, quantity, learner }): CartLine[] => {
    const price = offer.prices.find((each) => each.currency === chosen);
    return price ? [{ sku: offer.sku, title: offer.title, quantity, price, ...(learner && { learner }) }] : [];
  });
  const amount = lines.reduce((sum, { price, quantity }) => sum + price.amount * quantity, 0);
  if (!Number.isSafeInteger(amount)) problems.push({ code: 'CART_TOO_LARGE', message: 'This is more than can be paid at once.' });
  const isPriced = chosen !== undefined && lines.length === wanted.length && lines.length > 0;
  return { lines, currencies, problems, ...(isPriced && { total: { amount, currency: chosen } }) };
}

/** The same product for the same person is one line. */
function together(items: readonly CartItem[]): CartItem[] {
  const lines = Map.groupBy(items, ({ sku, learner }) => JSON.stringify([sku, learner ?? null]));
  return [...lines.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, quantity: others.reduce((sum, { quantity }) => sum + quantity, first.quantity) }] : [],
  );
}

async function brokenRules(wanted: readonly Wanted[], shelf: Shelf): Promise<CartProblem[]> {
  const problems: CartProblem[] = [];
  const bySku = Map.groupBy(wanted, ({ offer }) => offer.sku);
  for (const [sku, lines] of bySku) {
    const rules = shelf.rules(sku);
    const title = lines[0]?.offer.title ?? sku;
    if (!rules) continue;
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    if (quantity < rules.min) problems.push({ code: 'CART_QUANTITY', message: `${title} is sold from ${rules.min} pieces on.` });
    if (rules.max !== undefined && quantity > rules.max)
      problems.push({ code: 'CART_QUANTITY', message: `${title} is sold at most ${rules.max} at a time.` });
    for (const [name, isWanted] of [
      ...rules.requires.map((each) => [each, true] as const),
      ...rules.excludes.map((each) => [each, false] as const),
    ]) {
      const other = await shelf.offer(name, 1);
      if (bySku.has(other?.sku ?? name) === isWanted) continue;
      const named = other?.title ?? name;
      const message = isWanted
        ? `${title} is only sold together with ${named}.`
        : `${title} cannot be bought together with ${named}.`;
      problems.push({ code: 'CART_RULE', message });
    }
  }
  return problems;
}

/** What a bundle contains is not charged again for the same person. */
function paidTwice(wanted: readonly Wanted[], shelf: Shelf): CartProblem[] {
  return wanted.flatMap((bundle) =>
    wanted
      .filter(
        (part) => shelf.includes(bundle.offer.sku).includes(part.offer.sku) && part.learner?.email === bundle.learner?.email,
      )
      .map((part): CartProblem => ({
        code: 'CART_RULE',
        message: `${part.offer.title} is part of ${bundle.offer.title} already.`,
      })),
  );
}

function commonCurrencies([first, ...others]: readonly Wanted[]): string[] {
  const own = first?.offer.prices.map(({ currency }) => currency) ?? [];
  return own.filter((currency) => others.every(({ offer }) => offer.prices.some((price) => price.currency === currency)));
}

function currencyProblem(wanted: readonly Wanted[], currency: string | undefined, currencies: readonly string[]): string {
  if (currency !== undefined && currencies.length > 0)
    return `This cannot be paid in ${currency}, only in ${currencies.join(' or ')}.`;
  const prices = wanted.map(({ offer }) => `${offer.title} (${offer.prices.map(formatMoney).join(', ')})`);
  return `These have no common currency: ${prices.join('; ')}. Please buy them one by one.`;
}
