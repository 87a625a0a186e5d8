import { canEnter, need } from './capabilities.ts';
import { int, invalid, list, noTags, optional, raw, record } from './checks.ts';
import { Refusal } from './refusal.ts';
import { liveUser, type Group, type Moodle } from './state.ts';
import { defineFunction } from './ws-function.ts';

const members = { members: list(record({ groupid: int, userid: int })) };

export const groupFunctions = {
  core_group_get_course_groups: defineFunction({ courseid: int }, (moodle, { courseid }) => {
    enterCourse(moodle, courseid);
    return [...moodle.groups.values()].filter(({ courseId }) => courseId === courseid).map(groupRow);
  }),

  core_group_create_groups: defineFunction(
    { groups: list(record({ courseid: int, name: noTags, description: raw, idnumber: optional(raw) })) },
    (moodle, { groups }) => {
      for (const { courseid, name } of groups) {
        enterCourse(moodle, courseid);
        const isTaken = [...moodle.groups.values()].some((each) => each.courseId === courseid && each.name === name);
        if (name.trim() === '' || isTaken) throw invalid('Group with the same name already exists in the course');
      }
      return groups.map(({ courseid, name, idnumber = '' }) => {
        const group = { id: moodle.nextIds.group++, courseId: courseid, name, idnumber, members: new Set<number>() };
        moodle.groups.set(group.id, group);
        return groupRow(group);
      });
    },
  ),

  core_group_get_group_members: defineFunction({ groupids: list(int) }, (moodle, { groupids }) =>
    groupids.map((groupid) => ({ groupid, userids: [...openGroup(moodle, groupid).members] })),
  ),

  core_group_add_group_members: defineFunction(members, (moodle, sent) => {
    for (const { groupid, userid } of sent.members) {
      const { courseId } = openGroup(moodle, groupid, userid);
      const isEnrolled = moodle.enrolments.some((each) => each.userId === userid && each.courseId === courseId);
      if (!isEnrolled) throw invalid('Only enrolled users may be members of groups');
    }
    for (const { groupid, userid } of sent.members) moodle.groups.get(groupid)?.members.add(userid);
    return null;
  }),

  core_group_delete_group_members: defineFunction(members, (moodle, sent) => {
    for (const { groupid, userid } of sent.members) openGroup(moodle, groupid, userid);
    for (const { groupid, userid } of sent.members) moodle.groups.get(groupid)?.members.delete(userid);
    return null;
  }),
};

function openGroup(moodle: Moodle, id: number, userId?: number): Group {
  const group = moodle.groups.get(id);
  if (!group) throw new Refusal('invalidrecord', { label: 'groups' });
  if (userId !== undefined && !liveUser(moodle, userId)) throw new Refusal('invalidrecord', { label: 'user' });
  enterCourse(moodle, group.courseId);
  return group;
}

function enterCourse(moodle: Moodle, courseId: number): void {
  const course = moodle.courses.get(courseId);
  if (!course) throw new Refusal('invalidrecord', { label: 'course' });
  if (!canEnter(moodle, course)) throw new Refusal('errorcoursecontextnotvalid', { label: String(courseId) });
  need(moodle, 'Manage groups', 'moodle/course:managegroups');
}

function groupRow({ id, courseId, name, idnumber }: Group) {
  return { id, courseid: courseId, name, description: '', descriptionformat: 1, enrolmentkey: '', idnumber };
}
