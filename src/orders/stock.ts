import { latestInstant } from '../contract/event.ts';
import { unitsPaid, type Hold, type Order, type OrderLine } from '../contract/order.ts';
import type { StockDraw, StockLevel, StockPool } from '../contract/stock.ts';

/** Money that is not ours buys nothing of the stock. */
const notOurs = ['MODE_MISMATCH', 'RECEIVER_MISMATCH'];

/** Stock that was sold beyond what there is. What an order was sold once stays sold, however the stock changes. */
export function stockDifferences(order: Order, levels: readonly StockLevel[]): Hold[] {
  return shortLevels(order, levels).map(({ pool, others }) => ({
    code: 'SOLD_OUT',
    message: `${unitsOf(order, pool)} of "${pool.name}" ${unitsOf(order, pool) === 1 ? 'was' : 'were'} paid for, but of ${pool.capacity} only ${Math.max(0, pool.capacity - others)} ${pool.capacity - others === 1 ? 'is' : 'are'} left.`,
  }));
}

/** What a matched order holds of stocks, as far as its events tell: the same however often it is asked. */
export function drawsOf(order: Order, levels: readonly StockLevel[]): StockDraw[] {
  const isShort = order.holds.some(({ code }) => code === 'SOLD_OUT');
  const short = isShort ? shortLevels(order, levels) : [];
  const isStranger = order.holds.some(({ code }) => notOurs.includes(code));
  return order.lines.flatMap(({ state, ...line }): StockDraw[] => {
    const { sku } = line;
    const units = state === 'foreign' || isStranger ? 0 : unitsHeld(order, { ...line, state });
    if (sku === undefined || units === 0) return [];
    if (order.payments.length > 0) {
      const isOut = short.some(({ pool }) => pool.skus.includes(sku));
      return [{ line: line.line, sku, units, state: isOut ? 'short' : 'sold' }];
    }
    const until = reservedUntil(order);
    return [{ line: line.line, sku, units, state: 'reserved', ...(until !== undefined && { until }) }];
  });
}

function shortLevels(order: Order, levels: readonly StockLevel[]): StockLevel[] {
  return levels.filter(({ pool, others, own }) => {
    const units = unitsOf(order, pool);
    return units > own && others + units > pool.capacity;
  });
}

function unitsOf(order: Order, { skus }: StockPool): number {
  return order.lines
    .filter(({ sku }) => sku !== undefined && skus.includes(sku))
    .reduce((sum, line) => sum + unitsHeld(order, line), 0);
}

/** Paid and not paid back, or still to be paid. A contract that has ended holds nothing any more. */
function unitsHeld(order: Order, line: OrderLine): number {
  const isCountable = Number.isSafeInteger(line.quantity) && line.quantity > 0 && line.quantity <= 10_000;
  if (!isCountable || line.left) return 0;
  if (order.payments.length === 0) return isToBePaid(order) ? line.quantity : 0;
  return hasEnded(order) ? 0 : unitsPaid(order, line);
}

function hasEnded({ events }: Order): boolean {
  const end = events.findLast(({ kind }) => kind === 'subscription.ended');
  return end !== undefined && Date.parse(end.until ?? end.at) <= latestInstant(events);
}

/** After a declined attempt the buyer may try again, where the purchase was begun here. */
function isToBePaid(order: Order): boolean {
  if (order.status === 'declined') return reservedUntil(order) !== undefined;
  return order.status === 'started' || order.status === 'pending';
}

function reservedUntil({ status, events }: Order): number | undefined {
  const kind = status === 'pending' ? 'payment.pending' : 'checkout.started';
  const until = events.findLast((event) => event.kind === kind)?.until;
  return until === undefined ? undefined : Date.parse(until);
}
