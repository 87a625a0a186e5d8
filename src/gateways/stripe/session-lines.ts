import type { EventLine, Person } from '../../contract/event.ts';
import { told } from './desk.ts';
import { fieldsAt, textAt, wholeAt, type Fields } from './fields.ts';
import { moneyOf } from './money.ts';
import { findSku, productOf } from './sku.ts';

/**
 * The items of a Checkout Session. Where tax is included, `amount_subtotal` contains it and `amount_total` does not add it;
 * where it comes on top, only `amount_total` does. So total = subtotal - discount (+ tax on top) holds in both cases.
 * `quantity` is what the buyer ordered, also where `transform_quantity` bills packages; null means one.
 */
export function sessionLines(
  items: readonly Fields[],
  skuFrom: readonly string[],
  currency: string,
  metadata: Readonly<Record<string, string>>,
  isSubscription: boolean,
): EventLine[] {
  const payment = items.length === 1 ? metadata : undefined;
  return items.map((line) => {
    const price = fieldsAt(line, 'price');
    const product = productOf(price);
    const sum = (field: string) => moneyOf(wholeAt(line, field) ?? 0, textAt(line, 'currency') ?? currency);
    const part = (field: string) => (wholeAt(line, field) ? sum(field) : undefined);
    return told({
      sku: findSku(skuFrom, { line, price, product, payment }),
      title: textAt(line, 'description') ?? textAt(product, 'name') ?? textAt(price, 'nickname') ?? 'Item',
      quantity: wholeAt(line, 'quantity') ?? 1,
      subtotal: sum('amount_subtotal'),
      discount: part('amount_discount'),
      tax: part('amount_tax'),
      total: sum('amount_total'),
      once: isSubscription && !fieldsAt(price, 'recurring') ? true : undefined,
      learner: learnerOf(product),
    });
  });
}

/** Whom our checkout noted with the product it made for this one session. */
function learnerOf(product: Fields | undefined): Person | undefined {
  const email = textAt(product, 'metadata', 'handover_learner_email');
  return email === undefined ? undefined : told({ email, name: textAt(product, 'metadata', 'handover_learner_name') });
}
