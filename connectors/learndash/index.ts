import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type LearnDashOptions } from './options.ts';

export type { LearnDashOptions } from './options.ts';

/** LearnDash over the REST interfaces of WordPress and of LearnDash itself (v2): course enrolments, without dates. */
export const learndash = defineConnector<LearnDashOptions>({
  name: 'learndash',
  summary: 'LearnDash on WordPress: course enrolments',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
