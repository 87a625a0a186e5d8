import { type ActionContext, defineAction, giveUp, type Memory, oneAtATime, tryLater } from 'handover/contract';
import { accountFor } from './account.ts';
import { accountInput, type AccountInput } from './account-fields.ts';
import { createClient, idOf, textOf, type Client } from './client.ts';
import { courseFor, type Course } from './course.ts';
import { attempt } from './memory.ts';
import type { MoodleOptions } from './options.ts';
import { hasCode } from './problems.ts';
import { signInLink } from './sign-in-link.ts';

interface AddToGroupInput extends AccountInput {
  readonly course: string | number;
  readonly group: string | number;
}

/** What joining a group returns. */
export type GroupSeat = {
  readonly userId: number;
  readonly username: string;
  readonly groupId: number;
  readonly groupName: string;
  readonly courseUrl: string;
  readonly isNewAccount: boolean;
  /** The learner was in before, so there is nothing of ours to take back. */
  readonly wasIn: boolean;
};

type Context = ActionContext<MoodleOptions>;

/**
 * Makes the learner a member of a group of a course. Only who is enrolled can be: a grant of `enrol` in the same order may
 * still be under way, so that is met a few times. Adding a member again changes nothing, and is not told.
 */
export const addToGroup = defineAction<AddToGroupInput, GroupSeat, MoodleOptions>({
  summary: 'Make the learner a member of a group in a course',
  repeats: 'set',
  units: 'perLine',
  resource: ({ course, group }) => `group ${group} of course ${course}`,
  input: {
    type: 'object',
    required: ['course', 'group'],
    additionalProperties: false,
    properties: {
      course: {
        type: ['string', 'integer'],
        description: 'The course: its "Course ID number" in Moodle, unless `courseBy` says otherwise.',
        examples: ['TS-101'],
      },
      group: {
        type: ['string', 'integer'],
        description: 'The group: its "Group ID number" in Moodle, unless `groupBy` says otherwise.',
        examples: ['spring-2026'],
      },
      ...accountInput,
    },
  },
  output: {
    loginUrl: {
      description: 'Signs the learner in at the click and opens the course, or just opens it; see `signIn`.',
      link: true,
    },
    courseUrl: { description: "The course's page." },
    groupName: { description: "The group's name in Moodle." },
    userId: { description: "The learner's number in Moodle." },
    username: {
      description: "The learner's user name. Empty for an account that was there before, unless we may see user names.",
    },
  },

  grant: (input, ctx) =>
    attempt(ctx, async (memory) => {
      const client = createClient(ctx);
      const course = await courseFor(client, String(input.course), ctx.line);
      const group = await groupFor(client, course, String(input.group), ctx);
      const account = await accountFor(client, input, memory, ctx);
      return alone(client, group.id, account.id, async () => {
        const last = keptSeat(memory);
        const kept = last?.userId === account.id && last.groupId === group.id ? last : undefined;
        const isIn = kept ? undefined : await isMember(client, group.id, account.id);
        const seat: GroupSeat = kept ?? {
          userId: account.id,
          username: account.username,
          groupId: group.id,
          groupName: group.name,
          courseUrl: course.url,
          isNewAccount: account.isNew,
          wasIn: isIn === true,
        };
        if (isIn === true) return seat;
        await memory.keep('seat', seat);
        await join(client, seat, ctx);
        return seat;
      });
    }),

  /** What an earlier attempt of this step may have left behind; taking it back twice changes nothing. */
  find: (_input, ctx) => attempt(ctx, async (memory) => keptSeat(memory)),

  revoke: (result, _input, ctx) => attempt(ctx, () => leave(result, ctx)),
  suspend: (result, _input, ctx) => attempt(ctx, () => leave(result, ctx)),
  resume: (result, _input, ctx) =>
    attempt(ctx, async () => {
      if (result.wasIn) return;
      const client = createClient(ctx);
      await alone(client, result.groupId, result.userId, () => join(client, result, ctx));
    }),
  renew: (result) => Promise.resolve(result),
  link: (result, _input, ctx) => signInLink(createClient(ctx), result, ctx),
});

function keptSeat(memory: Memory): GroupSeat | undefined {
  return memory.recall('seat') as GroupSeat | undefined;
}

function alone<T>({ settings }: Client, groupId: number, userId: number, work: () => Promise<T>): Promise<T> {
  return oneAtATime(`${settings.baseUrl} group ${groupId} user ${userId}`, work);
}

export async function findGroup(
  client: Client,
  course: Pick<Course, 'id'>,
  group: string,
): Promise<{ id: number; name: string } | undefined> {
  const rows = await client.rows('core_group_get_course_groups', {
    what: `list the groups of course ${course.id}`,
    writes: false,
    parameters: { courseid: course.id },
  });
  const found = rows.filter((row) => textOf(row[client.settings.groupBy]) === group);
  return found[0] && { id: idOf(found[0]), name: textOf(found[0]['name']) };
}

async function groupFor(
  client: Client,
  course: Course,
  group: string,
  { line }: Pick<Context, 'line'>,
): Promise<{ id: number; name: string }> {
  const found = group.trim() === '' ? undefined : await findGroup(client, course, group);
  if (found) return found;
  const by = { idnumber: 'id number', name: 'name', id: 'number' }[client.settings.groupBy];
  throw giveUp(
    'MOODLE_GROUP_UNKNOWN',
    `Course ${course.id} has no group with the ${by} "${group}", which SKU ${line.sku ?? '?'} names.`,
    {
      hint: 'Correct "with.group" in the product file, or the group in Moodle; then retry the step.',
    },
  );
}

/** Where members may not be listed, nobody counts as one: a refund then removes the learner in any case. */
async function isMember(client: Client, groupId: number, userId: number): Promise<boolean> {
  try {
    const rows = await client.rows('core_group_get_group_members', {
      what: `list the members of group ${groupId}`,
      writes: false,
      parameters: { groupids: [groupId] },
    });
    return rows.some(({ userids }) => Array.isArray(userids) && userids.map(Number).includes(userId));
  } catch (error) {
    if (hasCode(error, 'MOODLE_ACCESS_DENIED')) return false;
    throw error;
  }
}

async function join(client: Client, { groupId, userId }: GroupSeat, { line }: Pick<Context, 'line'>): Promise<void> {
  const notEnrolled = () =>
    tryLater('MOODLE_NOT_ENROLLED', `User ${userId} is not enrolled in the course whose group SKU ${line.sku ?? '?'} gives.`, {
      hint: 'Give the course in the same product, by moodle.enrol; then retry the step.',
    });
  await client.done('core_group_add_group_members', {
    what: `add user ${userId} to group ${groupId}`,
    writes: true,
    parameters: { members: [{ groupid: groupId, userid: userId }] },
    means: { invalidparameter: notEnrolled },
  });
}

async function leave({ groupId, userId, wasIn }: GroupSeat, ctx: Context): Promise<void> {
  if (wasIn) return;
  const client = createClient(ctx);
  await alone(client, groupId, userId, async () => {
    try {
      await client.done('core_group_delete_group_members', {
        what: `remove user ${userId} from group ${groupId}`,
        writes: true,
        parameters: { members: [{ groupid: groupId, userid: userId }] },
      });
    } catch (error) {
      if (!hasCode(error, 'MOODLE_NOT_FOUND')) throw error;
    }
  });
}
