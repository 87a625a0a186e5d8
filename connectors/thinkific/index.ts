import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type ThinkificOptions } from './options.ts';

export type { ThinkificOptions } from './options.ts';

/** Thinkific over its public API: course enrolments with an end, and sign-in by a signed token made at the click. */
export const thinkific = defineConnector<ThinkificOptions>({
  name: 'thinkific',
  summary: 'Thinkific: course enrolments with an end, and sign-in links',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
