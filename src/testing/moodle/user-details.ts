import { can } from './capabilities.ts';
import type { Course, Moodle, User } from './state.ts';

/** What the service account is shown of a user: undefined for nothing at all. With a course, the rights in it count as well. */
export function userDetails(
  moodle: Moodle,
  user: User,
  { course, fields }: { readonly course?: Course; readonly fields?: readonly string[] } = {},
): Record<string, unknown> | undefined {
  const isSelf = user.id === moodle.serviceUserId;
  if (!isSelf && !can(moodle, 'moodle/user:viewdetails')) return undefined;
  const seesAll = isSelf || can(moodle, 'moodle/user:viewalldetails');
  const identity = can(moodle, 'moodle/site:viewuseridentity') ? moodle.switches.identityFields : [];
  const seesEmail = isSelf || identity.includes('email') || (course !== undefined && can(moodle, 'moodle/course:useremail'));
  const fullname = `${user.firstname} ${user.lastname}`.trim();
  const picture = `${moodle.wwwroot()}/theme/image.php/boost/core/1/u/f`;
  const all: readonly (readonly [name: string, isShown: boolean, value: unknown])[] = [
    ['id', true, user.id],
    ['username', seesAll, user.username],
    ['firstname', moodle.version === '4.5', user.firstname],
    ['lastname', moodle.version === '4.5', user.lastname],
    ['fullname', true, fullname],
    ['email', seesEmail, user.email],
    ['department', seesAll, ''],
    ['idnumber', user.idnumber !== '' && (seesAll || identity.includes('idnumber')), user.idnumber],
    ['firstaccess', true, 0],
    ['lastaccess', true, 0],
    ['auth', seesAll, user.auth],
    ['suspended', true, user.suspended],
    ['confirmed', seesAll, user.confirmed],
    ['lang', seesAll, user.lang],
    ['theme', seesAll, ''],
    ['timezone', seesAll, '99'],
    ['mailformat', seesAll, 1],
    ['trackforums', seesAll && moodle.version === '4.5', 0],
    ['profileimageurlsmall', true, `${picture}2`],
    ['profileimageurl', true, `${picture}1`],
  ];
  const wanted = fields && [...fields, 'id', 'fullname'];
  const shown = all.filter(([name, isShown]) => isShown && (wanted?.includes(name) ?? true));
  return Object.fromEntries(shown.map(([name, , value]) => [name, value]));
}
