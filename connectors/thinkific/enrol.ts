import { defineAction, giveUp, type ActionContext } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { courseFor } from './course.ts';
import { alone, create, justNow, lastsAsLong, setEnd, standingOf, type Enrolment } from './enrolment.ts';
import { attempt } from './memory.ts';
import type { ThinkificOptions } from './options.ts';
import { signInLink } from './sign-in-link.ts';

export interface EnrolInput {
  readonly course: number | string;
}

type Context = ActionContext<ThinkificOptions>;

/**
 * Enrols the learner until the purchase's end. Thinkific keeps one enrolment per user and course, which is read first: access
 * that lasts as long already is left alone, shorter access is made longer, and its former end is what a refund gives back.
 */
export const enrol = defineAction<EnrolInput, Enrolment, ThinkificOptions>({
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
        description: 'The number of the course, as in the address of its page in the administration.',
        examples: [125],
      },
    },
  },
  output: {
    loginUrl: {
      description: 'Signs the learner in at the click and opens the course, or just opens it; see `signIn`.',
      link: true,
    },
    courseUrl: { description: "The course's address." },
    courseName: { description: "The course's name in Thinkific." },
    courseId: { description: "The course's number in Thinkific." },
    userId: { description: "The learner's number in Thinkific." },
    end: { description: 'Last day of access, as 2027-03-01. Empty when access has no end.' },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const until = endFor(ctx);
      const course = await courseFor(client, input.course, ctx.line);
      const account = await accountFor(client, memory, ctx);
      const seat = { userId: account.id, courseId: course.id };
      return alone(client, seat, async () => {
        const there = await standingOf(client, seat);
        const kept = memory.recall('enrolment') as Enrolment | undefined;
        const isKept = kept?.userId === seat.userId && kept.courseId === seat.courseId;
        const isEnough = there !== undefined && !there.isTrial && lastsAsLong(there.until, until);
        const formerUntil = there && !there.isTrial ? there.until : '';
        const isShared = formerUntil !== '' && ctx.alsoGivenBy.length > 0;
        const names = { courseName: course.name, courseUrl: course.url };
        const planned: Enrolment = isKept
          ? { ...kept, enrolmentId: there?.id ?? 0 }
          : {
              ...seat,
              ...names,
              ...endOf(until),
              enrolmentId: there?.id ?? 0,
              isNewAccount: account.isNew,
              isOurs: !isEnough,
              formerUntil,
              isShared,
            };
        if (isEnough) return planned;
        const enrolment = { ...planned, isOurs: true };
        await memory.keep('enrolment', enrolment);
        if (!there) return { ...enrolment, enrolmentId: await create(client, seat, ctx.since, until) };
        await setEnd(client, there.id, until, { must: true, ...(there.isTrial && { activatedAt: ctx.since }) });
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const enrolment = memory.recall('enrolment') as Enrolment | undefined;
      const there = enrolment && (await standingOf(createClient(ctx), enrolment));
      return there && !there.isTrial && lastsAsLong(there.until, enrolment.until)
        ? { ...enrolment, enrolmentId: there.id }
        : undefined;
    }),

  /** There is no delete: access ends now, or when it ended before. */
  async revoke(result, _input, ctx) {
    if (!result.isShared) await change(result, ctx, (client) => result.formerUntil || justNow(client));
  },

  suspend: (result, _input, ctx) => change(result, ctx, justNow),

  resume: (result, _input, ctx) => change(result, ctx, () => result.until),

  async renew(result, _input, ctx) {
    const until = ctx.until.toISOString();
    if (!result.isOurs) return result;
    await change(result, ctx, () => until);
    return { ...result, ...endOf(until) };
  },

  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});

async function change(result: Enrolment, ctx: Context, until: (client: Client) => string): Promise<void> {
  if (!result.isOurs) return;
  await attempt(ctx, async () => {
    const client = createClient(ctx);
    await alone(client, result, () => setEnd(client, result.enrolmentId, until(client)));
  });
}

function endOf(until: string): Pick<Enrolment, 'until' | 'end'> {
  return { until, end: until === '' ? '' : new Date(Date.parse(until) - 1).toISOString().slice(0, 10) };
}

function endFor({ until, now, line }: Context): string {
  if (!until || until > now()) return until?.toISOString() ?? '';
  throw giveUp(
    'THINKIFIC_TERM_OVER',
    `The access that SKU ${line.sku ?? '?'} gives ended on ${until.toISOString().slice(0, 10)}.`,
    {
      hint: 'Set a longer "access" in the product file, enrol by hand, or refund the buyer.',
    },
  );
}
