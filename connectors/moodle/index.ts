import { defineConnector } from 'handover/contract';
import { addToCohort } from './add-to-cohort.ts';
import { addToGroup } from './add-to-group.ts';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type MoodleOptions } from './options.ts';

export type { MoodleOptions } from './options.ts';

/** Moodle over its own web services: course enrolments with dates, cohorts, groups, and sign-in links by auth_userkey. */
export const moodle = defineConnector<MoodleOptions>({
  name: 'moodle',
  summary: 'Moodle: course enrolments with dates, cohorts, groups',
  options: optionsSchema,
  actions: { enrol, addToCohort, addToGroup },
  check: checkAccount,
});
