import { defineAction, giveUp, type ActionContext } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { courseFor } from './course.ts';
import { alone, end, lastsAsLong, reactivate, standingsOf, write, type Enrolment, type Standing } from './enrolment.ts';
import { attempt } from './memory.ts';
import type { CanvasOptions } from './options.ts';
import { takeBack } from './take-back.ts';

export interface EnrolInput {
  readonly course: number | string;
}

/** What Canvas calls the enrolment is known only afterwards. */
type Planned = Omit<Enrolment, 'enrolmentId'>;
type Context = ActionContext<CanvasOptions>;

/**
 * Enrols the learner as a student until the purchase's end. Canvas makes a repeat a change of the enrolment that is there, so it
 * is read first: access that lasts as long already is left alone, and what there was before is what a refund gives back.
 */
export const enrol = defineAction<EnrolInput, Enrolment, CanvasOptions>({
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
        description: 'The course: the number in its address, unless `courseBy` says otherwise.',
        examples: [1234],
      },
    },
  },
  output: {
    courseUrl: { description: "The course's page. Canvas has no sign-in links: the learner signs in there." },
    courseName: { description: "The course's name in Canvas." },
    courseId: { description: "The course's number in Canvas." },
    userId: { description: "The learner's number in Canvas." },
    end: { description: 'Last day of access, as 2027-03-01. Empty when access has no end of its own.' },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const dates = datesFor(ctx);
      const course = await courseFor(client, input.course, ctx.line);
      const seat = { userId: await accountFor(client, ctx), courseId: course.id };
      return alone(client, seat, async () => {
        const there = await standingsOf(client, seat);
        const enough = there.find(({ state, until }) => state === 'active' && lastsAsLong(until, dates.until));
        const kept = memory.recall('enrolment') as Planned | undefined;
        const isKept = kept?.userId === seat.userId && kept.courseId === seat.courseId;
        const isShared = there.some(({ state }) => state === 'active') && ctx.alsoGivenBy.length > 0;
        const names = { courseName: course.name, courseUrl: course.url };
        const planned: Planned = isKept ? kept : { ...seat, ...names, ...dates, isOurs: !enough, isShared, before: there };
        if (enough) return { ...planned, enrolmentId: enough.id };
        await memory.keep('enrolment', { ...planned, isOurs: true });
        const paused = there.find(({ state }) => state === 'inactive');
        if (paused) await reactivate(client, seat, paused.id);
        const made = await write(client, seat, { ...dates, hadEnd: there.some(({ until }) => until !== '') });
        return { ...planned, isOurs: true, enrolmentId: made.id };
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const kept = memory.recall('enrolment') as Planned | undefined;
      if (!kept) return undefined;
      const there = await standingsOf(createClient(ctx), kept);
      const given = there.find(({ state, until }) => state === 'active' && lastsAsLong(until, kept.until));
      return given && { ...kept, enrolmentId: given.id };
    }),

  revoke: (result, _input, ctx) => change(result, ctx, (client, ours) => takeBack(client, result, ours)),

  suspend: (result, _input, ctx) =>
    change(result, ctx, async (client, ours) => {
      if (ours?.state === 'active') await end(client, result, ours.id, 'deactivate');
    }),

  resume: (result, _input, ctx) =>
    change(result, ctx, async (client, ours) => {
      if (ours?.state === 'inactive') await reactivate(client, result, ours.id);
      else if (ours?.state !== 'active') throw gone(result, ctx);
    }),

  async renew(result, _input, ctx) {
    const until = ctx.until.toISOString();
    if (!result.isOurs) return result;
    await change(result, ctx, async (client, ours) => {
      await write(client, result, { from: result.from, until, hadEnd: (ours?.until ?? '') !== '' });
    });
    return { ...result, until, end: lastDay(until) };
  },
});

/** Works on the enrolment that was given, as it is now. What was not given is left alone. */
async function change(
  result: Enrolment,
  ctx: Context,
  work: (client: Client, ours: Standing | undefined) => Promise<void>,
): Promise<void> {
  if (!result.isOurs) return;
  await attempt(ctx, async () => {
    const client = createClient(ctx);
    await alone(client, result, async () => {
      const there = await standingsOf(client, result);
      await work(
        client,
        there.find(({ id }) => id === result.enrolmentId),
      );
    });
  });
}

function gone({ userId, courseId }: Enrolment, { line }: Context): Error {
  return giveUp(
    'CANVAS_ENROLMENT_GONE',
    `The enrolment of user ${userId} in course ${courseId}, from SKU ${line.sku ?? '?'}, is over or gone.`,
    {
      hint: 'Enrol the learner by hand, then mark the step done.',
    },
  );
}

/** From a few minutes before the purchase, since clocks differ. The same on every attempt. */
function datesFor({ since, until, now, line }: Context): Pick<Enrolment, 'from' | 'until' | 'end'> {
  const from = new Date(since.getTime() - 300_000).toISOString();
  if (!until) return { from, until: '', end: '' };
  if (until > now()) return { from, until: until.toISOString(), end: lastDay(until.toISOString()) };
  throw giveUp('CANVAS_TERM_OVER', `The access that SKU ${line.sku ?? '?'} gives ended on ${until.toISOString().slice(0, 10)}.`, {
    hint: 'Set a longer "access" in the product file, enrol by hand, or refund the buyer.',
  });
}

function lastDay(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString().slice(0, 10);
}
