import { defineAction } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient } from './client.ts';
import { courseFor, courseUnknown } from './course.ts';
import { enrolInput, type EnrolInput } from './enrol-input.ts';
import { alone, standingOf, writeEnrolment, type Enrolment } from './enrolment.ts';
import { attempt } from './memory.ts';
import type { MoodleOptions } from './options.ts';
import { isGiven, planEnrolment, windowFor } from './plan-enrolment.ts';
import { hasCode } from './problems.ts';
import { signInLink } from './sign-in-link.ts';
import { close, takeBack } from './take-back.ts';
import { lastDay, secondsOf } from './term.ts';

/**
 * Enrols the learner. Moodle takes a repeated enrolment as a change of dates and status, so a second attempt is safe as long as
 * it sends the same: they are computed once and sent whole every time. A line is one enrolment, whatever its quantity.
 */
export const enrol = defineAction<EnrolInput, Enrolment, MoodleOptions>({
  summary: 'Enrol the learner in a course',
  repeats: 'set',
  units: 'perLine',
  resource: ({ course }) => `course ${course}`,
  input: enrolInput,
  output: {
    loginUrl: {
      description: 'Signs the learner in at the click and opens the course, or just opens it; see `signIn`.',
      link: true,
    },
    courseUrl: { description: "The course's page." },
    courseName: { description: "The course's full name in Moodle." },
    courseId: { description: "The course's number in Moodle." },
    userId: { description: "The learner's number in Moodle." },
    username: {
      description: "The learner's user name. Empty for an account that was there before, unless we may see user names.",
    },
    start: { description: 'First day of access, as 2026-03-01.' },
    end: { description: 'Last day of access, as 2027-03-01. Empty when access has no end.' },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const window = windowFor(input, client, ctx);
      const course = await courseFor(client, String(input.course), ctx.line);
      const account = await accountFor(client, input, memory, ctx);
      return alone(client, { userId: account.id, courseId: course.id }, async () => {
        const { enrolment, isThere } = await planEnrolment(client, input, { course, account, window }, memory, ctx);
        if (isThere) return enrolment;
        await memory.keep('enrolment', enrolment);
        const { timestart: start, timeend: end } = enrolment;
        try {
          await writeEnrolment(client, enrolment, { start, end }, false, ctx.line);
        } catch (error) {
          if (hasCode(error, 'MOODLE_INVALID')) throw courseUnknown(client.settings, String(input.course), ctx.line);
          if (!hasCode(error, 'MOODLE_WRITE_FAILED') || !isGiven(enrolment.before, await standingOf(client, enrolment)))
            throw error;
        }
        if (enrolment.before === 'active') await memory.keep('written', true);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      if (!enrolment) return undefined;
      return (await standingOf(createClient(ctx), enrolment)) === 'absent' ? undefined : enrolment;
    }),

  revoke: (result, _input, ctx) =>
    attempt(ctx, (memory) => {
      const client = createClient(ctx);
      return alone(client, result, () => takeBack(client, result, memory, ctx));
    }),

  suspend: (result, _input, ctx) =>
    attempt(ctx, (memory) => {
      const client = createClient(ctx);
      return alone(client, result, () => close(client, result, memory, ctx));
    }),

  resume: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (!result.isOurs) return;
      const client = createClient(ctx);
      await alone(client, result, async () => {
        if ((await standingOf(client, result)) === 'active') return;
        await writeEnrolment(client, result, { start: result.timestart, end: result.timeend }, false, ctx.line);
      });
    }),

  renew: (result, _input, ctx) =>
    attempt(ctx, async (memory) => {
      const timeend = secondsOf(ctx.until);
      if (!result.isOurs || result.timeend === 0 || result.timeend === timeend) return result;
      const client = createClient(ctx);
      await alone(client, result, async () => {
        if (memory.recall('renewed') === timeend) return;
        await writeEnrolment(client, result, { start: result.timestart, end: timeend }, false, ctx.line);
        await memory.keep('renewed', timeend);
      });
      return { ...result, timeend, end: lastDay(timeend, client.settings.timeZone) };
    }),

  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});
