import { wallClock } from './dates.ts';
import { pageOf } from './paging.ts';
import { Refusal } from './refusal.ts';
import { mustCourse, today, type Lms } from './state.ts';

/** `GET /courses/list/` */
export function listCourses(lms: Lms): { id: string; name: string }[] {
  return [...lms.courses.values()].filter((course) => course.isActive).map(({ id, name }) => ({ id, name }));
}

/** `GET /courses/{id}/`. Source of the fields: https://www.atrixware.com/docs/manual.php?id=18&page=473& */
export function oneCourse(lms: Lms, id: string | undefined): Record<string, string> {
  const course = mustCourse(lms, id);
  const created = wallClock(course.created, lms.timeZone);
  return {
    id: course.id,
    name: course.name,
    catalog_id: course.catalogId,
    description: '',
    is_active: course.isActive ? 'yes' : 'no',
    created,
    last_updated: created,
    admin_keyword_tags: '',
    user_keyword_tags: '',
    passing_score: '80',
    for_sale: 'no',
    price: '0.00',
    thumbnail: '',
    webhook: '',
  };
}

/** `GET /courses/{id}/users/[{status}/]`: expired is what ended before today, active is the rest. */
export function courseUsers(
  lms: Lms,
  { course: id, status = 'active', page }: { course?: string; status?: string; page?: string },
): Record<string, string>[] {
  const course = mustCourse(lms, id);
  if (page !== undefined && !lms.switches.courseRowsPaged) throw new Refusal('unknownPath');
  const day = today(lms);
  const rows = lms.enrolments
    .filter(({ courseId }) => courseId === course.id)
    .filter(({ end }) => status === 'all' || (end !== '' && end < day) === (status === 'expired'))
    .map(({ userId, start, end }) => {
      const username = lms.users.get(userId)?.fields['username'] ?? '';
      return lms.switches.courseRowNames === 'id/start/end'
        ? { id: userId, username, start, end }
        : { user_id: userId, username, start_date: start, end_date: end };
    });
  return lms.switches.courseRowsPaged ? pageOf(lms, rows, page) : rows;
}
