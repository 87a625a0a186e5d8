import { HandoverError } from '../contract/errors.ts';
import type { Order } from '../contract/order.ts';
import type { OrderRecord, Store } from '../storage/store.ts';

const mostShown = 50;

/** The orders a text names: an order number in any spelling, a gateway's reference, or the buyer's e-mail. Newest first. */
export async function findOrders(store: Store, text: string): Promise<readonly Order[]> {
  const found = await store.findOrders({ text, limit: mostShown });
  if (found.length > 0) return found;
  const name = orderNumberIn(text) ?? (await referenceIn(text));
  return name === undefined ? [] : store.findOrders({ text: name, limit: mostShown });
}

/** The one order a text names. Throws `ORDER_UNKNOWN` or `ORDER_AMBIGUOUS`. */
export async function findOneOrder(store: Store, text: string): Promise<OrderRecord> {
  const [found, ...others] = await findOrders(store, text);
  if (others.length > 0 && found) {
    throw new HandoverError('ORDER_AMBIGUOUS', `${others.length + 1} orders fit "${text}".`, {
      hint: `Give one number of these: ${[found, ...others].map(({ id }) => id).join(', ')}`,
    });
  }
  const record = found && (await store.findOrder(found.id));
  if (record) return record;
  throw new HandoverError('ORDER_UNKNOWN', `No order fits "${text}".`, {
    hint: "Give an order number, a reference of the gateway, or the buyer's whole e-mail address. All orders: npx handover orders",
  });
}

/** `rf18 abcd …`, as it stands on a bank transfer. */
async function referenceIn(text: string): Promise<string | undefined> {
  if (!/^\s*rf/i.test(text)) return undefined;
  const { referencesIn } = await import('../gateways/index.ts');
  return referencesIn(text)[0];
}

/** `k3m92qxt7bhd` as `K3M9-2QXT-7BHD`. Letters people misread are read as the digit they look like. */
export function orderNumberIn(text: string): string | undefined {
  const characters = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(characters)) return undefined;
  return `${characters.slice(0, 4)}-${characters.slice(4, 8)}-${characters.slice(8)}`;
}
