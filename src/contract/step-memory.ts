import type { ActionContext } from './connector.ts';
import { giveUp, StepError } from './errors.ts';

/** What the attempts of one step tell each other. */
export interface Memory {
  recall(name: string): unknown;
  /** Durable before it resolves; what was kept under other names stays. */
  keep(name: string, value: unknown): Promise<void>;
}

/** Runs one attempt of a step. */
export type Attempt = <T>(ctx: Pick<ActionContext, 'memo' | 'remember'>, work: (memory: Memory) => Promise<T>) => Promise<T>;

/**
 * Gives each attempt of a step its memory, and ends the repetitions of a trouble that does not pass. `patience`: by error code,
 * how often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. `system` names the
 * other side to that person.
 */
export function createAttempt(system: string, patience: Readonly<Record<string, number>>): Attempt {
  return async (ctx, work) => {
    let memo = { ...ctx.memo };
    const memory: Memory = {
      recall: (name) => memo[name],
      async keep(name, value) {
        memo = { ...memo, [name]: value };
        await ctx.remember(memo);
      },
    };
    try {
      return await work(memory);
    } catch (error) {
      if (!(error instanceof StepError) || error.retry !== 'later' || !Object.hasOwn(patience, error.code)) throw error;
      const failures = (memory.recall('failures') ?? {}) as Readonly<Record<string, number>>;
      const count = (failures[error.code] ?? 0) + 1;
      await memory.keep('failures', { ...failures, [error.code]: count });
      if (count < (patience[error.code] ?? 0)) throw error;
      const hint = error.hint ?? `Look into ${system}, then retry the step.`;
      throw giveUp(error.code, `${error.message} That was attempt ${count} with this answer.`, { hint });
    }
  };
}
