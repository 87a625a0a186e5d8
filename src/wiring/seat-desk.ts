import type { App } from '../app.ts';
import type { Person } from '../contract/event.ts';
import type { Order } from '../contract/order.ts';
import type { SeatChange, SeatDesk } from '../http/seats-host.ts';
import { decided } from './own-events.ts';

/**
 * Changes of seats as facts of their orders. A change names the turn it is made in, so that of two made at the same moment one
 * is kept and the other one comes to nothing, on whatever process they arrive.
 */
export function createSeatDesk(app: App): SeatDesk {
  return {
    async change(record, { line, unit, turn, person, by, because }) {
      const { order } = record;
      const id = `learner.assigned/${order.id}/${line}/${unit}/turn/${String(turn).padStart(5, '0')}`;
      const staff = { by, because, lines: [line], unit, ...(person && { person }) };
      const event = { ...decided(order, 'learner.assigned', staff, notBeforeOthers(order, app.now())), id };
      await app.reconsider(order.id, [event]);
      const kept = (await app.store.findOrder(order.id))?.order.events.find((each) => each.id === id);
      return isSame(kept?.staff?.person, person) && kept?.staff?.by === by;
    },
  } satisfies { change(record: { order: Order }, change: SeatChange): Promise<boolean> };
}

/** The latest decision counts, so it must be the latest also where the clocks of two machines differ. */
function notBeforeOthers({ events }: Order, now: Date): Date {
  const others = events.filter(({ kind }) => kind === 'learner.assigned').map(({ at }) => Date.parse(at) + 1);
  return new Date(Math.max(now.getTime(), ...others));
}

function isSame(a: Person | undefined, b: Person | undefined): boolean {
  return a?.email?.toLowerCase() === b?.email?.toLowerCase() && a?.name === b?.name;
}
