import { createHash } from 'node:crypto';
import { learnerOf, type Grant, type Order } from '../contract/order.ts';

/**
 * Goes into links to what a grant gives, so that they end with whoever had it: empty for the buyer, else twelve characters that
 * differ for each person. It tells nothing of the person.
 */
export function holderMark(order: Order, { id, line: number, unit }: Pick<Grant, 'id' | 'line' | 'unit'>): string {
  const line = order.lines.find((each) => each.line === number);
  const email = line && learnerOf(order, line, unit)?.email?.toLowerCase();
  return markOf(id, email);
}

/** The same for a learner that is known already; undefined: the buyer. */
export function markOf(grantId: string, email: string | undefined): string {
  return email === undefined
    ? ''
    : createHash('sha256').update(`${grantId} ${email.toLowerCase()}`).digest('base64url').slice(0, 12);
}
