import { type ActionContext, giveUp, type Memory } from 'handover/contract';
import type { Client } from './client.ts';
import { standingOf, unenrol, writeEnrolment, type Enrolment, type Standing } from './enrolment.ts';
import type { MoodleOptions } from './options.ts';
import { hasCode } from './problems.ts';
import { secondsOf } from './term.ts';

type Context = Pick<ActionContext<MoodleOptions>, 'line' | 'now'>;

/**
 * Takes back what `enrolment` gave and no more. An enrolment that was suspended or over before stays as a suspended one, so
 * that its progress stays as well. Former access that was active cannot be given back, as Moodle tells no dates: a person decides.
 */
export async function takeBack(client: Client, enrolment: Enrolment, memory: Memory, ctx: Context): Promise<void> {
  if (!enrolment.isOurs || enrolment.isShared) return;
  const { endBy } = client.settings;
  if (endBy !== 'unenrol' || enrolment.before === 'listed') {
    await close(client, enrolment, memory, ctx, endBy === 'window' ? 'window' : 'suspend');
    return;
  }
  await unlessGone(client, enrolment, async () => {
    const isCertain = enrolment.before !== 'active' && !isOver(enrolment, ctx);
    if (!isCertain && !(await mayEnd(client, enrolment, ctx))) return;
    await unenrol(client, enrolment);
  });
}

/** Ends access and keeps the enrolment. A second attempt that finds it closed writes nothing, so nobody is mailed again. */
export async function close(
  client: Client,
  enrolment: Enrolment,
  memory: Memory,
  ctx: Context,
  by: 'suspend' | 'window' = 'suspend',
): Promise<void> {
  if (!enrolment.isOurs) return;
  await unlessGone(client, enrolment, async () => {
    if (memory.recall('closed') === true) return;
    const standing = await standingOf(client, enrolment, 'thorough');
    if (standing === 'absent' || (standing === 'listed' && memory.recall('closing') === true)) return;
    refuseIfForeign(enrolment, standing, ctx);
    if (standing === 'active') await memory.keep('closing', true);
    const { timestart: start, timeend } = enrolment;
    const justNow = secondsOf(ctx.now()) - client.settings.startEarlySeconds;
    const window = { start, end: by === 'window' ? justNow : timeend };
    await writeEnrolment(client, enrolment, window, by === 'suspend', ctx.line);
    await memory.keep('closed', true);
  });
}

async function mayEnd(client: Client, enrolment: Enrolment, ctx: Context): Promise<boolean> {
  const standing = await standingOf(client, enrolment, 'thorough');
  if (standing !== 'absent') refuseIfForeign(enrolment, standing, ctx);
  return standing !== 'absent';
}

/** Access that was there before ours, or that lasts longer than ours, is somebody else's doing. */
function refuseIfForeign(enrolment: Enrolment, standing: Standing, ctx: Context): void {
  const { userId, courseId, end, before, isShared } = enrolment;
  const sku = ctx.line.sku ?? '?';
  if (before === 'active' && !isShared) {
    throw giveUp('MOODLE_FORMER_ACCESS', `User ${userId} had access to course ${courseId} before SKU ${sku} was bought.`, {
      hint: 'Set the former dates in Moodle, or unenrol the learner there, then mark the step done.',
    });
  }
  if (standing === 'active' && isOver(enrolment, ctx)) {
    throw giveUp(
      'MOODLE_ACCESS_CHANGED',
      `User ${userId} still has access to course ${courseId}; SKU ${sku} gave it until ${end}.`,
      {
        hint: 'Another purchase or a teacher made it longer. Change it in Moodle as you see fit, then mark the step done.',
      },
    );
  }
}

/** The hour makes up for clocks that differ. */
function isOver({ timeend }: Enrolment, { now }: Context): boolean {
  return timeend !== 0 && secondsOf(now()) > timeend + 3600;
}

/** Where the course or the user is gone, so is the enrolment. Whether it is, is looked up, not taken from the refusal. */
async function unlessGone(client: Client, { userId, courseId }: Enrolment, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasCode(error, 'MOODLE_NOT_FOUND', 'MOODLE_INVALID', 'MOODLE_USER_GONE')) throw error;
    if (!(await isThere(client, userId, courseId))) return;
    throw error;
  }
}

async function isThere(client: Client, userId: number, courseId: number): Promise<boolean> {
  const courses = await client.rowsIn('core_course_get_courses_by_field', 'courses', {
    what: `look whether course ${courseId} is there`,
    writes: false,
    parameters: { field: 'id', value: courseId },
  });
  if (courses.length === 0) return false;
  const users = await client.rows('core_user_get_users_by_field', {
    what: `look whether user ${userId} is there`,
    writes: false,
    parameters: { field: 'id', values: [userId] },
  });
  return users.length > 0;
}
