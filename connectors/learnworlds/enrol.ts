import { defineAction, giveUp, type ActionContext } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { alone, isIn, putIn, takeOut, type Duration } from './enrolment.ts';
import { attempt } from './memory.ts';
import { ifEnrolledSchema, type IfEnrolled, type LearnWorldsOptions } from './options.ts';
import { pageOf, productTypes, titleFor, type Product, type ProductType } from './product.ts';
import { signInLink } from './sign-in-link.ts';

export interface EnrolInput extends Duration {
  readonly product: string;
  readonly type?: ProductType;
  readonly ifEnrolled?: IfEnrolled;
}

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: string;
  readonly product: Product;
  readonly courseName: string;
  readonly courseUrl: string;
  /** The same order made the account. */
  readonly isNewAccount: boolean;
  /** False where the learner had the product and it was left at that: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The learner had it by another purchase of ours: taking that one back ends it. */
  readonly isShared?: boolean;
};

/**
 * Enrols the learner in a course, a bundle or a subscription plan. LearnWorlds documents no pause of a single enrolment, so that
 * is a person's task. A line is one enrolment, whatever its quantity.
 */
export const enrol = defineAction<EnrolInput, Enrolment, LearnWorldsOptions>({
  summary: 'Enrol the learner in a course, a bundle or a subscription',
  repeats: 'set',
  units: 'perLine',
  resource: (input) => `${typeOf(input)} ${input.product}`,
  input: {
    type: 'object',
    required: ['product'],
    additionalProperties: false,
    properties: {
      product: {
        type: 'string',
        minLength: 1,
        description: "The product's id. For a course, the last part of its address in the school.",
        examples: ['ts-101'],
      },
      type: { type: 'string', enum: productTypes, default: 'course', description: 'What kind of product it is.' },
      duration: {
        type: 'integer',
        minimum: 1,
        maximum: 1200,
        description: 'For a subscription: how many days, weeks, months or years it lasts.',
        examples: [12],
      },
      durationType: {
        type: 'string',
        enum: ['days', 'weeks', 'months', 'years'],
        default: 'days',
        description: 'What `duration` counts.',
      },
      ifEnrolled: ifEnrolledSchema,
    },
    dependencies: { duration: { properties: { type: { const: 'subscription' } }, required: ['type'] } },
  },
  output: {
    loginUrl: {
      description: 'Signs the learner in at the click and opens the product, or just opens it; see `signIn`.',
      link: true,
    },
    courseUrl: { description: "The product's page, or the school's start page for bundles and subscriptions." },
    courseName: { description: "The product's title." },
    userId: { description: "The learner's id in LearnWorlds." },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const product: Product = { id: input.product, type: typeOf(input) };
      const courseName = await titleFor(client, product, ctx.line);
      const account = await accountFor(client, memory, ctx);
      const seat = { userId: account.id, product };
      return alone(client, seat, async () => {
        const kept = memory.recall('enrolment') as Enrolment | undefined;
        const ours = kept?.userId === account.id ? kept : undefined;
        const wasIn = await isIn(client, seat);
        if (ours && (wasIn || !ours.isOurs)) return ours;
        const courseUrl = pageOf(client.settings, product);
        const fresh = { ...seat, courseName, courseUrl, isNewAccount: account.isNew };
        const enrolment: Enrolment = ours ?? { ...fresh, ...ownership(input, client, wasIn, ctx) };
        await memory.keep('enrolment', enrolment);
        if (!wasIn) await putIn(client, seat, input);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      return enrolment && (await isIn(createClient(ctx), enrolment)) ? enrolment : undefined;
    }),

  revoke: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (!result.isOurs || result.isShared) return;
      const client = createClient(ctx);
      await alone(client, result, () => takeOut(client, result));
    }),

  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});

function typeOf({ type = 'course' }: EnrolInput): ProductType {
  return type;
}

/** Whose the enrolment is, where the learner has the product already. */
function ownership(
  input: EnrolInput,
  { settings }: Client,
  wasIn: boolean,
  { alsoGivenBy, line }: ActionContext<LearnWorldsOptions>,
): Pick<Enrolment, 'isOurs' | 'isShared'> {
  if (!wasIn) return { isOurs: true };
  if (alsoGivenBy.length > 0) return { isOurs: true, isShared: true };
  if ((input.ifEnrolled ?? settings.ifEnrolled) === 'keep') return { isOurs: false };
  throw giveUp(
    'LEARNWORLDS_HAS_ACCESS',
    `The learner has ${typeOf(input)} "${input.product}" already, and now bought SKU ${line.sku ?? '?'}.`,
    {
      hint: 'Mark the step done if nothing has to change; or refund the buyer.',
    },
  );
}
