import { defineConnector } from 'handover/contract';
import { actionsFor } from './actions.ts';
import { check } from './check.ts';
import type { HttpOptions } from './options.ts';
import { problemsOf } from './problems.ts';
import { optionsSchema } from './schema.ts';

/** Any system with a REST or form interface, described in handover.json: what is sent, and what the answers mean. */
export const http = defineConnector<HttpOptions>({
  name: 'http',
  aliases: ['form'],
  summary: 'Any REST or form interface, described in handover.json',
  options: optionsSchema,
  actions: {},
  actionsFor,
  problems: problemsOf,
  check,
});

export type { ActionSettings, HttpOptions, RequestSettings } from './options.ts';
