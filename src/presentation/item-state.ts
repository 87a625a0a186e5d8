import type { Grant, Order, OrderLine } from '../contract/order.ts';
import type { Step } from '../contract/plan.ts';

/**
 * Where one thing stands, as the buyer sees it. `late`: on its way by itself. `parked`: a person is at it. `suspended`:
 * given, but closed for now. `takenBack`: was given, is not any more.
 */
export type GrantStanding = 'ready' | 'late' | 'parked' | 'suspended' | 'takenBack';

/** `elsewhere`: another system delivers it. `none`: nothing is due as the order stands. */
export type ItemState = GrantStanding | 'elsewhere' | 'none';

/** From the steps planned for it so far, cancelled ones left out. */
export function standingOf(grant: Grant, steps: readonly Step[]): GrantStanding {
  if (grant.wanted === 'revoked') return 'takenBack';
  if (grant.wanted === 'suspended') return 'suspended';
  const last = steps.findLast(
    ({ grantId, verb, state }) => grantId === grant.id && state !== 'cancelled' && (verb === 'grant' || verb === 'resume'),
  );
  if (last?.state === 'done') return 'ready';
  return last?.state === 'parked' ? 'parked' : 'late';
}

/** The worst of what still stands; `takenBack` only when nothing does. */
export function worstOf(standings: readonly GrantStanding[]): GrantStanding | undefined {
  const sequence: readonly GrantStanding[] = ['parked', 'late', 'suspended', 'ready', 'takenBack'];
  return sequence.find((standing) => standings.includes(standing));
}

export function itemStateOf(
  order: Order,
  line: OrderLine,
  standings: readonly GrantStanding[],
  givesSomething: boolean,
): ItemState {
  if (line.state === 'foreign') return 'elsewhere';
  const worst = worstOf(standings);
  if (worst) return worst;
  if (order.status !== 'paid' && order.status !== 'partlyRefunded') return 'none';
  if (line.state === 'parked') return 'parked';
  return givesSomething ? 'late' : 'ready';
}
