import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import type { Catalogue } from './find-product.ts';
import type { MessageInput } from './plan-messages.ts';

/** Something staff must hear of that is no outcome of a payment. */
export interface Notice {
  readonly kind: 'parked' | 'parkedCallback' | 'lowStock' | 'alarm';
  /** Told once per key. */
  readonly key: string;
  /** Empty when it concerns no single order. */
  readonly orderId: string;
  readonly lines?: readonly number[];
  readonly about: Readonly<Record<string, unknown>>;
}

/** The step that mails a notice to the owner. */
export function noticeStep({ kind, key, orderId, lines = [], about }: Notice, { site, version }: Catalogue): PlannedStep {
  const input: MessageInput = { kind, outcome: 'held', lines, to: [site.owner.email], about };
  return {
    key: `notice/${key}`,
    orderId,
    verb: 'notice',
    action: kind,
    account: 'mail',
    input,
    after: [],
    configVersion: version,
  };
}

/** A step nobody will try again: who paid, what is missing, what was tried. */
export function parkedNotice(
  step: {
    readonly key: string;
    readonly orderId: string;
    readonly action: string;
    readonly verb: string;
    readonly line?: number;
    readonly attempts: number;
  },
  problem: StepProblem,
  catalogue: Catalogue,
): PlannedStep {
  const { key, orderId, action, verb, line, attempts } = step;
  const about = { step: key, action, verb, attempts, ...problem };
  return noticeStep(
    { kind: 'parked', key: `parked/${key}/${attempts}`, orderId, about, ...(line !== undefined && { lines: [line] }) },
    catalogue,
  );
}
