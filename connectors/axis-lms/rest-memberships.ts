import type { Memberships, Target } from './port.ts';
import { textOf, type RestCall } from './rest-call.ts';

/** Learning paths. The paths of these calls are known from a published integration, not from the vendor's manual. */
export function restPaths(call: RestCall): Memberships {
  const address = (path: string, user: string) =>
    `/learningpaths/enrollments/${encodeURIComponent(path)}/users/${encodeURIComponent(user)}/`;
  return {
    async find(id) {
      const rows = await call.read('list the active learning paths', '/learningpaths/list/');
      const found = rows.find((row) => textOf(row, 'id') === id);
      return found && { id, name: textOf(found, 'name') };
    },
    async has(path, user) {
      const one = `/learningpaths/${encodeURIComponent(path.id)}/users/${encodeURIComponent(user.id)}/`;
      const rows = await call.read(`look up user ${user.id} in learning path ${path.id}`, one);
      return rows.some((row) => textOf(row, 'user_id', 'id') === user.id);
    },
    async add(path, user) {
      await call.write('POST', `enrol user ${user.id} in learning path ${path.id}`, address(path.id, user.id));
    },
    async remove(path, user) {
      await call.write('DELETE', `disenrol user ${user.id} from learning path ${path.id}`, address(path.id, user.id));
    },
  };
}

/** Usergroups, found by their name: a search phrase takes the name, the address takes what `groupPath` says. */
export function restGroups(call: RestCall, groupPath: 'id' | 'name'): Memberships {
  const address = (group: Target, user: string) =>
    `/usergroups/members/${encodeURIComponent(groupPath === 'id' ? group.id : group.name)}/${encodeURIComponent(user)}/`;
  return {
    async find(name) {
      const rows = await call.read('list the usergroups', '/usergroups/list/');
      const found = rows.find((row) => textOf(row, 'name').toLowerCase() === name.trim().toLowerCase());
      return found && { id: textOf(found, 'id'), name: textOf(found, 'name') };
    },
    async has(group, user) {
      const query = { fields: 'id', user_filter: `id=${user.id},usergroup~${group.name}` };
      const rows = await call.read(`look up user ${user.id} in usergroup ${group.name}`, '/users/filtered/', query);
      return rows.some((row) => textOf(row, 'id') === user.id);
    },
    async add(group, user) {
      await call.write('POST', `add user ${user.id} to usergroup ${group.name}`, address(group, user.id));
    },
    async remove(group, user) {
      await call.write('DELETE', `remove user ${user.id} from usergroup ${group.name}`, address(group, user.id));
    },
  };
}
