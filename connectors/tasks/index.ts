import { defineConnector } from 'handover/contract';
import { check } from './check.ts';
import { doTask } from './do.ts';
import { optionsSchema } from './options.ts';
import type { TasksOptions } from './options.ts';
import { ship } from './ship.ts';

/** What a person does for an order: pack the book, call the buyer. */
export const tasks = defineConnector<TasksOptions>({
  name: 'tasks',
  aliases: ['people'],
  summary: 'Tasks for people',
  options: optionsSchema,
  actions: { do: doTask, ship },
  check,
});

export type { DoneTask } from './do.ts';
export type { ShipInput, TaskInput, TasksOptions } from './options.ts';
export type { Shipped } from './ship.ts';
