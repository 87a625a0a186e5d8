import { HandoverError } from '../contract/errors.ts';
import type { PaymentEvent } from '../contract/event.ts';
import type { Grant, Order } from '../contract/order.ts';
import type { OrderRecord } from '../storage/store.ts';
import type { Input } from './command.ts';
import { findOneOrder } from './find-order.ts';
import { withApp } from './open-shop.ts';
import { readPlace } from './place.ts';
import type { Terminal } from './terminal.ts';

/** What a decision of staff came to. */
export interface Decided {
  readonly order: Order;
  /** Steps that were planned because of it, in words. */
  readonly planned: readonly string[];
}

/**
 * Adds a decision of staff to the order that a text names (order number, reference, e-mail, or the name of a grant or step of
 * it) and plans what follows. `make` sees the order as it is and may refuse by throwing.
 */
export async function decideOn(
  input: Input,
  text: string,
  make: (record: OrderRecord, now: Date) => PaymentEvent,
): Promise<Decided> {
  return withApp(readPlace(input), async (app) => {
    const record = await findOneOrder(app.store, text.split('/')[0] ?? '');
    await app.reconsider(record.order.id, [make(record, app.now())]);
    const after = await app.store.findOrder(record.order.id);
    const known = new Set(record.steps.map(({ key }) => key));
    const planned = (after?.steps ?? []).filter(({ key, verb }) => !known.has(key) && verb !== 'clock');
    return { order: after?.order ?? record.order, planned: planned.map(({ verb, key }) => `${verb}  ${key}`) };
  });
}

/** Prints it: `said` in one sentence, then what was planned. */
export function printDecided(said: string, { order, planned }: Decided, input: Input, terminal: Terminal): void {
  if (input.has('json')) terminal.printJson({ order: order.id, status: order.status, planned });
  else
    terminal.print(
      [said, ...(planned.length > 0 ? ['Planned:', ...planned.map((line) => `  ${line}`)] : ['Nothing has to be done.'])].join(
        '\n',
      ),
    );
}

/** The grant of that name. Throws `GRANT_UNKNOWN_HERE` with the names there are. */
export function findGrant({ order, grants }: OrderRecord, id: string): Grant {
  const grant = grants.find((each) => each.id.toLowerCase() === id.toLowerCase());
  if (grant) return grant;
  const known = grants.length === 0 ? 'It has no grants yet.' : `Its grants: ${grants.map((each) => each.id).join(', ')}`;
  throw new HandoverError('GRANT_NOT_OF_ORDER', `Order ${order.id} has no grant "${id}".`, { hint: known });
}
