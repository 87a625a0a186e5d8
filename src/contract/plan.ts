import type { Person } from './event.ts';

/**
 * What a step does: to a grant at the other side, or a mail to buyer or owner. `run` carries an action out once because an
 * outcome says so, `task` waits for a person, `clock` tells the order that an instant has come.
 */
export type StepVerb = 'grant' | 'revoke' | 'suspend' | 'resume' | 'renew' | 'mail' | 'notice' | 'run' | 'task' | 'clock';

/**
 * - `ready`: due at `runAt`. `waiting`: for other steps, at the latest until `runAt`. `running`: under a lease.
 * - `done`, `cancelled`: finished. `parked`: a person's task.
 */
export type StepState = 'ready' | 'waiting' | 'running' | 'done' | 'parked' | 'cancelled';

/** The parts of `<account>.<action>`, as product files name an action. */
export function splitAction(action: string): { readonly account: string; readonly name: string } {
  const dot = action.lastIndexOf('.');
  return { account: action.slice(0, dot), name: action.slice(dot + 1) };
}

/** The key under which a step is carried out once more, as the `nth` replay of it. */
export function replayKey(key: string, nth: number): string {
  return `${replayOf(key)}/replay/${nth}`;
}

/** The key of the step that a replay repeats; of any other step its own. */
export function replayOf(key: string): string {
  return key.replace(/\/replay\/\d+$/, '');
}

/** For whom, until when and in which edition a grant's step gives. */
export interface StepTerms {
  /** Who gets it; undefined: the order's buyer. */
  readonly learner?: Person;
  /** When access ends. ISO 8601, UTC. */
  readonly until?: string;
  /** How often it had been issued anew. Undefined: never. */
  readonly edition?: number;
  /** It is one seat of several: to the action the line is a line of one. */
  readonly isSeat?: boolean;
}

/** A step as planned: made by `planSteps`, the same for the same order and configuration. */
export interface PlannedStep {
  /** Unique, the same on every attempt, and handed to the other side as the idempotency key. */
  readonly key: string;
  readonly orderId: string;
  readonly verb: StepVerb;
  /** The grant it works on; undefined for mails. */
  readonly grantId?: string;
  readonly line?: number;
  readonly unit?: number;
  /** `<connector>.<action>` for grants; the outcome's name for mails. */
  readonly action: string;
  /** Connector account or mail server it uses: limits are per account. */
  readonly account: string;
  /** The action's input with order placeholders filled in; for mails what to render. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Steps that must be settled before. */
  readonly after: readonly string[];
  /** For a waiting step: run at the latest so long after planning, whatever the others do. Undefined: wait for ever. */
  readonly patienceMs?: number;
  /** Not due before this instant, milliseconds since 1970. */
  readonly notBefore?: number;
  /** What distinguishes it from an earlier step of the same grant. */
  readonly terms?: StepTerms;
  readonly configVersion: string;
}

/** A step as the store keeps it. Times are milliseconds since 1970. */
export interface Step extends PlannedStep {
  readonly state: StepState;
  /** Since it was planned, let go by what it waited for, or put back by a person. The running one counts. */
  readonly attempts: number;
  /** It was claimed at least once, so it may have had an effect. */
  readonly begun: boolean;
  /** It runs, and is not wanted any more: when this attempt fails, there is no other. */
  readonly calledOff?: boolean;
  readonly runAt: number;
  readonly createdAt: number;
  /** Since when its attempts count. */
  readonly scheduledAt: number;
  readonly updatedAt: number;
  readonly leaseUntil?: number;
  readonly owner?: string;
  /** What the action returned, secrets sealed. */
  readonly outcome?: Readonly<Record<string, unknown>>;
  /** What an attempt wants to know at the next one. */
  readonly memo?: Readonly<Record<string, unknown>>;
  readonly error?: StepProblem;
}

/** A step this worker may run until its lease ends; `fence` goes back with every record of it. */
export interface ClaimedStep extends Step {
  readonly fence: number;
}

/** Why the last attempt failed. */
export interface StepProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
