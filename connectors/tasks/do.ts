import { defineAction } from 'handover/contract';
import { ask, findAsked, takeBack } from './ask.ts';
import { taskProperties } from './options.ts';
import type { TaskInput, TasksOptions } from './options.ts';

export type DoneTask = { readonly note?: string };

/** A person does it, and says so: `handover done`. Asking again changes nothing, since each mail has a key of the step. */
export const doTask = defineAction<TaskInput, DoneTask, TasksOptions>({
  summary: 'Have a person do something',
  repeats: 'set',
  units: 'perLine',
  input: { type: 'object', required: ['title'], additionalProperties: false, properties: taskProperties },
  output: { note: { description: 'What the person who did it wants the buyer to know. Empty when nothing.' } },

  async grant(input, ctx) {
    await ask(input, ctx);
    return {};
  },

  find: (_input, ctx) => findAsked(ctx) as Promise<DoneTask | undefined>,
  revoke: (result, input, ctx) => takeBack(result, input, ctx),
});
