import { can, canEnter, need } from './capabilities.ts';
import { bool, int, invalid, list, optional, raw, record, word } from './checks.ts';
import { Refusal } from './refusal.ts';
import { isActive, isSame, liveUser, siteId, type Course, type Moodle } from './state.ts';
import { userDetails } from './user-details.ts';
import { defineFunction } from './ws-function.ts';

export const courseFunctions = {
  core_course_get_courses_by_field: defineFunction({ field: optional(word), value: optional(raw) }, (moodle, sent) => {
    const { field = '', value = '' } = sent;
    if (!['', 'id', 'ids', 'shortname', 'idnumber', 'category'].includes(field)) throw invalid('Invalid field name');
    const seesHidden = can(moodle, 'moodle/course:viewhiddencourses');
    const found = [...moodle.courses.values()].filter((course) => isFound(moodle, course, field, value));
    return {
      courses: found.filter(({ visible }) => visible || seesHidden).map((course) => courseRow(moodle, course)),
      warnings: [],
    };
  }),

  core_enrol_get_users_courses: defineFunction(
    { userid: int, returnusercount: optional(bool) },
    (moodle, { userid, returnusercount = true }) => {
      if (!liveUser(moodle, userid)) return [];
      const ids = new Set(
        moodle.enrolments.filter((each) => each.userId === userid && isActive(moodle, each)).map(({ courseId }) => courseId),
      );
      return [...moodle.courses.values()]
        .filter((course) => ids.has(course.id) && course.visible && canEnter(moodle, course) && seesParticipants(moodle))
        .map((course) => ({
          ...courseNames(course),
          visible: 1,
          ...(returnusercount && {
            enrolledusercount: moodle.enrolments.filter(({ courseId }) => courseId === course.id).length,
          }),
          progress: null,
          completed: null,
          startdate: 1735689600,
          enddate: 0,
        }));
    },
  ),

  core_enrol_get_enrolled_users: defineFunction(
    { courseid: int, options: optional(list(record({ name: word, value: raw }))) },
    (moodle, { courseid, options = [] }) => {
      const course = moodle.courses.get(courseid);
      if (!course) throw new Refusal('invalidrecord', { label: 'course' });
      if (!canEnter(moodle, course)) throw new Refusal('errorcoursecontextnotvalid', { label: String(courseid) });
      if (!seesParticipants(moodle)) throw new Refusal('nopermissions', { label: 'View participants' });
      const chosen = new Map(options.map(({ name, value }) => [name, value]));
      const isOn = (name: string) => !['', '0', undefined].includes(chosen.get(name));
      if (isOn('onlyactive') || isOn('onlysuspended')) need(moodle, 'Review course enrolments', 'moodle/course:enrolreview');
      const [from, number] = [Number(chosen.get('limitfrom') ?? 0), Number(chosen.get('limitnumber') ?? 0)];
      const fields = chosen
        .get('userfields')
        ?.split(',')
        .map((field) => field.trim());
      const enrolments = moodle.enrolments.filter(
        (each) =>
          each.courseId === courseid &&
          (!isOn('onlyactive') || isActive(moodle, each)) &&
          (!isOn('onlysuspended') || each.isSuspended),
      );
      const ids = [...new Set(enrolments.map(({ userId }) => userId))].sort((one, other) => one - other);
      return ids
        .slice(from, number === 0 ? undefined : from + number)
        .flatMap((id) => liveUser(moodle, id) ?? [])
        .flatMap((user) => userDetails(moodle, user, { course, ...(fields && { fields }) }) ?? []);
    },
  ),
};

function isFound(moodle: Moodle, course: Course, field: string, value: string): boolean {
  if (field === 'ids') return value.split(',').includes(String(course.id));
  if (field === 'id') return String(course.id) === value;
  if (field === 'shortname' || field === 'idnumber') return isSame(moodle, course[field], value);
  return course.id !== siteId && field === '';
}

function courseNames({ id, shortname, fullname, idnumber }: Course) {
  return { id, shortname, fullname, displayname: fullname, idnumber };
}

/** Without `moodle/course:update` the answer keeps the `idnumber` to itself. */
function courseRow(moodle: Moodle, course: Course): Record<string, unknown> {
  const { idnumber, ...names } = courseNames(course);
  const forEditors = can(moodle, 'moodle/course:update') ? { idnumber, visible: course.visible ? 1 : 0 } : {};
  return { ...names, categoryid: 1, summary: '', format: 'topics', enrollmentmethods: course.methods, ...forEditors };
}

function seesParticipants(moodle: Moodle): boolean {
  return can(moodle, 'moodle/course:viewparticipants', 'moodle/course:enrolreview');
}
