import { defineConnector } from 'handover/contract';
import { checkAccount } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type LearnWorldsOptions } from './options.ts';

export type { LearnWorldsOptions } from './options.ts';

/** LearnWorlds by its API v2: courses, bundles and subscription plans, and sign-in links by its single sign-on. */
export const learnworlds = defineConnector<LearnWorldsOptions>({
  name: 'learnworlds',
  summary: 'LearnWorlds: courses, bundles, subscriptions',
  options: optionsSchema,
  actions: { enrol },
  check: checkAccount,
});
