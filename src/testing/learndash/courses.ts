import { jsonReply, type DoubleReply, type DoubleRequest } from '../double-server.ts';
import { seatName, type LearnDashCourse, type Site } from './state.ts';
import { paged, refuse } from './wordpress.ts';

/** `sfwd-courses/<id>` and `sfwd-courses/<id>/users`. Only who may manage the site may see and change a course's users. */
export function answerCourse(site: Site, request: DoubleRequest, path: string): DoubleReply {
  const [, id = '', below] = /^\/sfwd-courses\/(\d+)(\/users)?$/.exec(path) ?? [];
  if (id === '') return refuse(404, 'rest_no_route');
  const course = site.courses.find((each) => each.id === Number(id));
  if (below === undefined) return course ? jsonReply(resourceOf(site, course)) : refuse(404, 'rest_post_invalid_id');
  if (!site.switches.capabilities.includes('manage_options')) return refuse(403, 'ld_rest_cannot_view');
  if (request.method === 'GET') return listUsers(site, request, Number(id));
  if (request.method !== 'POST' && request.method !== 'DELETE') return refuse(404, 'rest_no_route');
  if (!course) return refuse(404, 'rest_post_invalid_id');
  if (course.priceType === 'open') return refuse(406, 'learndash_rest_rejected_course_open');
  const { user_ids: ids } = (request.json ?? {}) as { user_ids?: unknown };
  if (!Array.isArray(ids) || !ids.every(Number.isInteger)) return refuse(400, 'rest_missing_callback_param');
  const change = request.method === 'POST' ? enrol : unenrol;
  return jsonReply((ids as number[]).map((userId) => change(site, userId, course)));
}

function listUsers(site: Site, request: DoubleRequest, courseId: number): DoubleReply {
  const { include } = request.query;
  const wanted = include === undefined || site.switches.keepsAccessList ? undefined : include.split(',').map(Number);
  const users = site.users.filter(({ id }) => site.seats.has(seatName(id, courseId)) && (wanted?.includes(id) ?? true));
  return paged(
    users.map(({ id, name }) => ({ id, name })),
    request,
  );
}

/** Who is in already is told as a failure, with status 200. */
function enrol(site: Site, userId: number, { id }: LearnDashCourse): object {
  if (!site.users.some((user) => user.id === userId)) return entry(userId, 'failed', 'rest_user_invalid_id');
  const seat = seatName(userId, id);
  if (site.seats.has(seat)) return entry(userId, 'failed', 'learndash_rest_enroll_failed');
  site.seats.add(seat);
  return entry(userId, 'success', 'learndash_rest_enroll_success');
}

function unenrol(site: Site, userId: number, { id }: LearnDashCourse): object {
  if (!site.users.some((user) => user.id === userId)) return entry(userId, 'failed', 'rest_post_invalid_id');
  const wasIn = site.seats.delete(seatName(userId, id));
  return entry(userId, wasIn ? 'success' : 'failed', `learndash_rest_unenroll_${wasIn ? 'success' : 'failed'}`);
}

function entry(userId: number, status: string, code: string): object {
  return { user_id: userId, status, code, message: 'See the code.' };
}

function resourceOf(site: Site, { id, title, status, priceType }: LearnDashCourse): object {
  return { id, title: { rendered: title }, status, link: `${site.origin()}/courses/${id}/`, price_type: priceType };
}
