import { latestInstant, type EventKind } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import type { Catalogue } from './find-product.ts';

/**
 * The steps that tell the order when an instant has come at which its plan may change by itself. One per instant; those that
 * nothing waits for any more are taken back.
 */
export function planClock(
  order: Order,
  deadlines: readonly number[],
  known: readonly Step[],
  { version }: Catalogue,
): { readonly steps: readonly PlannedStep[]; readonly cancel: readonly string[] } {
  const clock = latestInstant(order.events);
  const wanted = new Set([...deadlines, ...ownDeadlines(order)].filter((at) => at > clock));
  const waiting = known.filter(({ verb, state, notBefore = 0 }) => verb === 'clock' && state === 'ready' && notBefore > clock);
  const covered = new Set(waiting.map(({ notBefore = 0 }) => notBefore));
  const planned = known.filter(({ verb }) => verb === 'clock').length;
  return {
    steps: [...wanted]
      .filter((at) => !covered.has(at))
      .sort((a, b) => a - b)
      .map((at, index) => ({
        key: `${order.id}/clock/${new Date(at).toISOString()}/${planned + index + 1}`,
        orderId: order.id,
        verb: 'clock',
        action: 'clock',
        account: 'clock',
        input: {},
        after: [],
        notBefore: at,
        configVersion: version,
      })),
    cancel: waiting.filter(({ notBefore = 0, begun }) => !wanted.has(notBefore) && !begun).map(({ key }) => key),
  };
}

/** When a cancelled contract is over, and when what was begun and never paid is given up. */
function ownDeadlines({ status, events }: Order): number[] {
  const isOpen = status === 'started' || status === 'pending';
  const ending: readonly EventKind[] = isOpen ? ['checkout.started', 'payment.pending'] : ['subscription.ended'];
  return events.flatMap(({ kind, until }) => (until !== undefined && ending.includes(kind) ? [Date.parse(until)] : []));
}
