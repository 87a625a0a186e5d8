import { createHash } from 'node:crypto';
import type { OrderView } from './order-view.ts';

/** Sixteen characters that change when an order's page would show something else. It tells nothing of the order. */
export function shownMark({ outcome, mail, items }: OrderView): string {
  const shown = items.map(({ state, grants, holders }) => [
    state,
    grants.map((grant) => [grant.state, grant.units]),
    ...(holders.length > 0 ? [holders.map((holder) => [holder.state, holder.changes])] : []),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([outcome, mail, shown]))
    .digest('base64url')
    .slice(0, 16);
}
