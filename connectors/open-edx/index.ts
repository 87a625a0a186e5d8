import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type OpenEdxOptions } from './options.ts';

export type { OpenEdxOptions } from './options.ts';

/** Open edX over its own APIs: enrolments in a course run, by mode, that can be switched off and on. */
export const openEdx = defineConnector<OpenEdxOptions>({
  name: 'open-edx',
  aliases: ['edx'],
  summary: 'Open edX: enrolments in course runs',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
