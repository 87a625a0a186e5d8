import type { EventLine, PaymentEvent } from '../contract/event.ts';
import type { OrderLine } from '../contract/order.ts';

/** The lines of a purchase: as bought, then as each change of plan left them. A line keeps its number for ever. */
export function linesOf(
  telling: PaymentEvent | undefined,
  events: readonly PaymentEvent[],
  started: PaymentEvent | undefined,
): OrderLine[] {
  const lines = (telling?.lines ?? []).map((line, index): OrderLine => {
    const learner = line.learner ?? learnerIn(started, line);
    return { ...line, ...(learner && { learner }), line: index + 1, state: 'open' };
  });
  for (const { kind, lines: changed, at, id } of events) {
    if (kind !== 'subscription.changed' || !changed) continue;
    const fresh = [...changed];
    for (const [index, line] of lines.entries()) {
      if (line.left || line.once) continue;
      const same = fresh.findIndex((each) => isSame(each, line));
      if (same === -1) lines[index] = { ...line, left: { at, by: id } };
      else fresh.splice(same, 1);
    }
    for (const line of fresh) lines.push({ ...line, line: lines.length + 1, state: 'open', joined: { at, by: id } });
  }
  return lines;
}

/** Whom the cart that we made for the payment names: not every gateway hands that on. */
function learnerIn(started: PaymentEvent | undefined, { sku, quantity }: EventLine): EventLine['learner'] {
  const same = (started?.lines ?? []).filter((line) => line.sku === sku && line.quantity === quantity);
  return same.length === 1 ? same[0]?.learner : undefined;
}

function isSame(a: EventLine, b: EventLine): boolean {
  return a.sku === b.sku && a.quantity === b.quantity;
}
