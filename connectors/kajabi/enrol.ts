import { StepError, defineAction, giveUp, type ActionContext } from 'handover/contract';
import { callOffer } from './client.ts';
import { attempt } from './memory.ts';
import { ifGrantedSchema, settingsOf, type IfGranted, type KajabiOptions } from './options.ts';

export interface OfferInput {
  readonly offer: string;
  readonly ifGranted?: IfGranted;
}

/** What `enrol` returns. Who the member is stands with the order, not here. */
export type OfferGrant = {
  readonly offer: string;
  readonly loginUrl: string;
  /** False where the learner had the offer before and it was left at that: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The learner had it by another purchase of ours: taking that one back ends it. */
  readonly isShared?: boolean;
};

type Context = ActionContext<KajabiOptions>;

/**
 * Grants an offer with all its products. Kajabi cannot be asked what a member has, so what was sent is remembered first: then
 * "granted already" is known for an answer that got lost. A line is one grant, whatever its quantity.
 */
export const enrol = defineAction<OfferInput, OfferGrant, KajabiOptions>({
  summary: 'Grant the learner an offer',
  repeats: 'set',
  units: 'perLine',
  resource: ({ offer }) => `offer ${offer}`,
  input: {
    type: 'object',
    required: ['offer'],
    additionalProperties: false,
    properties: {
      offer: {
        type: 'string',
        minLength: 1,
        description: 'The offer, by its name under `offers` in handover.json.',
        examples: ['ts-101'],
      },
      ifGranted: ifGrantedSchema,
    },
  },
  output: {
    loginUrl: { description: 'Where members sign in. It signs nobody in by itself.' },
    offer: { description: "The offer's name in handover.json." },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const { siteUrl, loginPath } = settingsOf(ctx.options);
      const done = memory.recall('done') as OfferGrant | undefined;
      if (done?.offer === input.offer) return done;
      const ours: OfferGrant = { offer: input.offer, loginUrl: siteUrl + loginPath, isOurs: true };
      const wasSent = memory.recall('sent') !== undefined;
      await memory.keep('sent', ours);
      const told = await callOffer(input.offer, 'activate', ctx).catch(async (error: unknown) => {
        if (!wasSent && !(error instanceof StepError && error.unknown)) await memory.keep('sent', undefined);
        throw error;
      });
      const grant = told === 'already' && !wasSent ? { ...ours, ...ownership(input, ctx) } : ours;
      await memory.keep('sent', grant);
      await memory.keep('done', grant);
      return grant;
    }),

  /** What an earlier attempt of this step may have left behind; taking it back where there is nothing is success. */
  find: (_input, ctx) => attempt(ctx, (memory) => Promise.resolve(memory.recall('sent') as OfferGrant | undefined)),

  revoke: (result, _input, ctx) => attempt(ctx, () => (result.isShared ? Promise.resolve() : deactivate(result, ctx))),
  suspend: (result, _input, ctx) => attempt(ctx, () => deactivate(result, ctx)),
  resume: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (result.isOurs) await callOffer(result.offer, 'activate', ctx);
    }),
});

async function deactivate({ offer, isOurs }: OfferGrant, ctx: Context): Promise<void> {
  if (isOurs) await callOffer(offer, 'deactivate', ctx);
}

/** Whose the grant is, where Kajabi says that there is one already. */
function ownership(input: OfferInput, { options, alsoGivenBy, line }: Context): Pick<OfferGrant, 'isOurs' | 'isShared'> {
  if (alsoGivenBy.length > 0) return { isOurs: true, isShared: true };
  if ((input.ifGranted ?? settingsOf(options).ifGranted) === 'keep') return { isOurs: false };
  throw giveUp('KAJABI_HAS_OFFER', `The learner has offer "${input.offer}" already, and now bought SKU ${line.sku ?? '?'}.`, {
    hint: 'Mark the step done if nothing has to change; or refund the buyer.',
  });
}
