import type { Order } from '../contract/order.ts';
import type { PlannedStep } from '../contract/plan.ts';
import { findProduct, type Catalogue } from './find-product.ts';
import type { MessageInput } from './plan-messages.ts';

/**
 * Mails to people who are given something by somebody else: one to each whenever something was given to them, once all of that
 * is there. What is taken back before it was given is not told.
 */
export function planLearnerMails(
  order: Order,
  grantSteps: readonly PlannedStep[],
  catalogues: readonly Catalogue[],
): readonly PlannedStep[] {
  const buyer = order.buyer.email?.toLowerCase();
  const given = grantSteps.filter(({ verb, line, terms }) => {
    const email = terms?.learner?.email?.toLowerCase();
    return verb === 'grant' && line !== undefined && email !== undefined && email !== buyer && isWanted(order, line, catalogues);
  });
  const byLearner = Map.groupBy(given, ({ terms }) => terms?.learner?.email?.toLowerCase());
  return [...byLearner.values()].flatMap((steps): PlannedStep[] => {
    const [first] = steps;
    const learner = first?.terms?.learner;
    if (!first || !learner) return [];
    const lines = [...new Set(steps.flatMap(({ line }) => line ?? []))];
    const units = [...new Set(steps.map(({ line, unit }) => `${line}/${unit}`))];
    const input: MessageInput = { kind: 'learner', outcome: 'paid', lines, about: { units } };
    return [
      {
        key: `${order.id}/mail/learner/${first.key.slice(order.id.length + 1)}`,
        orderId: order.id,
        verb: 'mail',
        action: 'paid',
        account: 'mail',
        input,
        after: steps.map(({ key }) => key),
        terms: { learner },
        configVersion: first.configVersion,
      },
    ];
  });
}

function isWanted(order: Order, number: number, catalogues: readonly Catalogue[]): boolean {
  const line = order.lines.find((each) => each.line === number);
  const own = findProduct(line?.sku, catalogues)?.product.outcomes.paid?.learnerMail;
  return (own ?? catalogues[0]?.site.outcomes.paid?.learnerMail) !== false;
}
