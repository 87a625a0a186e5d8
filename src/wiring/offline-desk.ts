import type { App } from '../app.ts';
import { HandoverError } from '../contract/errors.ts';
import type { Money } from '../contract/money.ts';
import type { Order } from '../contract/order.ts';
import {
  cancelEvent,
  decideReceipt,
  openSum,
  referencesIn,
  refundEvents,
  type OfflineOptions,
  type PayBack,
  type Receipt,
  type StaffWord,
} from '../gateways/index.ts';
import type { StatementEntry } from '../statements/statement.ts';

/** What staff do about money that no gateway reports. Each is safe to repeat. */
export interface OfflineDesk {
  /** Money has come. `waiting`: a second person must say so too. `known`: it counted before. */
  confirm(orderId: string, receipt: Receipt): Promise<{ readonly kind: 'counts' | 'waiting' | 'known'; readonly order: Order }>;
  /** Nobody waits for the money any more. `isNew`: it was not so before. */
  cancel(orderId: string, word: StaffWord): Promise<{ readonly isNew: boolean; readonly order: Order }>;
  /** Money was sent back. Gives what, in all; undefined: it was known. */
  refund(orderId: string, payBack: PayBack): Promise<{ readonly returned: Money | undefined; readonly order: Order }>;
  /** Which orders the payments of a bank statement are for. Changes nothing. */
  match(entries: readonly StatementEntry[]): Promise<readonly Proposal[]>;
}

/**
 * `exact`: the reference and the open sum fit. `part`, `over`: the sum does not. `late`: the order has expired. `paid`: nothing is
 * open. `known`: this very payment was confirmed before. `currency`: another one. `guess`: no reference, but sum and name fit one
 * order. `none`: no order of ours.
 */
export type MatchKind = 'exact' | 'part' | 'over' | 'late' | 'paid' | 'known' | 'currency' | 'guess' | 'none';

export interface Proposal {
  readonly entry: StatementEntry;
  readonly kind: MatchKind;
  readonly order?: Order;
}

const mostWaiting = 1000;

export function createOfflineDesk(app: App): OfflineDesk {
  async function load(orderId: string): Promise<Order> {
    const record = await app.store.findOrder(orderId);
    if (record && isOffline(record.order)) return record.order;
    throw new HandoverError('ORDER_NOT_OFFLINE', `Order ${orderId} is not one whose money staff confirm.`, {
      hint: 'Payments and refunds of a gateway are made there; its callbacks bring them here.',
    });
  }

  const isOffline = ({ gateway }: Order): boolean => app.edition().gateway(gateway)?.gateway.name === 'offline';
  const optionsOf = ({ gateway }: Order): OfflineOptions => app.edition().gateway(gateway)?.context.options as OfflineOptions;

  async function confirm(orderId: string, receipt: Receipt): ReturnType<OfflineDesk['confirm']> {
    const order = await load(orderId);
    const decision = decideReceipt(order, receipt, optionsOf(order));
    if (!('event' in decision)) return { kind: decision.kind, order };
    await app.record([decision.event]);
    if (decision.kind === 'counts') return { kind: 'counts', order: await load(orderId) };
    return confirm(orderId, receipt);
  }

  return {
    confirm,

    async cancel(orderId, word) {
      const event = cancelEvent(await load(orderId), word);
      if (event) await app.record([event]);
      return { isNew: event !== undefined, order: await load(orderId) };
    },

    async refund(orderId, payBack) {
      const events = refundEvents(await load(orderId), payBack);
      if (events.length > 0) await app.record(events);
      const sums = events.flatMap(({ amount }) => amount ?? []);
      const returned = sums[0] && { ...sums[0], amount: sums.reduce((sum, { amount }) => sum + amount, 0) };
      return { returned, order: await load(orderId) };
    },

    async match(entries) {
      const waiting = (await app.store.findOrders({ status: 'pending', limit: mostWaiting })).filter(isOffline);
      const claimed = new Map<string, number>();
      const proposals: Proposal[] = [];
      for (const entry of entries) {
        const order = await findByReference(entry);
        const proposal = order ? { entry, order, kind: judge(entry, order, claimed.get(order.id) ?? 0) } : guess(entry, waiting);
        if (order && proposal.kind !== 'known') claimed.set(order.id, (claimed.get(order.id) ?? 0) + entry.amount.amount);
        proposals.push(proposal);
      }
      return proposals;
    },
  };

  async function findByReference({ text }: StatementEntry): Promise<Order | undefined> {
    for (const reference of referencesIn(text)) {
      const [found] = (await app.store.findOrders({ text: reference, limit: 2 })).filter(isOffline);
      const record = found && (await app.store.findOrder(found.id));
      if (record) return record.order;
    }
    return undefined;
  }
}

/** `claimed`: what earlier payments of the same file pay of the order. */
function judge({ id, amount }: StatementEntry, order: Order, claimed: number): MatchKind {
  if (order.events.some((event) => event.id === `${order.purchase}:received:${id}`)) return 'known';
  const open = openSum(order);
  if (!open || open.currency !== amount.currency) return 'currency';
  const left = open.amount - claimed;
  if (left <= 0 || (order.status !== 'pending' && order.status !== 'held' && order.status !== 'expired')) return 'paid';
  if (order.status === 'expired') return 'late';
  if (amount.amount === left) return 'exact';
  return amount.amount < left ? 'part' : 'over';
}

function guess(entry: StatementEntry, waiting: readonly Order[]): Proposal {
  const fits = waiting.filter((order) => {
    const open = order.total;
    const name = order.buyer.name ?? `${order.buyer.firstName ?? ''} ${order.buyer.lastName ?? ''}`;
    return open?.currency === entry.amount.currency && open.amount === entry.amount.amount && isSameName(name, entry.name);
  });
  const [order] = fits;
  return order && fits.length === 1 ? { entry, kind: 'guess', order } : { entry, kind: 'none' };
}

/** `Byron, Ada` is `Ada Byron`. */
function isSameName(one: string, other: string): boolean {
  const words = (name: string): string =>
    (
      name
        .toLowerCase()
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .match(/\p{L}+/gu) ?? []
    )
      .sort()
      .join(' ');
  return words(one) !== '' && words(one) === words(other);
}
