import { learnerOf, namedLearner, unitsPaid, type Grant, type Order, type OrderLine } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';
import { standingOf, worstOf, type GrantStanding } from './item-state.ts';
import { nameBuyer, type Buyer } from './person-name.ts';

/** One unit of a line, and who has it. */
export interface HolderView {
  readonly unit: number;
  /** `free`: the buyer has not handed it out. */
  readonly state: GrantStanding | 'free';
  /** Undefined: nobody, or the buyer. */
  readonly holder?: Buyer;
  readonly isBuyer: boolean;
  /** How often it was handed out or taken back. */
  readonly changes: number;
  /** Where somebody takes a free seat, once. */
  readonly claimUrl?: string;
}

/**
 * Who has which unit, where that is not simply the buyer: seats that the buyer hands out, and what was bought for others. Empty
 * otherwise.
 */
export function holdersOf(
  order: Order,
  line: OrderLine,
  grants: readonly Grant[],
  steps: readonly Step[],
  areSeats: boolean,
  claimUrl: (unit: number, turn: number) => string,
): readonly HolderView[] {
  const quantity = Number.isSafeInteger(line.quantity) ? Math.min(line.quantity, 10_000) : 0;
  if (order.payments.length === 0 || line.state !== 'open') return [];
  const standing = unitsPaid(order, line);
  const isOver = order.status === 'ended' || order.status === 'held' || line.left !== undefined;
  const units = Array.from({ length: quantity }, (_, index): HolderView => {
    const unit = index + 1;
    const own = grants.filter((grant) => grant.line === line.line && (grant.unit === unit || isForAll(grant, grants)));
    const named = namedLearner(order, line, unit);
    const learner = learnerOf(order, line, unit);
    const state = worstOf(own.map((grant) => standingOf(grant, steps))) ?? 'late';
    const isFree = areSeats && !named && !isOver && unit <= standing;
    const isGone = unit > standing || (areSeats && !named);
    const changes = changesOf(order, line, unit);
    return {
      unit,
      state: isFree ? 'free' : isGone ? 'takenBack' : state,
      ...(named && { holder: nameBuyer(named) }),
      isBuyer: learner === undefined && (!areSeats || named !== undefined),
      changes,
      ...(isFree && { claimUrl: claimUrl(unit, changes) }),
    };
  });
  return areSeats || units.some(({ isBuyer }) => !isBuyer) ? units : [];
}

/** How often somebody was named for a unit, or taken off it. */
export function changesOf({ events }: Order, { line }: OrderLine, unit: number): number {
  return events.filter(
    ({ kind, staff }) =>
      kind === 'learner.assigned' && staff?.lines?.includes(line) && (staff.unit === undefined || staff.unit === unit),
  ).length;
}

/** Given once for the whole line. */
function isForAll({ name, line }: Grant, grants: readonly Grant[]): boolean {
  return grants.filter((grant) => grant.line === line && grant.name === name).length === 1;
}
