import { StepError, giveUp, type ActionContext } from 'handover/contract';

/** How often an answer that may be a passing trouble, or a wrong setting, is met before a person is asked. */
const patience = new Map([
  ['DOCEBO_UNREADABLE', 7],
  ['DOCEBO_SERVER_ERROR', 8],
  ['DOCEBO_NOT_CONFIRMED', 3],
]);

/** What the attempts of one step tell each other. */
export interface Memory {
  recall(name: string): unknown;
  /** Durable before it resolves; what was kept under other names stays. */
  keep(name: string, value: unknown): Promise<void>;
}

/** One attempt of a step: gives it its memory, and ends the repetitions of a trouble that does not pass. */
export async function attempt<T>(
  ctx: Pick<ActionContext, 'memo' | 'remember'>,
  work: (memory: Memory) => Promise<T>,
): Promise<T> {
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
    const limit = error instanceof StepError && error.retry === 'later' ? patience.get(error.code) : undefined;
    if (limit === undefined || !(error instanceof StepError)) throw error;
    const failures = (memory.recall('failures') ?? {}) as Readonly<Record<string, number>>;
    const count = (failures[error.code] ?? 0) + 1;
    await memory.keep('failures', { ...failures, [error.code]: count });
    if (count < limit) throw error;
    const hint = error.hint ?? 'Look into Docebo, then retry the step.';
    throw giveUp(error.code, `${error.message} That was attempt ${count} with this answer.`, { hint });
  }
}
