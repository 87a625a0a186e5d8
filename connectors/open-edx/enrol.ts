import { defineAction, giveUp, type ActionContext } from 'handover/contract';
import { accountFor } from './account.ts';
import { createClient, type Client } from './client.ts';
import { courseFor } from './course.ts';
import { alone, close, open, standingOf, type Enrolment, type Standing } from './enrolment.ts';
import { attempt } from './memory.ts';
import type { OpenEdxOptions } from './options.ts';

export interface EnrolInput {
  readonly course: string;
  readonly mode?: string;
}

type Context = ActionContext<OpenEdxOptions>;

/**
 * Enrols the learner in a course run. Open edX keeps one enrolment per user and run and takes a repeat for the same; dates it
 * has none. What there was before, such as a free mode, is what a refund gives back.
 */
export const enrol = defineAction<EnrolInput, Enrolment, OpenEdxOptions>({
  summary: 'Enrol the learner in a course run',
  repeats: 'set',
  units: 'perLine',
  resource: ({ course }) => `course ${course}`,
  input: {
    type: 'object',
    required: ['course'],
    additionalProperties: false,
    properties: {
      course: { type: 'string', description: 'The id of the course run.', examples: ['course-v1:Example+TS101+2026'] },
      mode: {
        type: 'string',
        description: "The mode of the enrolment, where it is not the account's `mode`.",
        examples: ['verified'],
      },
    },
  },
  output: {
    courseUrl: { description: "The course's page. Open edX has no sign-in links: the learner signs in there." },
    courseName: { description: "The course's name in Open edX." },
    courseId: { description: 'The id of the course run.' },
    username: { description: "The learner's user name in Open edX." },
    mode: { description: 'The mode of the enrolment.' },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const mode = input.mode ?? client.settings.mode;
      const course = await courseFor(client, input.course, ctx.line);
      if (course.modes.length > 0 && !course.modes.includes(mode)) throw modeUnknown(course.id, mode, course.modes, ctx);
      const seat = { username: await accountFor(client, ctx), courseId: course.id };
      return alone(client, seat, async () => {
        const there = await standingOf(client, seat);
        const isThere = there?.isActive === true && there.mode === mode;
        const formerMode = there?.isActive === true ? there.mode : '';
        const isShared = formerMode !== '' && ctx.alsoGivenBy.length > 0;
        const kept = memory.recall('enrolment') as Enrolment | undefined;
        const isKept = kept?.username === seat.username && kept.courseId === seat.courseId;
        const names = { courseName: course.name, courseUrl: course.url };
        const planned = isKept ? kept : { ...seat, ...names, mode, isOurs: !isThere, isShared, formerMode };
        if (isThere) return planned;
        const enrolment = { ...planned, isOurs: true };
        await memory.keep('enrolment', enrolment);
        await open(client, seat, mode);
        return enrolment;
      });
    }),

  /** What an earlier attempt of this step left behind. Without its memory nothing was written: that comes first. */
  find: (_input, ctx) =>
    attempt(ctx, async (memory) => {
      const kept = memory.recall('enrolment') as Enrolment | undefined;
      const there = kept && (await standingOf(createClient(ctx), kept));
      return there?.isActive === true && there.mode === kept?.mode ? kept : undefined;
    }),

  revoke: (result, _input, ctx) =>
    change(result, ctx, async (client, there) => {
      if (result.isShared || !there) return;
      if (result.formerMode === '' && there.isActive) await close(client, result);
      const isFormer = there.isActive && there.mode === result.formerMode;
      if (result.formerMode !== '' && !isFormer) await open(client, result, result.formerMode);
    }),

  suspend: (result, _input, ctx) =>
    change(result, ctx, async (client, there) => {
      if (there?.isActive === true) await close(client, result);
    }),

  resume: (result, _input, ctx) =>
    change(result, ctx, async (client, there) => {
      if (there?.isActive !== true || there.mode !== result.mode) await open(client, result, result.mode);
    }),
});

/** Works on the enrolment as it is now. What was not given is left alone. */
async function change(
  result: Enrolment,
  ctx: Context,
  work: (client: Client, there: Standing | undefined) => Promise<void>,
): Promise<void> {
  if (!result.isOurs) return;
  await attempt(ctx, async () => {
    const client = createClient(ctx);
    await alone(client, result, async () => work(client, await standingOf(client, result)));
  });
}

function modeUnknown(course: string, mode: string, modes: readonly string[], { line }: Context): Error {
  return giveUp('EDX_MODE_UNKNOWN', `Course ${course} does not offer the mode "${mode}", which SKU ${line.sku ?? '?'} gives.`, {
    hint: `It offers: ${modes.join(', ')}. Correct "with.mode", the option "mode", or the course; then retry the step.`,
  });
}
