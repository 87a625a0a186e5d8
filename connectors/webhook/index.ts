import { defineConnector } from 'handover/contract';
import { check, problemsOf } from './check.ts';
import { optionsSchema, type WebhookOptions } from './options.ts';
import { send } from './send.ts';

/** Tells other systems (stock, accounting, CRM) of orders, by messages signed as Standard Webhooks describes. */
export const webhook = defineConnector<WebhookOptions>({
  name: 'webhook',
  summary: 'Signed messages to another system (Standard Webhooks)',
  options: optionsSchema,
  actions: { send },
  problems: problemsOf,
  check,
});

export type { SendInput } from './message.ts';
export type { WebhookOptions } from './options.ts';
