import { Refusal } from './refusal.ts';
import { freeId, mustUser, type Lms, type Usergroup } from './state.ts';

type Ids = Readonly<Record<string, string | undefined>>;

/** `GET /usergroups/list/` */
export function listGroups(lms: Lms): { id: string; name: string }[] {
  return [...lms.groups.values()].map(({ id, name }) => ({ id, name }));
}

/** `POST /usergroups/{name}/` */
export function createGroup(lms: Lms, name = ''): Usergroup {
  if (!/^[\p{L}\d @._-]{4,99}$/u.test(name)) throw new Refusal('badGroupName');
  if (findGroup(lms, name)) throw new Refusal('groupExists');
  const group = { id: freeId(lms.groups, 81), name, members: new Set<string>() };
  lms.groups.set(group.id, group);
  return group;
}

/** `POST /usergroups/members/{group}/{user}/` */
export function addMember(lms: Lms, ids: Ids): Record<string, string> {
  const [group, user] = [mustGroup(lms, ids['group']), mustUser(lms, ids['user'])];
  if (group.members.has(user.id)) throw new Refusal('alreadyMember');
  group.members.add(user.id);
  return { status: '200', group_id: group.id, user_id: user.id };
}

/** `DELETE /usergroups/members/{group}/{user}/` */
export function removeMember(lms: Lms, ids: Ids): Record<string, string> {
  const [group, user] = [mustGroup(lms, ids['group']), mustUser(lms, ids['user'])];
  if (!group.members.delete(user.id)) throw new Refusal('notMember');
  return { status: '200', group_id: group.id, user_id: user.id };
}

/** By id or by name: which of the two the path takes is not documented. */
function mustGroup(lms: Lms, group = ''): Usergroup {
  const found = lms.groups.get(group) ?? findGroup(lms, group);
  if (!found) throw new Refusal('unknownGroup');
  return found;
}

function findGroup(lms: Lms, name: string): Usergroup | undefined {
  return [...lms.groups.values()].find((group) => group.name.toLowerCase() === name.toLowerCase());
}
