import { formatMoney } from '../../contract/money.ts';
import type { PaymentEvent, StaffDecision } from '../../contract/event.ts';
import type { PlannedStep, StepProblem } from '../../contract/plan.ts';
import { insertRows } from './database.ts';
import type { Dialect, Statements } from './database.ts';

/** What a history entry is about. */
export interface Subject {
  readonly orderId?: string;
  readonly stepKey?: string;
  readonly callbackId?: number;
}

export function addHistory(tx: Statements, dialect: Dialect, about: Subject, kind: string, text: string): Promise<void> {
  return addEntries(tx, dialect, about, [{ kind, text }]);
}

/** Several at once, told in this order. */
export async function addEntries(
  tx: Statements,
  { now }: Dialect,
  { orderId = null, stepKey = null, callbackId = null }: { readonly [Name in keyof Subject]?: Subject[Name] | null },
  entries: readonly { readonly kind: string; readonly text: string }[],
): Promise<void> {
  const rows = entries.map(({ kind, text }) => [orderId, stepKey, callbackId, kind, text]);
  await insertRows(tx, 'INSERT INTO history (order_id, step_key, callback_id, at, kind, text)', `(?, ?, ?, ${now}, ?, ?)`, rows);
}

/** A step in words: `grant moodle.enrol, line 1, unit 2`. */
export function nameOf(step: Pick<PlannedStep, 'verb' | 'action' | 'line' | 'unit'>): string {
  const place = step.line === undefined ? '' : `, line ${step.line}${step.unit === undefined ? '' : `, unit ${step.unit}`}`;
  return `${step.verb} ${step.action}${place}`;
}

/** A problem in words: `Moodle did not answer. (MOODLE_SILENT)`. */
export function wordsOf(problem: StepProblem): string {
  return `${problem.message} (${problem.code})${problem.hint === undefined ? '' : ` ${problem.hint}`}`;
}

export function describeEvent(event: PaymentEvent): string {
  const amount = event.amount ? ` of ${formatMoney(event.amount)}` : '';
  const reason = event.reason === undefined ? '' : `: ${event.reason}`;
  if (event.kind === 'clock.passed') return `It is ${event.at} now.`;
  if (event.kind === 'checkout.started') return `A checkout${amount} was started at ${event.gateway}.`;
  if (event.staff) return describeStaff(event, event.staff);
  return `${event.kind}${amount}, told by ${event.gateway} as ${event.id} for ${event.at}${reason}`;
}

function describeStaff({ kind, until, reversal }: PaymentEvent, staff: StaffDecision): string {
  const { by, because, codes, lines, unit, grantId, decision, person } = staff;
  const about = [
    grantId,
    codes?.join(', '),
    decision,
    reversal && `refund ${reversal}`,
    lines && (lines.length === 0 ? 'no line' : `line ${lines.join(', ')}${unit === undefined ? '' : `, unit ${unit}`}`),
    person && 'to another person',
    until && `until ${until}`,
  ];
  return `${kind} (${about.filter(Boolean).join(', ')}), decided by ${by}: ${because}`;
}

/** `90000` as `2 min`; rounded, for people. */
export function describeDelay(delayMs: number): string {
  const seconds = Math.round(delayMs / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
