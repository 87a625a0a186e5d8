import type { ActionContext, Outcome, PersonTask } from 'handover/contract';
import type { TaskInput, TasksOptions } from './options.ts';

const hourMs = 3_600_000;
type Context = ActionContext<TasksOptions>;
type Facts = NonNullable<PersonTask['facts']>;

/** Asks, and lets the step wait. That it was asked is remembered first, so that a refund can call it off. */
export async function ask(input: TaskInput, ctx: Context, facts: Facts = []): Promise<void> {
  const { title, text, dueHours, escalateTo, escalateAfterHours } = input;
  const from = ctx.now().getTime();
  await ctx.remember({ asked: true });
  await ctx.tasks.ask({
    title: several(title, ctx),
    facts,
    ...assigneeOf(input, ctx),
    ...(text !== undefined && { text }),
    ...(dueHours !== undefined && { dueAt: new Date(from + dueHours * hourMs) }),
    ...(escalateTo !== undefined && { escalateTo }),
    ...(escalateAfterHours !== undefined && { escalateAt: new Date(from + escalateAfterHours * hourMs) }),
  });
}

/** What is to be undone when nobody said that it was done: the asking. */
export async function findAsked(ctx: Context): Promise<{ asked: true } | undefined> {
  return ctx.memo?.['asked'] === true ? { asked: true } : undefined;
}

/** A task that was not done is called off. What was done only a person can take back. */
export async function takeBack(result: Outcome, input: TaskInput, ctx: Context, facts: Facts = []): Promise<void> {
  const title = several(input.title, ctx);
  if (result['asked'] === true) return ctx.tasks.callOff({ title, ...assigneeOf(input, ctx) });
  const text =
    'The payment does not stand any more, and this was done already. Please take it back, or settle it with the buyer.';
  await ctx.tasks.ask({ title: `Take back: ${title}`, text, facts, undoes: true, ...assigneeOf(input, ctx) });
}

function assigneeOf({ assignee }: TaskInput, { options }: Context): { assignee?: string } {
  const chosen = assignee ?? options.assignee;
  return chosen === undefined ? {} : { assignee: chosen };
}

function several(title: string, { line }: Context): string {
  return line.quantity > 1 ? `${title} × ${line.quantity}` : title;
}
