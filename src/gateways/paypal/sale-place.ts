import type { PaymentEvent } from '../../contract/event.ts';
import { namesOf, textAt, type Fields } from '../json-fields.ts';
import { needId } from './fields.ts';

/**
 * The purchase that a payment of the older API (a "sale") belongs to: the subscription it pays for. A sale of a payment from
 * before orders stands for that payment; it says nothing about items, so it is held.
 */
export function placeOfSale(sale: Fields): Pick<PaymentEvent, 'purchase' | 'payment'> & { readonly references: string[] } {
  const id = needId(sale, 'id');
  const subscription = textAt(sale, 'billing_agreement_id');
  const parent = textAt(sale, 'parent_payment');
  return {
    purchase: subscription ?? parent ?? id,
    payment: id,
    references: namesOf(subscription, id, parent, textAt(sale, 'invoice_number'), textAt(sale, 'custom')),
  };
}
