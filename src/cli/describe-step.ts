import type { Step } from '../contract/plan.ts';
import { oneLine } from './table.ts';
import { localTime } from './times.ts';

const marks = { done: '✓', parked: '✗', cancelled: '-', ready: '…', waiting: '…', running: '…' } as const;
/** A step that waits without a limit carries the latest time there is. */
const latest = 8_640_000_000_000_000;

/** Each step with what became of it, and of parked ones what to do. */
export function describeSteps(steps: readonly Step[]): string[] {
  return steps.flatMap(describeStep);
}

export function describeStep(step: Step): string[] {
  const { key, verb, action, line, unit, state, error } = step;
  const isTask = state === 'parked' && error?.code === 'TASK_OPEN';
  const place = line === undefined ? '' : `, line ${line}${unit === undefined ? '' : `, unit ${unit}`}`;
  return [
    `  ${isTask ? marks.waiting : marks[state]} ${oneLine(`${verb} ${action}${place}: ${describeState(step)}`)}`,
    `    ${key}`,
    ...(error && state !== 'done' && state !== 'cancelled' ? describeProblem(error) : []),
    ...(state === 'parked' && !isTask
      ? [`    Try again: npx handover retry "${key}"`, `    Done by hand: npx handover done "${key}" --because "..."`]
      : []),
  ];
}

function describeState({ state, attempts, runAt, updatedAt, leaseUntil, owner, outcome, error }: Step): string {
  const skipped = outcome?.['skipped'];
  const tried = attempts === 0 ? '' : `, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  switch (state) {
    case 'ready':
      return `${attempts === 0 ? 'due' : 'next attempt'} at ${localTime(runAt)}${tried}`;
    case 'waiting':
      return `waits for other steps${runAt >= latest ? '' : `, at the latest until ${localTime(runAt)}`}`;
    case 'running':
      return `running${owner === undefined ? '' : ` on ${owner}`}${leaseUntil === undefined ? '' : `, its lease ends ${localTime(leaseUntil)}`}${tried}`;
    case 'parked':
      return error?.code === 'TASK_OPEN' ? `an open task since ${localTime(updatedAt)}` : `parked, waits for a person${tried}`;
    case 'done':
      return `done ${localTime(updatedAt)}${tried}${typeof skipped === 'string' ? `, nothing was sent: ${skipped}` : ''}`;
    case 'cancelled':
      return `cancelled ${localTime(updatedAt)}${tried}`;
  }
}

function describeProblem({ code, message, hint }: NonNullable<Step['error']>): string[] {
  return [`    ${code}  ${oneLine(message)}`, ...(hint === undefined ? [] : [`    ${oneLine(hint)}`])];
}
