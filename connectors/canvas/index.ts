import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type CanvasOptions } from './options.ts';

export type { CanvasOptions } from './options.ts';

/** Canvas LMS over its REST API: enrolments with dates that can be paused and taken up again. */
export const canvas = defineConnector<CanvasOptions>({
  name: 'canvas',
  summary: 'Canvas LMS: course enrolments with dates',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
