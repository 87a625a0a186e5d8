import type { EventLine } from '../../contract/event.ts';
import { told } from './desk.ts';
import { textAt, wholeAt, type Fields } from './fields.ts';
import { moneyOf } from './money.ts';

/** What a shop wrote into `amount_details.line_items` of a payment intent for the card networks. `product_code` is the SKU; tax is on top. */
export function amountLines(items: readonly Fields[], currency: string): EventLine[] {
  return items.map((item) => {
    const sku = textAt(item, 'product_code');
    const quantity = wholeAt(item, 'quantity') ?? 1;
    const subtotal = (wholeAt(item, 'unit_cost') ?? 0) * quantity;
    const discount = wholeAt(item, 'discount_amount') ?? 0;
    const tax = wholeAt(item, 'tax', 'total_tax_amount') ?? 0;
    return told({
      sku,
      title: textAt(item, 'product_name') ?? sku ?? 'Item',
      quantity,
      subtotal: moneyOf(subtotal, currency),
      discount: discount === 0 ? undefined : moneyOf(discount, currency),
      tax: tax === 0 ? undefined : moneyOf(tax, currency),
      total: moneyOf(subtotal - discount + tax, currency),
    });
  });
}
