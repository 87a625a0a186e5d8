import { defineConnector } from 'handover/contract';
import { checkAccount, problemsOf } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type DoceboOptions } from './options.ts';

export type { DoceboOptions } from './options.ts';

/** Docebo by its API: course enrolments with an end. */
export const docebo = defineConnector<DoceboOptions>({
  name: 'docebo',
  summary: 'Docebo: course enrolments with an end',
  options: optionsSchema,
  actions: { enrol },
  problems: problemsOf,
  check: checkAccount,
});
