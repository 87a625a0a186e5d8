import type { EventLine, Person } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { fieldsAt, metadataOf, namesOf, textAt, type Fields } from '../json-fields.ts';
import { told } from '../told.ts';
import { personOf } from './buyer.ts';
import type { Desk } from './desk.ts';
import { needId } from './fields.ts';

/** What a subscription sells, and to whom. */
export interface Selling {
  readonly subscription: Fields;
  readonly plan: Fields;
  readonly buyer: Person | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
  readonly references: readonly string[];
  /** Its one line, when so much was paid. */
  readonly linesFor: (amount: Money, tax?: Money, shipping?: Money) => EventLine[];
}

export async function sellingOf(id: string, { api, context }: Desk): Promise<Selling> {
  const subscription = await api.subscription(id);
  const plan = await api.plan(needId(subscription, 'plan_id'));
  const custom = textAt(subscription, 'custom_id');
  const skus = { plan: textAt(subscription, 'plan_id'), product: textAt(plan, 'product_id'), custom };
  const sku = skus[context.options.subscriptionSku ?? 'plan'];
  const quantity = textAt(subscription, 'quantity') ?? '1';
  return {
    subscription,
    plan,
    buyer: personOf(fieldsAt(subscription, 'subscriber')),
    metadata: custom === undefined ? undefined : metadataOf({ custom_id: custom }),
    references: namesOf(textAt(subscription, 'plan_id'), custom),
    linesFor: (amount, tax, shipping) => {
      const total = { ...amount, amount: amount.amount - (shipping?.amount ?? 0) };
      const subtotal = { ...amount, amount: total.amount - (tax?.amount ?? 0) };
      return [
        told({
          sku,
          title: textAt(plan, 'name') ?? sku ?? 'Subscription',
          quantity: /^\d{1,10}$/.test(quantity) ? Number(quantity) : 0,
          subtotal,
          tax: tax?.amount ? tax : undefined,
          total,
        }),
      ];
    },
  };
}
