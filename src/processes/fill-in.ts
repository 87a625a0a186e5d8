import mustache from 'mustache';
import type { Person } from '../contract/event.ts';
import type { Order, OrderLine } from '../contract/order.ts';
import { formatMoney } from '../contract/money.ts';
import type { FoundProduct } from './find-product.ts';

/** Puts order, buyer, product and site into the `{{…}}` of an action's input. Values are plain text, never templates. */
export function fillIn(input: Readonly<Record<string, unknown>>, names: object): Record<string, unknown> {
  return fill(input, names) as Record<string, unknown>;
}

function fill(value: unknown, names: object): unknown {
  if (typeof value === 'string')
    return value.includes('{{') ? mustache.render(value, names, undefined, { escape: String }) : value;
  if (Array.isArray(value)) return value.map((each) => fill(each, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, names)]));
}

/** The names an action's input may use. */
export function namesFor(order: Order, line: OrderLine, { product, catalogue }: FoundProduct, learner?: Person): object {
  return {
    order: {
      number: order.id,
      total: order.total ? formatMoney(order.total) : '',
      date: (order.paidAt ?? order.createdAt).slice(0, 10),
    },
    buyer: order.buyer,
    learner: learner ?? order.buyer,
    product: { title: product.title, sku: product.sku, quantity: line.quantity, description: product.description ?? '' },
    site: catalogue.site.site,
    metadata: product.metadata,
  };
}
