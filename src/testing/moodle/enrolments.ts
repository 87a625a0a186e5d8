import { can, canEnter, need } from './capabilities.ts';
import { bool, int, invalid, list, optional, record } from './checks.ts';
import { Refusal } from './refusal.ts';
import { guestId, race, type Course, type Enrolment, type Moodle } from './state.ts';
import { defineFunction } from './ws-function.ts';

interface Sent {
  readonly roleid: number;
  readonly userid: number;
  readonly courseid: number;
  readonly timestart?: number | undefined;
  readonly timeend?: number | undefined;
  readonly suspend?: boolean | undefined;
}

export const enrolmentFunctions = {
  enrol_manual_enrol_users: defineFunction(
    {
      enrolments: list(
        record({
          roleid: int,
          userid: int,
          courseid: int,
          timestart: optional(int),
          timeend: optional(int),
          suspend: optional(bool),
        }),
      ),
    },
    async (moodle, { enrolments }) => {
      for (const sent of enrolments) checkEnrolment(moodle, sent);
      const isNew = enrolments.map((sent) => !manual(moodle, sent));
      await race(moodle);
      if (enrolments.some((sent, at) => isNew[at] && manual(moodle, sent))) throw new Refusal('dmlwriteexception');
      for (const sent of enrolments) enrol(moodle, sent);
      return null;
    },
  ),

  enrol_manual_unenrol_users: defineFunction(
    { enrolments: list(record({ userid: int, courseid: int, roleid: optional(int) })) },
    (moodle, { enrolments }) => {
      for (const { userid, courseid } of enrolments) {
        const course = moodle.courses.get(courseid);
        if (!course) throw new Refusal('invalidrecord', { label: 'course' });
        if (!canEnter(moodle, course)) throw new Refusal('requireloginerror');
        need(moodle, 'Unenrol users from the course', 'enrol/manual:unenrol');
        needManual(course);
        if (!moodle.users.has(userid)) {
          throw moodle.version === '4.5' ? new Refusal('invaliduser') : invalid(`User id not exist: ${userid}`);
        }
      }
      for (const { userid, courseid } of enrolments) unenrol(moodle, userid, courseid);
      return null;
    },
  ),
};

/** In the order in which Moodle looks: course, right, role, method, user. */
function checkEnrolment(moodle: Moodle, { courseid, roleid, userid }: Sent): void {
  const course = moodle.courses.get(courseid);
  if (!course) throw invalid('Context does not exist');
  if (!canEnter(moodle, course)) throw new Refusal('requireloginerror');
  need(moodle, 'Enrol users', 'enrol/manual:enrol');
  if (!can(moodle, 'moodle/role:assign') || !moodle.assignableRoles.has(roleid)) {
    throw new Refusal('wsusercannotassign', { label: `(${roleid}) to this user (${userid}) in this course (${courseid})` });
  }
  needManual(course);
  checkUser(moodle, userid);
}

function checkUser({ users, version }: Moodle, userid: number): void {
  const user = users.get(userid);
  if (version === '4.3') {
    if (!user || user.deleted) throw new Refusal('codingerror', { label: 'User ID does not exist or is deleted!' });
    return;
  }
  if (!user) throw new Refusal('invaliduser');
  if (user.deleted) throw new Refusal('userdeleted');
  if (!user.confirmed) throw new Refusal('usernotconfirmed', { label: user.username });
  if (userid === guestId) throw new Refusal('guestsarenotallowed');
}

function needManual({ id, methods }: Course): void {
  if (!methods.includes('manual')) throw new Refusal('wsnoinstance', { label: String(id) });
}

function manual({ enrolments }: Moodle, { userid, courseid }: Pick<Sent, 'userid' | 'courseid'>): Enrolment | undefined {
  return enrolments.find((each) => each.method === 'manual' && each.userId === userid && each.courseId === courseid);
}

/** Whatever was on file before is replaced by what is sent; what is not sent counts as none. */
function enrol(moodle: Moodle, { roleid, userid, courseid, timestart = 0, timeend = 0, suspend = false }: Sent): void {
  const present = manual(moodle, { userid, courseid });
  const roles = new Set([...(present?.roles ?? []), roleid]);
  const values = { start: timestart, end: timeend, isSuspended: suspend };
  if (present) Object.assign(present, values).roles.add(roleid);
  else moodle.enrolments.push({ userId: userid, courseId: courseid, method: 'manual', ...values, roles });
  const isWelcomed = moodle.version === '4.5' && moodle.switches.welcomeMessages && moodle.courses.get(courseid)?.hasTeacher;
  if (isWelcomed) moodle.mails.push({ kind: 'welcome', userId: userid, courseId: courseid, at: moodle.now() });
}

/** Ends manual enrolments only; who is in by another way stays, in his groups too. */
function unenrol(moodle: Moodle, userid: number, courseid: number): void {
  const present = manual(moodle, { userid, courseid });
  if (!present) return;
  moodle.enrolments.splice(moodle.enrolments.indexOf(present), 1);
  if (moodle.enrolments.some(({ userId, courseId }) => userId === userid && courseId === courseid)) return;
  for (const group of moodle.groups.values()) if (group.courseId === courseid) group.members.delete(userid);
}
