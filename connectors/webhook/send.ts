import { defineAction } from 'handover/contract';
import type { ActionContext } from 'handover/contract';
import type { SendInput } from './message.ts';
import { personSchema, type WebhookOptions } from './options.ts';
import { post } from './post.ts';

type Sent = { readonly messageId: string; readonly event: string };

/**
 * Tells another system. As a grant it tells of the way back as well: taken back `order.refunded`, paused `order.disputed`, given
 * back `order.disputeWon`. Receivers drop repeats by `webhook-id`.
 */
export const send = defineAction<SendInput, Sent, WebhookOptions>({
  summary: 'Tell another system by a signed message',
  repeats: 'keyed',
  units: 'perLine',
  input: {
    type: 'object',
    additionalProperties: false,
    properties: {
      event: {
        type: 'string',
        pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$',
        maxLength: 100,
        description: 'Type of the message. Default: "order." and the status of the order, for example order.paid.',
        examples: ['order.paid'],
      },
      person: personSchema,
      data: {
        type: 'object',
        additionalProperties: true,
        description: 'Anything of your own, sent as `data.data`.',
        examples: [{ warehouse: 'north' }],
      },
    },
  },
  output: {
    messageId: { description: 'The id of the message, as `webhook-id`.' },
    event: { description: 'The type of the message.', internal: true },
  },

  async grant(input, ctx) {
    const { event = `order.${ctx.order.status}` } = input;
    return { messageId: await post({ event, input }, ctx), event };
  },
  async revoke({ messageId }, input, ctx) {
    await post({ event: 'order.refunded', input, earlier: messageId }, ctx);
  },
  async suspend({ messageId }, input, ctx) {
    await post({ event: 'order.disputed', input, earlier: messageId }, ctx);
  },
  async resume({ messageId }, input, ctx) {
    await post({ event: 'order.disputeWon', input, earlier: messageId }, ctx);
  },
  async renew({ messageId, event }, input, ctx: ActionContext<WebhookOptions>) {
    await post({ event: 'order.renewed', input, earlier: messageId }, ctx);
    return { messageId, event };
  },
  replay: ({ event }, input) => ({ ...input, event }),
});
