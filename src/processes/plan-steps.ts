import { formatMoney } from '../contract/money.ts';
import type { Grant, Order } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import type { Catalogue } from './find-product.ts';
import { planClock } from './plan-clock.ts';
import { planFollowUps } from './plan-follow-ups.ts';
import { planLearnerMails } from './plan-learner-mails.ts';
import type { ShapeOf } from './action-shape.ts';
import { planGrants, type GrantPlan } from './plan-grants.ts';
import { planMessages } from './plan-messages.ts';
import { outcomeOf } from './outcome.ts';
import { planRuns } from './plan-runs.ts';
import { planRefundTasks } from './plan-tasks.ts';

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
export function planSteps(matched: Order, before: PlanBefore, catalogues: readonly Catalogue[], shapeOf: ShapeOf): Plan {
  const [catalogue] = catalogues;
  const isIdle = matched.status === 'held' || matched.payments.length === 0;
  const grants: GrantPlan = isIdle
    ? { grants: before.grants, steps: [], cancel: [], deadlines: [] }
    : planGrants(matched, before, catalogues, shapeOf);
  const order = endedInTime(matched, grants.grants);
  const outcome = outcomeOf(before.order, order);
  const parts = [
    grants,
    planMessages(before.order, order, outcome, grants.steps, before.steps, catalogues),
    ...(catalogue
      ? [
          { steps: planLearnerMails(order, grants.steps, catalogues), cancel: [] },
          planRuns(order, outcome, grants.steps, catalogues),
          planFollowUps(order, grants.grants, grants.steps, before.steps, catalogues),
          planRefundTasks(order, before.steps, catalogue),
          planClock(order, grants.deadlines, before.steps, catalogue),
        ]
      : []),
  ];
  const steps = parts.flatMap((part) => part.steps);
  return {
    order,
    grants: grants.grants,
    steps,
    cancel: parts.flatMap((part) => part.cancel),
    notes: notesOn(before.order, order, steps),
  };
}

/** A paid order whose every grant has had its time is over, whether the gateway says so or not. */
function endedInTime(order: Order, grants: readonly Grant[]): Order {
  if (order.status !== 'paid' && order.status !== 'partlyRefunded') return order;
  const last = grants.map(({ reasons }) =>
    reasons.some(({ withdrawn }) => !withdrawn) ? undefined : reasons.flatMap(({ withdrawn }) => withdrawn?.rule ?? []),
  );
  const isOver = last.length > 0 && last.every((rules) => rules !== undefined) && last.some((rules) => rules.includes('ended'));
  return isOver ? { ...order, status: 'ended' } : order;
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
  const told = steps.filter(({ verb }) => verb !== 'clock');
  if (told.length > 0)
    notes.push(`Planned: ${told.map(({ verb, key, orderId }) => `${verb} ${key.slice(orderId.length + 1)}`).join(', ')}.`);
  return notes;
}
