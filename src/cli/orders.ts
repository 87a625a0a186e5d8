import { formatMoney } from '../contract/money.ts';
import type { Order, OrderStatus } from '../contract/order.ts';
import type { OrderQuery, Store } from '../storage/store.ts';
import { jsonOption, type Command, type Input } from './command.ts';
import { findOrders } from './find-order.ts';
import { readLimit } from './limit.ts';
import { withStore } from './open-shop.ts';
import { readPlace } from './place.ts';
import { table } from './table.ts';
import { localTime, zoneName } from './times.ts';

const statuses: readonly OrderStatus[] = [
  ...(['pending', 'paid', 'declined', 'expired', 'refunded', 'partlyRefunded'] as const),
  ...(['disputed', 'disputeLost', 'ended', 'held'] as const),
];

/** An order with what a person may have to do about it. */
export interface ListedOrder {
  readonly order: Order;
  readonly parkedSteps: number;
}

/** The orders, newest first. */
export const orders: Command = {
  name: 'orders',
  summary: 'Lists orders, newest first',
  details: [
    'The last column says what needs a person: parked steps, why an order is held, a SKU without a product file.',
    "--find takes an order number, a reference of the gateway, or the buyer's whole e-mail address.",
  ],
  operands: [],
  options: {
    status: { value: 'STATUS', choices: statuses, summary: 'Only orders with this status' },
    parked: { summary: 'Only orders with a parked step' },
    waiting: { summary: 'Only orders with a SKU that has no product file yet' },
    find: { value: 'TEXT', summary: 'Only orders this names' },
    limit: { value: 'NUMBER', summary: 'How many at most. Default: 20' },
    json: jsonOption,
  },
  examples: ['npx handover orders --status held', 'npx handover orders --find ada@example.org'],

  async run(input, terminal) {
    const limit = readLimit(input, 20);
    const listed = await withStore(readPlace(input), (store) => list(store, input, limit + 1));
    const shown = listed.slice(0, limit);
    if (input.has('json')) terminal.printJson(shown.map(orderForMachines));
    else if (shown.length === 0) terminal.print('There are no such orders.');
    else terminal.print(describeOrders(shown).join('\n'));
    if (listed.length > limit) terminal.note(`There are more: --limit ${limit * 2}`);
    return 0;
  },
};

export function describeOrders(listed: readonly ListedOrder[]): string[] {
  const rows = listed.map(({ order, parkedSteps }) => [
    order.id,
    localTime(order.createdAt),
    order.mode === 'test' ? `${order.status} (test)` : order.status,
    order.total ? formatMoney(order.total) : '',
    order.buyer.email ?? order.buyer.name ?? '',
    order.lines.map(({ sku, title, quantity }) => `${sku ?? title}${quantity === 1 ? '' : ` x${quantity}`}`).join(', '),
    needs(order, parkedSteps),
  ]);
  return table(rows, { heading: ['ORDER', `CREATED (${zoneName()})`, 'STATUS', 'TOTAL', 'BUYER', 'ITEMS', 'NEEDS A PERSON'] });
}

/** For each of the orders, how many of its steps are parked. */
export async function withParkedSteps(store: Store, found: readonly Order[]): Promise<ListedOrder[]> {
  const parked = Map.groupBy(await store.parkedSteps(10_000), ({ orderId }) => orderId);
  return found.map((order) => ({ order, parkedSteps: parked.get(order.id)?.length ?? 0 }));
}

export function orderForMachines({ order, parkedSteps }: ListedOrder) {
  const { events, ...rest } = order;
  return { ...rest, events: events.length, parkedSteps };
}

async function list(store: Store, input: Input, limit: number): Promise<ListedOrder[]> {
  const text = input.value('find');
  const found = text === undefined ? await listAll(store, input, limit) : await findOrders(store, text);
  const listed = await withParkedSteps(store, found);
  const status = input.value('status');
  return listed
    .filter(({ order }) => status === undefined || order.status === status)
    .filter(({ parkedSteps }) => !input.has('parked') || parkedSteps > 0)
    .filter(({ order }) => !input.has('waiting') || isWaiting(order))
    .slice(0, limit);
}

/** Page by page, since whether a SKU has a file is not asked of the store. */
async function listAll(store: Store, input: Input, limit: number): Promise<Order[]> {
  const status = input.value('status') as OrderStatus | undefined;
  const base = { ...(status !== undefined && { status }), ...(input.has('parked') && { stepState: 'parked' as const }) };
  if (!input.has('waiting')) return store.findOrders({ ...base, limit });
  const found: Order[] = [];
  let before: OrderQuery['before'];
  for (;;) {
    const page = await store.findOrders({ ...base, limit: 500, ...(before && { before }) });
    found.push(...page.filter(isWaiting));
    const last = page.at(-1);
    if (!last || page.length < 500 || found.length >= limit) return found;
    before = { createdAt: last.createdAt, id: last.id };
  }
}

function isWaiting({ lines }: Order): boolean {
  return lines.some(({ state }) => state === 'parked');
}

function needs({ holds, lines }: Order, parkedSteps: number): string {
  const without = lines.filter(({ state }) => state === 'parked').map(({ sku, title }) => sku ?? title);
  return [
    ...holds.map(({ code }) => code),
    ...(parkedSteps > 0 ? [`${parkedSteps} parked`] : []),
    ...(without.length > 0 ? [`no product file for ${without.join(', ')}`] : []),
  ].join(', ');
}
