import { bad, type Finding, good, StepError, tell } from 'handover/contract';
import { findGroup } from './add-to-group.ts';
import type { CheckTarget } from './check-target.ts';
import type { Client } from './client.ts';
import { findCourse, type Course } from './course.ts';
import { participants, unenrol, writeEnrolment } from './enrolment.ts';
import { hasCode } from './problems.ts';

/** The largest number a user could have; nobody has it. */
const nobody = 2_147_483_647;

/** That a course is there, open to learners, and that we may do in it what the products ask. */
export async function checkCourse(client: Client, target: CheckTarget): Promise<Finding[]> {
  const { name, skus, groups, isEnrolledIn, roleIds } = target;
  if (name.includes('{{')) return [good(`${skus}: course "${name}" depends on the order and is looked up then.`)];
  let course: Course | undefined;
  const found = await tell(async () => {
    course = await findCourse(client, name);
    return course ? checkState(course, target) : missing(client, target);
  });
  if (!course) return [found];
  const { id } = course;
  const findings: Finding[] = [found];
  if (isEnrolledIn) {
    findings.push(
      await tell(async () => {
        await participants(client, id, 0, 1);
        return good(`${skus}: the participants of course "${name}" can be read.`);
      }),
    );
    if (client.settings.proveRights) findings.push(...(await proveEnrolment(client, id, roleIds, skus)));
  }
  for (const group of groups.filter((each) => !each.includes('{{'))) {
    findings.push(await tell(() => checkGroup(client, id, group, skus)));
  }
  return findings;
}

function missing({ settings: { courseBy } }: Client, { name, skus }: CheckTarget): Finding {
  const hint = 'Correct "with.course" in the product file. A hidden course is found with moodle/course:viewhiddencourses only.';
  return bad(`There is no course whose ${courseBy} is "${name}", which ${skus} names.`, hint);
}

function checkState(course: Course, { name, skus, isEnrolledIn }: CheckTarget): Finding {
  if (course.isVisible === false) {
    return bad(`Course "${name}" of ${skus} is hidden: learners cannot enter it.`, 'Show the course in Moodle.');
  }
  if (isEnrolledIn && course.methods?.includes('manual') === false) {
    return bad(
      `Course "${name}" of ${skus} has no manual enrolment.`,
      'Add or enable the method "Manual enrolments" in the course.',
    );
  }
  return good(`${skus}: course "${name}" is there: ${course.name} (${course.id}).`);
}

/** Moodle looks at the rights first and at the user last, so whoever may do it hears that there is no such user. */
async function proveEnrolment(client: Client, courseId: number, roleIds: readonly number[], skus: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const roleId of roleIds) {
    const enrol = () => writeEnrolment(client, { userId: nobody, courseId, roleId }, { start: 0, end: 1 }, true, { sku: skus });
    findings.push(await prove(`enrol in course ${courseId} with the role ${roleId}`, skus, enrol));
  }
  if (client.settings.endBy === 'unenrol') {
    findings.push(await prove(`unenrol from course ${courseId}`, skus, () => unenrol(client, { userId: nobody, courseId })));
  }
  return findings;
}

/** Codes that say for certain that it may not be done. */
const refusals = [
  'MOODLE_RIGHT_MISSING',
  'MOODLE_ROLE_REFUSED',
  'MOODLE_COURSE_CLOSED',
  'MOODLE_NO_MANUAL_ENROLMENT',
  'MOODLE_ACCESS_DENIED',
];

export async function prove(what: string, skus: string, work: () => Promise<unknown>): Promise<Finding> {
  const say = (text: string) => (skus === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${skus}: ${text}`);
  return tell(async () => {
    try {
      await work();
      return bad(say(`we could ${what} for nobody, which Moodle should refuse.`), 'Set "proveRights": false.');
    } catch (error) {
      if (!(error instanceof StepError) || hasCode(error, ...refusals)) throw error;
      if (hasCode(error, 'MOODLE_USER_GONE', 'MOODLE_NOT_FOUND', 'MOODLE_INVALID')) return good(say(`we may ${what}.`));
      return good(say(`whether we may ${what} could not be told (${error.code}).`));
    }
  });
}

async function checkGroup(client: Client, id: number, group: string, skus: string): Promise<Finding> {
  if (await findGroup(client, { id }, group)) return good(`${skus}: group "${group}" is there.`);
  const hint = 'Correct "with.group" in the product file, or "groupBy".';
  return bad(`Course ${id} has no group whose ${client.settings.groupBy} is "${group}", which ${skus} names.`, hint);
}
