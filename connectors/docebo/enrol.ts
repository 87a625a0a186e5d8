import { defineAction, giveUp, type ActionContext } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { courseNameFor } from './course.ts';
import { endOf, isOver } from './end.ts';
import { alone, putIn, setEnd, standingOf, takeOut, type Standing } from './enrolment.ts';
import { attempt } from './memory.ts';
import { ifEnrolledSchema, type DoceboOptions, type IfEnrolled } from './options.ts';

export interface EnrolInput {
  readonly course: string | number;
  readonly ifEnrolled?: IfEnrolled;
}

/** What `enrol` returns. All of it is kept; what texts may use stands in the action's `output`. */
export type Enrolment = {
  readonly userId: number;
  readonly courseId: number;
  readonly courseName: string;
  readonly courseUrl: string;
  /** The end as it was sent. Empty: none. */
  readonly end: string;
  /** The end of an enrolment that was over before: it comes back when ours is taken back, so that progress stays. */
  readonly formerEnd?: string;
  /** False where the learner was in the course and it was left at that: nothing is ours to take back. */
  readonly isOurs: boolean;
  /** The learner was in by another purchase of ours: taking that one back ends it. */
  readonly isShared?: boolean;
};

type Context = ActionContext<DoceboOptions>;

/** Enrols the learner until the purchase ends. A line is one enrolment, whatever its quantity. */
export const enrol = defineAction<EnrolInput, Enrolment, DoceboOptions>({
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
        description: "The course's number: it stands in the address of its page.",
        examples: [42],
      },
      ifEnrolled: ifEnrolledSchema,
    },
  },
  output: {
    courseUrl: { description: "The course's page. It signs nobody in by itself." },
    courseName: { description: "The course's name." },
    courseId: { description: "The course's number." },
    userId: { description: "The learner's number in Docebo." },
    end: { description: 'The end of access as Docebo has it, such as 2026-12-31. Empty when access has no end.' },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const courseName = await courseNameFor(client, String(input.course), ctx.line);
      const seat = { userId: await accountFor(client, ctx), courseId: Number(input.course) };
      return alone(client, seat, async () => {
        const kept = memory.recall('enrolment') as Enrolment | undefined;
        const mine = kept?.userId === seat.userId && kept.courseId === seat.courseId ? kept : undefined;
        const standing = await standingOf(client, seat);
        const enrolment = mine ?? { ...seat, courseName, ...plan(input, client, seat.courseId, standing, ctx) };
        if (!mine) await memory.keep('enrolment', enrolment);
        if (!enrolment.isOurs) return enrolment;
        if (!standing) await putIn(client, seat, enrolment.end);
        else if (enrolment.end !== '' && standing.end.slice(0, 10) !== enrolment.end.slice(0, 10))
          await setEnd(client, seat, enrolment.end);
        if ((await standingOf(client, seat))?.isWaiting === true) throw waiting(seat.courseId, ctx);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      return enrolment && (await standingOf(createClient(ctx), enrolment)) ? enrolment : undefined;
    }),

  revoke: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (!result.isOurs || result.isShared) return;
      const client = createClient(ctx);
      await alone(client, result, async () => {
        if (result.formerEnd === undefined) await takeOut(client, result);
        else if (await standingOf(client, result)) await setEnd(client, result, result.formerEnd);
      });
    }),

  renew: (result, _input, ctx) =>
    attempt(ctx, async () => {
      const client = createClient(ctx);
      const end = endOf(ctx.until, client.settings);
      if (!result.isOurs || result.end === '' || result.end === end) return result;
      await alone(client, result, () => setEnd(client, result, end));
      return { ...result, end };
    }),
});

/** What is to be done, seen from what is there: nobody, somebody whose access is over, somebody who is in. */
function plan(
  input: EnrolInput,
  { settings }: Client,
  courseId: number,
  standing: Standing | undefined,
  { alsoGivenBy, until, now, line }: Context,
): Pick<Enrolment, 'courseUrl' | 'end' | 'formerEnd' | 'isOurs' | 'isShared'> {
  const courseUrl = settings.baseUrl + settings.coursePath.replaceAll('{id}', String(courseId));
  const end = until ? endOf(until, settings) : '';
  if (until && until <= now()) {
    throw giveUp('DOCEBO_TERM_OVER', `The access that SKU ${line.sku ?? '?'} gives ended on ${end}.`, {
      hint: 'Enrol the learner by hand, or refund the buyer.',
    });
  }
  if (!standing) return { courseUrl, end, isOurs: true };
  const isEnded = isOver(standing.end, now(), settings);
  if (end === '' && standing.end !== '' && (isEnded || alsoGivenBy.length > 0)) {
    throw giveUp(
      'DOCEBO_END_STAYS',
      `The learner's access to course ${courseId} ends on ${standing.end}; SKU ${line.sku ?? '?'} gives it without an end.`,
      { hint: 'Take the end off the enrolment in Docebo, then mark the step done: how to do that by the API is not documented.' },
    );
  }
  if (isEnded) return { courseUrl, end, formerEnd: standing.end, isOurs: true };
  if (alsoGivenBy.length > 0) return { courseUrl, end: laterOf(end, standing.end), isOurs: true, isShared: true };
  if ((input.ifEnrolled ?? settings.ifEnrolled) === 'keep') return { courseUrl, end: standing.end, isOurs: false };
  throw giveUp('DOCEBO_HAS_ACCESS', `The learner is in course ${courseId} already, and now bought SKU ${line.sku ?? '?'}.`, {
    hint: 'Set the end in Docebo as it should be, then mark the step done; or refund the buyer.',
  });
}

/** No end is later than any. */
function laterOf(one: string, other: string): string {
  if (one === '' || other === '') return '';
  return one.slice(0, 10) >= other.slice(0, 10) ? one : other;
}

function waiting(courseId: number, { line }: Context): Error {
  return giveUp('DOCEBO_WAITING', `Docebo put the learner of SKU ${line.sku ?? '?'} on the waiting list of course ${courseId}.`, {
    hint: 'Confirm the enrolment in Docebo, then retry the step.',
  });
}
