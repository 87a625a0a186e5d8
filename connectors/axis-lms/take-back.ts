import { giveUp, type Memory } from 'handover/contract';
import { givenBy, presentOf, setWindow, type Enrolment, type EnrolmentContext } from './enrolment.ts';
import { settingsOf } from './options.ts';
import type { AxisApi, Enrolled } from './port.ts';
import { isRefusal, isUnknown } from './problems.ts';
import { addDays, asWindow, dayIn, endsLater, isSameWindow, type AccessWindow } from './window.ts';

/**
 * Takes back what `enrolment` gave and no more: earlier access comes back, otherwise `close` ends it. Access that lasts longer
 * than what we gave is somebody else's doing, so a person decides.
 */
export async function takeBack(
  api: AxisApi,
  enrolment: Enrolment,
  ctx: EnrolmentContext,
  close: (present: Enrolled) => Promise<void>,
): Promise<void> {
  const { openEnd } = settingsOf(ctx.options);
  const present = await presentOf(api, enrolment);
  if (present === 'absent') return;
  if (typeof present === 'object' && endsLater(present, givenBy(enrolment), openEnd))
    throw windowChanged(enrolment, present, ctx);
  if (enrolment.before === 'listed') throw formerDatesUnknown(enrolment, ctx);
  if (typeof enrolment.before !== 'object') return close(present);
  if (typeof present === 'object' && isSameWindow(present, enrolment.before, openEnd)) return;
  const { start = enrolment.start, end = openEnd } = enrolment.before;
  await setWindow(api, enrolment, { start, end }, ctx);
}

/**
 * The window that ends yesterday, whatever the day it began: the first day moves back where it has to, since an end must be
 * later than the start. That a past end shuts the learner out is inferred from the vendor's word "expired".
 */
export function closedWindow(
  enrolment: Enrolment,
  present: Enrolled,
  ctx: EnrolmentContext,
): { window: AccessWindow; isClosed: boolean; movesStart: boolean } {
  const today = dayIn(settingsOf(ctx.options).timeZone, ctx.now());
  const start = typeof present === 'object' ? (present.start ?? enrolment.start) : enrolment.start;
  const latestStart = addDays(today, -2);
  const isClosed = typeof present === 'object' && present.end !== undefined && present.end < today;
  const movesStart = start > latestStart;
  return { window: asWindow(movesStart ? latestStart : start, addDays(today, -1)), isClosed, movesStart };
}

function windowChanged({ userId, courseId, end }: Enrolment, present: AccessWindow, { line }: EnrolmentContext): Error {
  const lasts = present.end === undefined ? 'has no end' : `lasts until ${present.end}`;
  return giveUp(
    'AXIS_WINDOW_CHANGED',
    `User ${userId}'s access to course ${courseId} ${lasts}; SKU ${line.sku ?? '?'} gave it until ${end}.`,
    {
      hint: 'Another purchase or an administrator made it longer. Change the dates in Axis as you see fit, then mark the step done.',
    },
  );
}

function formerDatesUnknown({ courseId }: Enrolment, { line }: EnrolmentContext): Error {
  return giveUp(
    'AXIS_FORMER_DATES_UNKNOWN',
    `The learner was in course ${courseId} before buying SKU ${line.sku ?? '?'}, and the Legacy API tells no dates.`,
    {
      hint: 'Set the former dates in Axis, or disenrol the learner there, then mark the step done.',
    },
  );
}

/** A refused disenrolment is success when there is nothing left to remove: refunds come twice. */
export async function disenrol(api: AxisApi, enrolment: Enrolment, memory: Memory): Promise<void> {
  const wasSent = memory.recall('disenrolling') === true;
  if (!api.tellsDates) await memory.keep('disenrolling', true);
  try {
    await api.disenrol({ id: enrolment.courseId }, { id: enrolment.userId });
  } catch (error) {
    if (!isRefusal(error) && !isUnknown(error)) throw error;
    const present = await presentOf(api, enrolment).catch((second: unknown) =>
      Promise.reject((isRefusal(error) ? second : error) as Error),
    );
    if (present === 'absent') return;
    if (!isRefusal(error)) throw error;
    if (present === 'unknown') {
      const isGone = wasSent || (await api.findUsers('username', enrolment.username)).length === 0;
      if (isGone) return;
    }
    await memory.keep('disenrolling', false);
    throw error;
  }
}
