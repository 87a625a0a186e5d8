import { formatMoney } from '../contract/money.ts';
import type { Grant, Order } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import type { Catalogue } from './find-product.ts';
import { planGrants, type ShapeOf } from './plan-grants.ts';
import { planMessages } from './plan-messages.ts';

/** What an order's plan was before. */
export interface PlanBefore {
  readonly order?: Order;
  readonly grants: readonly Grant[];
  readonly steps: readonly Step[];
}

export interface Plan {
  readonly order: Order;
  readonly grants: readonly Grant[];
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The steps that lead from the plan so far to what the order calls for now. Pure. `catalogues`: the files the order was
 * accepted under first, the newest last. A held order keeps what it has and is given nothing more.
 */
export function planSteps(order: Order, before: PlanBefore, catalogues: readonly Catalogue[], shapeOf: ShapeOf): Plan {
  const isIdle = order.status === 'held' || order.payments.length === 0;
  const grants = isIdle ? { grants: before.grants, steps: [], cancel: [] } : planGrants(order, before, catalogues, shapeOf);
  const messages = planMessages(before.order, order, grants.steps, before.steps, catalogues);
  const steps = [...grants.steps, ...messages.steps];
  return {
    order,
    grants: grants.grants,
    steps,
    cancel: [...grants.cancel, ...messages.cancel],
    notes: notesOn(before.order, order, steps),
  };
}

function notesOn(before: Order | undefined, order: Order, steps: readonly PlannedStep[]): string[] {
  const notes: string[] = [];
  if (before?.status !== order.status) {
    const total = order.total ? `, ${formatMoney(order.total)}` : '';
    notes.push(
      before ? `The order went from ${before.status} to ${order.status}.` : `The order was taken in as ${order.status}${total}.`,
    );
    notes.push(...order.holds.map(({ code, message }) => `Held (${code}): ${message}`));
  }
  for (const line of order.lines) {
    if (line.state === 'parked' && before?.lines.find((each) => each.line === line.line)?.state !== 'parked') {
      notes.push(`Line ${line.line} (${line.sku ?? line.title}) waits for a product file.`);
    }
  }
  if (steps.length > 0)
    notes.push(`Planned: ${steps.map(({ verb, key, orderId }) => `${verb} ${key.slice(orderId.length + 1)}`).join(', ')}.`);
  return notes;
}
