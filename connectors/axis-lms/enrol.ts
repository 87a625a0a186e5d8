import { defineAction, type ActionContext } from 'handover/contract';
import { accountFor, findAccount, outlast } from './account.ts';
import { courseFor } from './course.ts';
import { enrolInput, type EnrolInput } from './enrol-input.ts';
import { alone, givenBy, presentOf, setWindow, type Enrolment } from './enrolment.ts';
import { attempt } from './memory.ts';
import { settingsOf, type AxisOptions } from './options.ts';
import { findGiven, firstDay, planEnrolment } from './plan-enrolment.ts';
import type { AxisApi, Connect } from './port.ts';
import { signInLink } from './sign-in-link.ts';
import { closedWindow, disenrol, takeBack } from './take-back.ts';
import { asWindow, dayIn, endOf, endsLater, isSameWindow, type AccessWindow, type Term } from './window.ts';

/**
 * Enrols the learner. A repeated enrolment with the same dates changes nothing at the other side, so a second attempt is
 * safe: the dates are computed once, kept, and sent again as they were. A line is one enrolment, whatever its quantity.
 */
export function enrolAction(connect: Connect) {
  return defineAction<EnrolInput, Enrolment, AxisOptions>({
    summary: 'Enrol the learner in a course',
    repeats: 'set',
    units: 'perLine',
    input: enrolInput,
    output: {
      loginUrl: { description: 'Signs the learner in at the click, or leads to the sign-in page; see `signIn`.', link: true },
      portalUrl: { description: 'Where learners sign in by themselves.' },
      username: { description: "The learner's user name in Axis." },
      courseName: { description: "The course's name in Axis." },
      courseId: { description: "The course's number in Axis; its name on the Legacy API." },
      userId: { description: "The learner's number in Axis; the user name on the Legacy API." },
      start: { description: 'First day of access, as 2026-03-01.' },
      end: { description: 'Last day of access, as 2027-03-01. Empty when access has no end.' },
    },

    resource: (input) => `course ${input.course}`,

    grant: (asked, ctx) =>
      attempt(ctx, async (memory) => {
        const api = connect(ctx);
        const settings = settingsOf(ctx.options);
        const input = withEnd(asked, ctx, settings.timeZone);
        const start = firstDay(input, api, ctx);
        const course = await courseFor(api, String(input.course), ctx.line);
        const account = await accountFor(api, input, endOf(start, input) ?? settings.openEnd, memory, ctx);
        return alone({ userId: account.id, courseId: course.id }, ctx, async () => {
          const { plan, isOnFile } = await planEnrolment(api, input, { course, account }, memory, ctx);
          if (isOnFile) return plan.enrolment;
          await memory.keep('plan', plan);
          await outlast(api, account, plan.window.end ?? settings.openEnd, settings);
          await setWindow(api, plan.enrolment, plan.window, ctx, plan.enrolment.before === 'absent');
          return plan.enrolment;
        });
      }),

    find: (input, ctx) =>
      attempt(ctx, async (memory) => {
        const api = connect(ctx);
        const course = await api.findCourse(String(input.course));
        const account = course && (await findAccount(api, input, memory, ctx));
        return account && findGiven(api, input, { course, account }, memory, ctx);
      }),

    revoke: (result, _input, ctx) =>
      attempt(ctx, async (memory) => {
        const api = connect(ctx);
        await alone(result, ctx, () =>
          takeBack(api, result, ctx, async (present) => {
            const { window, isClosed, movesStart } = closedWindow(result, present, ctx);
            if (settingsOf(ctx.options).endBy === 'delete' || (movesStart && !isClosed)) return disenrol(api, result, memory);
            if (!isClosed) await setWindow(api, result, window, ctx);
          }),
        );
      }),

    suspend: (result, _input, ctx) =>
      attempt(ctx, async () => {
        const api = connect(ctx);
        await alone(result, ctx, () =>
          takeBack(api, result, ctx, async (present) => {
            const { window, isClosed } = closedWindow(result, present, ctx);
            if (!isClosed) await setWindow(api, result, window, ctx);
          }),
        );
      }),

    resume: (result, _input, ctx) => attempt(ctx, () => giveWindow(connect(ctx), result, givenBy(result), ctx)),

    renew: (result, _input, ctx) =>
      attempt(ctx, async () => {
        if (result.end === '') return result;
        const until = dayIn(settingsOf(ctx.options).timeZone, ctx.until);
        await giveWindow(connect(ctx), result, asWindow(result.start, until), ctx);
        return { ...result, end: until };
      }),

    link: (result, _input, ctx) => signInLink(connect(ctx), result, ctx),
  });
}

/** Where the product file sets no term, access ends when the purchase says so. */
function withEnd<Input extends Term>(input: Input, { until }: Pick<ActionContext, 'until'>, timeZone: string): Input {
  const hasTerm = input.days !== undefined || input.months !== undefined || input.until !== undefined;
  return until === undefined || hasTerm ? input : { ...input, until: dayIn(timeZone, until) };
}

/** Gives an enrolment of ours these dates. Access that lasts longer than ours did is left as it is. */
async function giveWindow(
  api: AxisApi,
  enrolment: Enrolment,
  window: AccessWindow,
  ctx: ActionContext<AxisOptions>,
): Promise<void> {
  const { openEnd } = settingsOf(ctx.options);
  await alone(enrolment, ctx, async () => {
    const present = await presentOf(api, enrolment);
    if (typeof present === 'object') {
      const isForeign = endsLater(present, givenBy(enrolment), openEnd) && endsLater(present, window, openEnd);
      if (isForeign || isSameWindow(present, window, openEnd)) return;
    }
    const isToBeLifted = typeof present === 'object' && present.end !== undefined;
    await setWindow(api, enrolment, asWindow(window.start, window.end ?? (isToBeLifted ? openEnd : undefined)), ctx);
  });
}
