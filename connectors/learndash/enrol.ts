import { type ActionContext, defineAction, giveUp, type Memory } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { courseFor } from './course.ts';
import { alone, isIn, putIn, takeOut, type Enrolment } from './enrolment.ts';
import { attempt } from './memory.ts';
import { ifEnrolledSchema, type IfEnrolled, type LearnDashOptions } from './options.ts';

export interface EnrolInput {
  readonly course: string | number;
  readonly ifEnrolled?: IfEnrolled;
}

type Context = ActionContext<LearnDashOptions>;

/**
 * Enrols the learner. LearnDash knows no end of a single enrolment, so a term is kept by our own clock, which takes the learner
 * out. A line is one enrolment, whatever its quantity.
 */
export const enrol = defineAction<EnrolInput, Enrolment, LearnDashOptions>({
  summary: 'Enrol the learner in a course',
  repeats: 'set',
  units: 'perLine',
  resource: ({ course }) => `course ${course}`,
  input: {
    type: 'object',
    required: ['course'],
    additionalProperties: false,
    properties: {
      course: {
        type: ['string', 'integer'],
        description: "The course's number: it stands in the address of the page where the course is edited (`post=1234`).",
        examples: [1234],
      },
      ifEnrolled: ifEnrolledSchema,
    },
  },
  output: {
    courseUrl: { description: "The course's page." },
    courseName: { description: "The course's title." },
    passwordUrl: { description: 'The page on which somebody whose account was just made sets a password.' },
    courseId: { description: "The course's number." },
    userId: { description: "The learner's number in WordPress." },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const course = await courseFor(client, String(input.course), ctx.line);
      const account = await accountFor(client, ctx);
      const seat = { userId: account.id, courseId: course.id };
      return alone(client, seat, async () => {
        const kept = keptEnrolment(memory, seat);
        const wasIn = !account.isFresh && (await isIn(client, seat));
        if (kept && (wasIn || !kept.isOurs)) return kept;
        const enrolment: Enrolment = kept ?? {
          ...seat,
          courseName: course.name,
          courseUrl: course.url,
          passwordUrl: `${client.settings.baseUrl}/wp-login.php?action=lostpassword`,
          ...ownership(input, client, wasIn, ctx),
        };
        await memory.keep('enrolment', enrolment);
        if (!wasIn) await putIn(client, seat, ctx.line);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      return enrolment && (await isIn(createClient(ctx), enrolment)) ? enrolment : undefined;
    }),

  revoke: (result, _input, ctx) => attempt(ctx, () => (result.isShared ? Promise.resolve() : close(result, ctx))),
  /** Taking out keeps the progress: LearnDash stores it with the user. */
  suspend: (result, _input, ctx) => attempt(ctx, () => close(result, ctx)),
  resume: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (!result.isOurs) return;
      const client = createClient(ctx);
      await alone(client, result, () => putIn(client, result, ctx.line));
    }),
});

async function close(enrolment: Enrolment, ctx: Context): Promise<void> {
  if (!enrolment.isOurs) return;
  const client = createClient(ctx);
  await alone(client, enrolment, () => takeOut(client, enrolment, ctx.line));
}

function keptEnrolment(memory: Memory, seat: Pick<Enrolment, 'userId' | 'courseId'>): Enrolment | undefined {
  const kept = memory.recall('enrolment') as Enrolment | undefined;
  return kept?.userId === seat.userId && kept.courseId === seat.courseId ? kept : undefined;
}

/** Whose the place in the course is, where somebody is in it already. */
function ownership(
  input: EnrolInput,
  { settings }: Client,
  wasIn: boolean,
  { alsoGivenBy, line }: Context,
): Pick<Enrolment, 'isOurs' | 'isShared'> {
  if (!wasIn) return { isOurs: true };
  if (alsoGivenBy.length > 0) return { isOurs: true, isShared: true };
  if ((input.ifEnrolled ?? settings.ifEnrolled) === 'keep') return { isOurs: false };
  throw giveUp(
    'LEARNDASH_HAS_ACCESS',
    `The learner is in course ${input.course} already, and now bought SKU ${line.sku ?? '?'}.`,
    {
      hint: 'Mark the step done if nothing has to change; or refund the buyer.',
    },
  );
}
