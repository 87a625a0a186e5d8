import type { Step, StepState, StepVerb } from '../../contract/plan.ts';
import type { StepClaim } from '../store.ts';
import { toProblem, toRecord } from './json.ts';

/** What is read of a step. `due_at` is when it can be claimed: `run_at`, or while it runs the end of its lease. */
export const stepColumns = `id, key, order_id, grant_id, line, unit, verb, action, account, input, wait_for, patience_ms,
  config_version, not_before, terms, state, run_at, due_at, attempts, fence, cancelling, cut_short, owner, sending_at, outcome, memo, problem, created_at, scheduled_at, updated_at`;

/** States of steps that are neither finished nor a person's task. The partial indexes stand on this very text. */
export const openStates = "state IN ('ready', 'waiting', 'running')";

export interface StepRow {
  id: number;
  key: string;
  order_id: string;
  grant_id: string | null;
  line: number | null;
  unit: number | null;
  verb: StepVerb;
  action: string;
  account: string;
  input: string;
  wait_for: string;
  patience_ms: number | null;
  config_version: string;
  not_before: number | null;
  terms: string | null;
  state: StepState;
  run_at: number;
  due_at: number;
  attempts: number;
  fence: number;
  cancelling: number;
  cut_short: number;
  owner: string | null;
  sending_at: number | null;
  outcome: string | null;
  memo: string | null;
  problem: string | null;
  created_at: number;
  scheduled_at: number;
  updated_at: number;
}

export function readStep(row: StepRow): Step {
  return {
    key: row.key,
    orderId: row.order_id,
    verb: row.verb,
    ...(row.grant_id === null ? {} : { grantId: row.grant_id }),
    ...(row.line === null ? {} : { line: row.line }),
    ...(row.unit === null ? {} : { unit: row.unit }),
    action: row.action,
    account: row.account,
    input: toRecord(row.input),
    after: JSON.parse(row.wait_for) as string[],
    ...(row.patience_ms === null ? {} : { patienceMs: row.patience_ms }),
    configVersion: row.config_version,
    ...(row.not_before === null ? {} : { notBefore: row.not_before }),
    ...(row.terms === null ? {} : { terms: toRecord(row.terms) }),
    state: row.state,
    attempts: row.attempts,
    begun: row.fence > 0,
    ...(row.cancelling === 1 && row.state === 'running' ? { calledOff: true } : {}),
    runAt: row.run_at,
    createdAt: row.created_at,
    scheduledAt: row.scheduled_at,
    updatedAt: row.updated_at,
    ...(row.state === 'running' ? { leaseUntil: row.due_at } : {}),
    ...(row.owner === null ? {} : { owner: row.owner }),
    ...(row.outcome === null ? {} : { outcome: toRecord(row.outcome) }),
    ...(row.memo === null ? {} : { memo: toRecord(row.memo) }),
    ...(row.problem === null ? {} : { error: toProblem(row.problem) }),
  };
}

export function readClaim(row: StepRow, worker: string): StepClaim {
  return { ...readStep(row), fence: row.fence, worker, cutShort: row.cut_short, interrupted: row.sending_at !== null };
}
