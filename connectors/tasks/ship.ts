import { defineAction, giveUp } from 'handover/contract';
import type { ActionContext, Outcome } from 'handover/contract';
import { ask, findAsked, takeBack } from './ask.ts';
import { taskProperties } from './options.ts';
import type { ShipInput, TasksOptions } from './options.ts';

export type Shipped = { readonly carrier?: string; readonly tracking?: string; readonly trackingUrl?: string };

/** A person packs and sends it, and reports carrier and number, which the buyer gets. */
export const ship = defineAction<ShipInput, Shipped, TasksOptions>({
  summary: 'Have a person send a parcel',
  repeats: 'set',
  units: 'perLine',
  input: {
    type: 'object',
    required: ['title'],
    additionalProperties: false,
    properties: {
      ...taskProperties,
      addressFields: {
        type: 'array',
        maxItems: 20,
        items: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$', description: 'Name of a metadata field.' },
        description: "The order's metadata fields that make the label, line by line, where your checkout put them.",
        examples: [['ship_name', 'ship_street', 'ship_city', 'ship_country']],
      },
    },
  },
  output: {
    carrier: { description: 'Who carries the parcel. Empty until it is sent.' },
    tracking: { description: "The parcel's number at the carrier." },
    trackingUrl: { description: 'Where the buyer follows the parcel, for carriers of the account.' },
  },

  async grant(input, ctx) {
    await ask(input, ctx, labelOf(input, ctx));
    return {};
  },

  find: (_input, ctx) => findAsked(ctx) as Promise<Shipped | undefined>,

  revoke(result, input, ctx) {
    const { carrier = '', tracking = '' } = result;
    const parcel = [carrier, tracking].filter(Boolean).join(' ');
    return takeBack(result, input, ctx, [...labelOf(input, ctx), ...(parcel === '' ? [] : [{ label: 'Parcel', value: parcel }])]);
  },

  report: (told, _input, { carriers = {} }): Outcome => {
    const { carrier, tracking } = told;
    if (tracking !== undefined && carrier === undefined) {
      throw giveUp('CARRIER_MISSING', 'A parcel has a number at a carrier, and none was named.', { hint: 'Add: --carrier NAME' });
    }
    const known = Object.keys(carriers).find((name) => name.toLowerCase() === carrier?.toLowerCase());
    const template = known === undefined ? undefined : carriers[known];
    const url = tracking === undefined ? undefined : template?.replace(/\{\{ ?tracking ?\}\}/, encodeURIComponent(tracking));
    return { ...told, ...(known !== undefined && { carrier: known }), ...(url !== undefined && { trackingUrl: url }) };
  },
});

/** The label, as far as the order tells it. */
function labelOf(
  { addressFields = [] }: ShipInput,
  { order, learner }: ActionContext<TasksOptions>,
): { label: string; value: string }[] {
  const lines = addressFields.map((field) => order.metadata[field]?.trim() ?? '').filter(Boolean);
  const { name = [learner.firstName, learner.lastName].filter(Boolean).join(' '), phone = '', country = '' } = learner;
  const label = lines.length > 0 ? lines : [name, country].filter(Boolean);
  const missing = lines.length > 0 ? [] : [{ label: 'Address', value: 'The order carries none: ask the buyer.' }];
  return [{ label: 'Ship to', value: label.join(', ') }, ...missing, { label: 'Phone', value: phone }].filter(
    ({ value }) => value !== '',
  );
}
