import { formatMoney } from '../contract/money.ts';
import type { Grant, Order } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import type { Catalogue } from './find-product.ts';
import type { Wanted } from './wanted.ts';

/** What a `task` step asks a person; it becomes the problem the step is parked with. */
export interface Question {
  readonly [key: string]: unknown;
  readonly code: 'GRANT_UNDECIDED' | 'REFUND_UNASSIGNED';
  readonly message: string;
  readonly hint: string;
}

export interface TaskPlan {
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
}

/** Asks a person what becomes of a grant; takes the question back when it has been answered or is none any more. */
export function planTask(grant: Grant, { question }: Wanted, known: readonly Step[], { version }: Catalogue): TaskPlan {
  const asked = known.filter(({ verb, grantId }) => verb === 'task' && grantId === grant.id);
  const key = question && `${grant.id}/task/${question.by}`;
  const cancel = asked.filter((step) => step.key !== key && isUnanswered(step)).map((step) => step.key);
  if (key === undefined || asked.some((step) => step.key === key)) return { steps: [], cancel };
  const input: Question = {
    code: 'GRANT_UNDECIDED',
    message: `The reason for ${grant.name} (line ${grant.line}, unit ${grant.unit}) fell away, and its product file leaves what becomes of it to a person. It stands meanwhile.`,
    hint: `Decide: npx handover decide ${grant.id} revoke|suspend|keep --because "WHY"`,
  };
  const step: PlannedStep = {
    ...taskStep(key, grant.orderId, input, version),
    grantId: grant.id,
    line: grant.line,
    unit: grant.unit,
  };
  return { steps: [step], cancel };
}

/** Asks a person which lines a refund was for, where neither the gateway nor its sum says so. */
export function planRefundTasks(order: Order, known: readonly Step[], { version }: Catalogue): TaskPlan {
  const open = order.status === 'held' ? [] : order.refunds.filter(({ lines }) => lines === undefined);
  const wanted = new Map(open.map((refund) => [`${order.id}/task/refund/${refund.reversal}`, refund]));
  const prefix = `${order.id}/task/refund/`;
  const asked = known.filter(({ key }) => key.startsWith(prefix));
  return {
    steps: [...wanted]
      .filter(([key]) => !asked.some((step) => step.key === key))
      .map(([key, { amount, reversal }]) =>
        taskStep(
          key,
          order.id,
          {
            code: 'REFUND_UNASSIGNED',
            message: `${formatMoney(amount)} went back (refund ${reversal}), and the sum does not tell for which line. All grants stand meanwhile.`,
            hint: `Say which: npx handover assign-refund ${order.id} --refund ${reversal} --lines 1 (or --lines none) --because "WHY"`,
          },
          version,
        ),
      ),
    cancel: asked.filter((step) => !wanted.has(step.key) && isUnanswered(step)).map(({ key }) => key),
  };
}

function isUnanswered({ state }: Step): boolean {
  return state !== 'done' && state !== 'cancelled';
}

function taskStep(key: string, orderId: string, input: Question, configVersion: string): PlannedStep {
  return { key, orderId, verb: 'task', action: 'decide', account: 'staff', input, after: [], configVersion };
}
