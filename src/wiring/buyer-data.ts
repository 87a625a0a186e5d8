import { randomBytes } from 'node:crypto';
import { erasedAddress } from '../contract/erased.ts';
import type { CallbackBody, Erasure, HistoryEntry, KeyRow, OrderRecord, Store } from '../storage/store.ts';

/** Everything that is kept about a person. */
export interface BuyerExport {
  readonly email: string;
  /** Orders with all that belongs to them. Where the person is a learner only, `as` says so: the buyer is somebody else. */
  readonly orders: readonly (OrderRecord & { readonly as: 'buyer' | 'learner'; readonly history: readonly HistoryEntry[] })[];
  readonly mails: readonly { readonly order: string; readonly step: string; readonly about: string; readonly sentAt: string }[];
  readonly keys: readonly (KeyRow & { readonly pool: string })[];
  readonly callbacks: readonly (Omit<CallbackBody, 'body' | 'at'> & { readonly body: string })[];
}

export interface BuyerErased extends Erasure {
  /** What stands for the person from now on. */
  readonly as: string;
  readonly callbacksEmptied: number;
  readonly samplesDropped: number;
  /** Callbacks that name the person and are not settled yet: they were left. */
  readonly openCallbacks: readonly number[];
}

export interface ErasureWish {
  readonly by: string;
  readonly because: string;
  readonly force: boolean;
}

const pageSize = 200;

/** What is kept about the person with this address: as buyer and as learner, and in callbacks that name it. */
export async function exportBuyer(store: Store, email: string): Promise<BuyerExport> {
  const ids = await store.ordersOfPerson(email);
  const orders = [];
  for (const id of ids) {
    const record = await store.findOrder(id);
    const as = sameAddress(record?.order.buyer.email, email) ? ('buyer' as const) : ('learner' as const);
    if (record) orders.push({ ...record, as, history: await store.history(id) });
  }
  const holders = orders.flatMap(({ grants, steps }) => [...grants.map(({ id }) => id), ...steps.map(({ key }) => key)]);
  const own = new Set(await store.callbacksOfOrders(orders.filter(({ as }) => as === 'buyer').map(({ order }) => order.id)));
  const callbacks = await callbacksThat(store, (callback) => own.has(callback.id) || names(callback, email));
  return {
    email: email.trim(),
    orders,
    mails: orders.flatMap(({ steps }) =>
      steps
        .filter(({ verb, state }) => verb === 'mail' && state === 'done')
        .map(({ orderId, key, action, updatedAt }) => ({
          order: orderId,
          step: key,
          about: action,
          sentAt: new Date(updatedAt).toISOString(),
        })),
    ),
    keys: await store.keysHeldBy(holders),
    callbacks: callbacks.map(({ id, gateway, deliveryId, receivedAt, url, body }) => ({
      ...{ id, gateway, deliveryId, receivedAt, url },
      body: Buffer.from(body).toString('utf8'),
    })),
  };
}

/**
 * Forgets the person with this address. Nothing is erased while something is open, unless forced. A call that was cut short is
 * repeated with the address: what named it and was not reached is found by it again.
 */
export async function eraseBuyer(store: Store, email: string, wish: ErasureWish): Promise<BuyerErased> {
  const as = erasedAddress(randomBytes(5).toString('hex'));
  const waiting = await callbacksThat(store, (callback) => names(callback, email), ['parked', 'open']);
  const openCallbacks = waiting.map(({ id }) => id);
  const nothing = { as, callbacksEmptied: 0, samplesDropped: 0, openCallbacks };
  if (waiting.length > 0 && !wish.force) {
    const open = waiting.map(({ id, gateway }) => ({
      orderId: '',
      what: `callback ${id} of ${gateway} names the buyer and is not settled`,
      isRunning: false,
    }));
    return { ...nothing, erased: [], open };
  }
  const erasure = await store.erasePerson({ email, as, ...wish });
  if (erasure.erased.length === 0 && erasure.open.length > 0) return { ...nothing, ...erasure };
  const named = await callbacksThat(store, (callback) => names(callback, email), ['settled']);
  const told = erasure.erased.flatMap(({ callbacks }) => callbacks);
  return {
    ...nothing,
    ...erasure,
    callbacksEmptied: await store.emptyCallbacks([...new Set([...told, ...named.map(({ id }) => id)])]),
    samplesDropped: await store.dropSamples((sample) => names(sample, email)),
  };
}

async function callbacksThat(
  store: Store,
  isWanted: (callback: CallbackBody) => boolean,
  lists: readonly ('settled' | 'parked' | 'open')[] = ['settled', 'parked', 'open'],
): Promise<CallbackBody[]> {
  const found: CallbackBody[] = [];
  for (const list of lists) {
    let after: CallbackBody | undefined;
    do {
      const page = await store.callbackBodies(list, pageSize, after);
      found.push(...page.filter(isWanted));
      after = page.length === pageSize ? page.at(-1) : undefined;
    } while (after);
  }
  return found;
}

/** As gateways write an address: as it is, in a form, or in JSON that spares special characters. */
function names({ url, body }: { readonly url: string; readonly body: Uint8Array }, email: string): boolean {
  const address = email.trim().toLowerCase();
  const text = `${url}\n${Buffer.from(body).toString('utf8')}`.toLowerCase();
  const spellings = [address, encodeURIComponent(address).toLowerCase(), address.replace('@', '\\u0040')];
  return spellings.some((spelling) => text.includes(spelling));
}

function sameAddress(one: string | undefined, other: string): boolean {
  return one?.trim().toLowerCase() === other.trim().toLowerCase();
}
