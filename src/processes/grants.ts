import { isTakenBack, type GrantState, type Order, type OrderLine, type Payment, type Reason } from '../contract/order.ts';
import type { FoundProduct } from './find-product.ts';

/** What the outcomes of a product say becomes of its grants. */
export interface GrantRules {
  readonly refunded: GrantState | 'keep';
  readonly disputed: GrantState | 'keep';
  readonly ended: GrantState | 'keep';
}

const words = { revoke: 'revoked', suspend: 'suspended', keep: 'keep' } as const;

/** Product before site before default: a refund revokes, a dispute suspends, an ending revokes. */
export function grantRules({ product, catalogue }: FoundProduct): GrantRules {
  const rule = (outcome: 'refunded' | 'disputed' | 'ended', fallback: keyof typeof words): GrantState | 'keep' =>
    words[product.outcomes[outcome]?.grants ?? catalogue.site.outcomes[outcome]?.grants ?? fallback];
  return { refunded: rule('refunded', 'revoke'), disputed: rule('disputed', 'suspend'), ended: rule('ended', 'revoke') };
}

/** The ledger of reasons: each payment of the order justifies each of its grants until it is taken back. */
export function reasonsFor(order: Order): Reason[] {
  return order.payments.map((payment) => {
    const reason = { kind: 'payment' as const, reference: payment.reference, since: payment.at };
    if (isTakenBack(payment)) return { ...reason, withdrawn: takenBackBy(payment, order) };
    return payment.dispute === 'open' ? { ...reason, suspended: true } : reason;
  });
}

function takenBackBy(payment: Payment, order: Order): { by: string; at: string } {
  const kind = payment.dispute === 'lost' ? 'payment.disputeLost' : 'payment.refunded';
  const last = order.events.findLast((event) => event.payment === payment.reference && event.kind === kind);
  return { by: last?.id ?? kind, at: last?.at ?? payment.at };
}

/** What the reasons ask for. `keep` leaves a grant as it stands, so it is the state it would have with its reason. */
export function wantedBy(order: Order, reasons: readonly Reason[], rules: GrantRules): GrantState {
  const standing = reasons.filter(({ withdrawn }) => !withdrawn);
  if (standing.length === 0) return orGranted(rules.refunded);
  if (standing.every(({ suspended }) => suspended)) return orGranted(rules.disputed);
  return order.status === 'ended' ? orGranted(rules.ended) : 'granted';
}

function orGranted(rule: GrantState | 'keep'): GrantState {
  return rule === 'keep' ? 'granted' : rule;
}

/** Names what is given to whom, the same for every order that gives it. Undefined where each grant is a thing of its own. */
export function resourceFor(order: Order, action: string, thing: string | undefined): string | undefined {
  const learner = order.buyer.email?.toLowerCase();
  return thing === undefined || learner === undefined ? undefined : `${action} ${thing} ${learner}`;
}

export function grantId(order: Order, line: OrderLine, unit: number, name: string): string {
  return `${order.id}/${line.line}/${unit}/${name}`;
}
