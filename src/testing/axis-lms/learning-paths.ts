import { wallClock } from './dates.ts';
import { Refusal } from './refusal.ts';
import { isActive, mustUser, type LearningPath, type Lms } from './state.ts';

type Ids = Readonly<Record<string, string | undefined>>;

/** `GET /learningpaths/list/` */
export function listPaths(lms: Lms): { id: string; name: string }[] {
  return [...lms.paths.values()].filter((path) => path.isActive).map(({ id, name }) => ({ id, name }));
}

/** `GET /learningpaths/{path}/users/[{user}/]`: nobody is an empty array, not an error. */
export function pathUsers(lms: Lms, ids: Ids): Record<string, string>[] {
  const path = mustPath(lms, ids['path']);
  const only = ids['user'] === undefined ? undefined : mustUser(lms, ids['user']);
  return lms.pathEnrolments
    .filter(({ pathId, userId }) => pathId === path.id && (!only || only.id === userId))
    .map(({ userId, at }) => ({
      user_id: userId,
      username: lms.users.get(userId)?.fields['username'] ?? '',
      status: 'incomplete',
      start_time: wallClock(at, lms.timeZone),
      completion_time: '',
      completion_method: '',
      version: '1',
      branch: '',
      step: '1',
      progress: '0',
    }));
}

/** `POST /learningpaths/enrollments/{path}/users/{user}/`: there are no dates, and a repeat is always an error. */
export function enrolInPath(lms: Lms, ids: Ids): Record<string, string> {
  const [path, user] = [mustPath(lms, ids['path']), mustUser(lms, ids['user'])];
  if (!isActive(lms, user)) throw new Refusal('inactiveUser');
  if (!path.isActive) throw new Refusal('inactiveCourse');
  if (findIndex(lms, path.id, user.id) !== -1) throw new Refusal('alreadyEnrolled');
  lms.pathEnrolments.push({ userId: user.id, pathId: path.id, at: lms.now() });
  lms.notifications.push({ kind: 'learningPath', userId: user.id, targetId: path.id, at: lms.now() });
  return { status: '200', learningpath_id: path.id, user_id: user.id };
}

/** `DELETE /learningpaths/enrollments/{path}/users/{user}/` */
export function disenrolFromPath(lms: Lms, ids: Ids): Record<string, string> {
  const [path, user] = [mustPath(lms, ids['path']), mustUser(lms, ids['user'])];
  const index = findIndex(lms, path.id, user.id);
  if (index === -1) throw new Refusal('notEnrolled');
  lms.pathEnrolments.splice(index, 1);
  return { status: '200', learningpath_id: path.id, user_id: user.id };
}

function mustPath(lms: Lms, id: string | undefined): LearningPath {
  const path = lms.paths.get(id ?? '');
  if (!path) throw new Refusal('unknownPathOfLearning');
  return path;
}

function findIndex(lms: Lms, path: string, user: string): number {
  return lms.pathEnrolments.findIndex(({ pathId, userId }) => pathId === path && userId === user);
}
