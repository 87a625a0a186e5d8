import type { FollowUp } from '../config/types.ts';
import type { Grant, Order, OrderLine } from '../contract/order.ts';
import type { PlannedStep, Step } from '../contract/plan.ts';
import { findProduct, type Catalogue } from './find-product.ts';
import type { MessageInput } from './plan-messages.ts';

const dayMs = 86_400_000;

/**
 * Mails for later, for lines whose access stands: so long after the payment and never before the line is delivered, or so long
 * before access ends. What no longer fits (refunded, disputed, ended, another end by now) is taken back.
 */
export function planFollowUps(
  order: Order,
  grants: readonly Grant[],
  grantSteps: readonly PlannedStep[],
  known: readonly Step[],
  catalogues: readonly Catalogue[],
): { readonly steps: readonly PlannedStep[]; readonly cancel: readonly string[] } {
  const isWelcome = (order.status === 'paid' || order.status === 'partlyRefunded') && order.buyer.email !== undefined;
  const wanted = isWelcome
    ? order.lines.flatMap((line) => followUpsOf(order, line, grants, [...known, ...grantSteps], catalogues))
    : [];
  const keys = new Set(wanted.map(({ key }) => key));
  const prefix = `${order.id}/mail/followUp/`;
  return {
    steps: wanted.filter(({ key }) => known.every((step) => step.key !== key)),
    cancel: known
      .filter(({ key, state }) => key.startsWith(prefix) && !keys.has(key) && (state === 'ready' || state === 'waiting'))
      .map(({ key }) => key),
  };
}

function followUpsOf(
  order: Order,
  line: OrderLine,
  grants: readonly Grant[],
  steps: readonly PlannedStep[],
  catalogues: readonly Catalogue[],
): PlannedStep[] {
  const found = line.state === 'open' && !line.left ? findProduct(line.sku, catalogues) : undefined;
  const ours = grants.filter((grant) => grant.line === line.line);
  const stands = ours.length === 0 || ours.some(({ wanted }) => wanted === 'granted');
  if (!found || !stands) return [];
  const after = steps.filter(({ verb, line: number }) => verb === 'grant' && number === line.line).map(({ key }) => key);
  return Object.entries(found.product.followUps).flatMap(([name, followUp]) => {
    const at = instantOf(followUp, order, ours);
    if (at === undefined) return [];
    const input: MessageInput = { kind: 'scheduled', outcome: 'paid', lines: [line.line], about: { name } };
    return {
      key: `${order.id}/mail/followUp/${line.line}/${name}/${new Date(at).toISOString().slice(0, 10)}`,
      orderId: order.id,
      verb: 'mail' as const,
      line: line.line,
      action: 'paid',
      account: 'mail',
      input,
      after,
      notBefore: at,
      configVersion: found.catalogue.version,
    };
  });
}

/** The end moves with each renewal, and the mail with it; one whose day has gone by before it was known is left out. */
function instantOf({ daysAfter, daysBeforeEnd }: FollowUp, order: Order, grants: readonly Grant[]): number | undefined {
  const paid = Date.parse(order.paidAt ?? order.createdAt);
  if (daysAfter !== undefined) return paid + daysAfter * dayMs;
  const ends = grants.map(({ reasons }) =>
    Math.max(
      ...reasons.filter(({ withdrawn }) => !withdrawn).map(({ until }) => (until === undefined ? Infinity : Date.parse(until))),
    ),
  );
  const end = Math.max(...ends);
  if (daysBeforeEnd === undefined || !Number.isFinite(end)) return undefined;
  const at = end - daysBeforeEnd * dayMs;
  return at > paid ? at : undefined;
}
