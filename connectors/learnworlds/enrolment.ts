import { isRow, oneAtATime, textOf, tryLater } from 'handover/contract';
import type { Client } from './client.ts';
import { hasCode } from './problems.ts';
import type { Product } from './product.ts';

export type Seat = { readonly userId: string; readonly product: Product };

/** How long a subscription lasts, as LearnWorlds counts it. */
export interface Duration {
  readonly duration?: number;
  readonly durationType?: string;
}

/** One enrolment is changed by one step at a time: what it reads has to be there still when it writes. */
export function alone<T>({ settings }: Client, { userId, product }: Seat, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.schoolUrl} ${product.type} ${product.id} user ${userId}`, work);
}

/** Whether the product is among the user's. The list comes whole, without pages. A user who is gone has none. */
export async function isIn(client: Client, { userId, product }: Seat): Promise<boolean> {
  const what = `list the products of user ${userId}`;
  const path = `/v2/users/${encodeURIComponent(userId)}/products`;
  const body = await client.rowIfThere({ what, writes: false, method: 'GET', path });
  if (!body) return false;
  const rows = body['data'];
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw tryLater('LEARNWORLDS_UNREADABLE', `LearnWorlds answered with something else than a list when asked to ${what}.`);
  }
  return rows.some((row) => textOf(row['id']) === product.id && ['', product.type].includes(textOf(row['type'])));
}

/** The price is recorded, not charged: the money was taken elsewhere. What a repeat does is not documented, so look first. */
export async function putIn(client: Client, seat: Seat, { duration, durationType }: Duration): Promise<void> {
  const { userId, product } = seat;
  const what = `enrol user ${userId} in ${product.type} "${product.id}"`;
  try {
    const isThere = await client.done({
      ...{ what, writes: true, method: 'POST', path: `/v2/users/${encodeURIComponent(userId)}/enrollment` },
      json: {
        ...{ productId: product.id, productType: product.type, price: 0, justification: 'Bought in the shop' },
        send_enrollment_email: client.settings.sendEnrolmentMail,
        ...(duration !== undefined && { duration, duration_type: durationType ?? 'days' }),
      },
    });
    if (isThere) return;
  } catch (error) {
    if (!hasCode(error, 'LEARNWORLDS_REFUSED', 'LEARNWORLDS_UNREADABLE')) throw error;
    if (await isIn(client, seat)) return;
    throw error;
  }
  throw tryLater('LEARNWORLDS_NOT_CONFIRMED', `LearnWorlds knows no such user or product when asked to ${what}.`, {
    hint: 'See whether both are there in LearnWorlds, then retry the step.',
  });
}

/** Nothing there is success; whether there is nothing is looked up, not taken from a 404. */
export async function takeOut(client: Client, seat: Seat): Promise<void> {
  const { userId, product } = seat;
  if (!(await isIn(client, seat))) return;
  const what = `take user ${userId} out of ${product.type} "${product.id}"`;
  const wasThere = await client.done({
    ...{ what, writes: true, method: 'DELETE', path: `/v2/users/${encodeURIComponent(userId)}/enrollment` },
    json: { productId: product.id, productType: product.type },
  });
  if (wasThere || !(await isIn(client, seat))) return;
  throw tryLater('LEARNWORLDS_NOT_CONFIRMED', `LearnWorlds still lists it when asked to ${what}.`, {
    hint: 'Take the learner out in LearnWorlds, then mark the step done.',
  });
}
