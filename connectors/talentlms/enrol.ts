import { defineAction } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient } from './client.ts';
import { courseFor } from './course.ts';
import { alone, isEnrolled, putIn, takeOut, type Enrolment } from './enrolment.ts';
import { attempt } from './memory.ts';
import type { TalentLmsOptions } from './options.ts';
import { signInLink } from './sign-in-link.ts';

export interface EnrolInput {
  readonly course: number | string;
}

/**
 * Enrols the learner. TalentLMS has one enrolment per user and course, without dates, and says different things about a repeat:
 * so it is read first and written only where it is missing. A line is one enrolment, whatever its quantity.
 */
export const enrol = defineAction<EnrolInput, Enrolment, TalentLmsOptions>({
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
        type: ['integer', 'string'],
        description: 'The number of the course, as in the address of its page in TalentLMS.',
        examples: [125],
      },
    },
  },
  output: {
    loginUrl: {
      description: 'Signs the learner in at the click and opens the course, or leads to `courseUrl`; see `signIn`.',
      link: true,
    },
    courseUrl: { description: "The course's address, or the portal's; see the option `courseUrl`." },
    courseName: { description: "The course's name in TalentLMS." },
    courseId: { description: "The course's number in TalentLMS." },
    userId: { description: "The learner's number in TalentLMS." },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const course = await courseFor(client, input.course, ctx.line);
      const account = await accountFor(client, memory, ctx);
      const seat = { userId: account.id, courseId: course.id };
      return alone(client, seat, async () => {
        const isThere = !account.isFresh && (await isEnrolled(client, seat));
        const kept = memory.recall('enrolment') as Enrolment | undefined;
        const isKept = kept?.userId === seat.userId && kept.courseId === seat.courseId;
        const names = { courseName: course.name, courseUrl: course.url };
        const planned = isKept ? kept : { ...seat, ...names, isNewAccount: account.isNew, isOurs: !isThere };
        if (isThere) return planned;
        const enrolment = { ...planned, isOurs: true };
        await memory.keep('enrolment', enrolment);
        await putIn(client, seat);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      return enrolment && (await isEnrolled(createClient(ctx), enrolment)) ? enrolment : undefined;
    }),

  revoke: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (!result.isOurs) return;
      const client = createClient(ctx);
      await alone(client, result, () => takeOut(client, result));
    }),

  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});
