import { giveUp } from '../contract/errors.ts';
import type { PlannedStep, StepProblem } from '../contract/plan.ts';
import type { PersonTask, TaskDesk } from '../contract/tasks.ts';
import type { Store } from '../storage/store.ts';

/** The step that asks. */
export interface AskingStep {
  readonly key: string;
  readonly orderId: string;
  readonly line?: number;
}

/** Why a notice about a task is sent. */
export type TaskStage = 'asked' | 'due' | 'escalated' | 'calledOff';

export interface TaskDeskParts {
  readonly store: Pick<Store, 'addSteps'>;
  /** Where tasks go that name nobody. */
  owner(): string;
  configVersion(): string;
}

/** A task waits for a person as it should: nothing has gone wrong. */
export function isOpenTask(problem: Pick<StepProblem, 'code'> | undefined): boolean {
  return problem?.code === 'TASK_OPEN';
}

/**
 * Plans the mails about a task under keys of the asking step, so that each goes out once however often the step is tried. Those
 * for later find out when they are due whether the task is still open.
 */
export function createTaskDesk(step: AskingStep, parts: TaskDeskParts): TaskDesk {
  function notice(stage: TaskStage, to: string, task: Partial<PersonTask>, at?: Date): PlannedStep {
    const { title, text, dueAt, facts = [], undoes = false } = task;
    const about = { stage, step: step.key, title, text, facts, undoes, ...(dueAt && { dueAt: dueAt.toISOString() }) };
    return {
      key: `notice/task/${step.key}/${stage}`,
      orderId: step.orderId,
      verb: 'notice',
      action: 'task',
      account: 'mail',
      input: { kind: 'task', outcome: 'held', lines: step.line === undefined ? [] : [step.line], to: [to], about },
      after: [],
      ...(at && { notBefore: at.getTime() }),
      configVersion: parts.configVersion(),
    };
  }

  return {
    async ask(task) {
      const { assignee = parts.owner(), dueAt, escalateAt, escalateTo = parts.owner() } = task;
      await parts.store.addSteps([
        notice('asked', assignee, task),
        ...(dueAt ? [notice('due', assignee, task, dueAt)] : []),
        ...(escalateAt ? [notice('escalated', escalateTo, task, escalateAt)] : []),
      ]);
      const due = dueAt ? `, due ${dueAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
      throw giveUp('TASK_OPEN', `Waits for a person: ${task.title} (asked: ${assignee}${due}).`, {
        hint: `When it is done, run: npx handover done "${step.key}" --because "WHY"`,
      });
    },
    async callOff({ title, assignee = parts.owner() }) {
      await parts.store.addSteps([notice('calledOff', assignee, { title })]);
    },
  };
}
