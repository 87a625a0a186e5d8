import { defineConnector } from 'handover/contract';
import { checkAccount, problemsOf } from './check.ts';
import { enrol } from './enrol.ts';
import { optionsSchema, type KajabiOptions } from './options.ts';

export type { KajabiOptions } from './options.ts';

/** Kajabi by the activation and deactivation addresses of its offers. */
export const kajabi = defineConnector<KajabiOptions>({
  name: 'kajabi',
  summary: 'Kajabi: offers granted and revoked by their webhook addresses',
  options: optionsSchema,
  actions: { enrol },
  problems: problemsOf,
  check: checkAccount,
});
