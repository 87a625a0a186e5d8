import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type TalentLmsOptions } from './options.ts';

export type { TalentLmsOptions } from './options.ts';

/** TalentLMS over its API, version 2: course enrolments and sign-in links into the course. */
export const talentlms = defineConnector<TalentLmsOptions>({
  name: 'talentlms',
  summary: 'TalentLMS: course enrolments and sign-in links',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
