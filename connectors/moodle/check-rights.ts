import { bad, type Finding, good, tell } from 'handover/contract';
import { findByEmail } from './account.ts';
import { passwordFields } from './account-fields.ts';
import { prove } from './check-course.ts';
import { namesIn, type CheckTarget } from './check-target.ts';
import { idOf, textOf, type Client, type Row } from './client.ts';
import { findCourse } from './course.ts';
import { participants } from './enrolment.ts';

/** Rights that belong to no course: to make accounts and sign-in links. */
export async function checkRights(client: Client, info: Row): Promise<Finding[]> {
  if (!client.settings.proveRights) return [];
  return [await proveCreation(client, info), ...(await proveLinks(client, info))];
}

/** Asks for an account under the user name of the token's own account: it is taken, whatever else may be. */
function proveCreation(client: Client, info: Row): Promise<Finding> {
  const username = textOf(info['username']);
  const fields = {
    username,
    email: 'nobody@handover.invalid',
    firstname: 'Nobody',
    lastname: 'Check',
    auth: client.settings.auth,
  };
  return prove('create a user', '', () =>
    client.rows('core_user_create_users', {
      what: 'create a user',
      writes: true,
      parameters: { users: [{ ...fields, ...passwordFields(client.settings) }] },
    }),
  );
}

async function proveLinks(client: Client, { functions }: Row): Promise<Finding[]> {
  const { signIn, userKeyField } = client.settings;
  if (signIn === 'never') return [];
  if (!namesIn(functions).includes('auth_userkey_request_login_url')) return [];
  return [
    await prove('make sign-in links', '', () =>
      client.row('auth_userkey_request_login_url', {
        what: 'make a sign-in link',
        writes: false,
        parameters: { user: { [userKeyField]: userKeyField === 'email' ? 'nobody@handover.invalid' : 'handover-nobody' } },
      }),
    ),
  ];
}

/** Where a right is missing, Moodle finds nobody and says nothing, and then accounts would be made twice. */
export function checkFinding(client: Client, info: Row, courses: readonly CheckTarget[]): Promise<Finding> {
  return tell(async () => {
    const known = await knownAddress(client, info, courses);
    if (known === undefined) {
      return good('Whether accounts are found by mail address could not be proved: set "checkEmail" to the address of one.');
    }
    if ((await findByEmail(client, known.email)).length > 0) return good('Accounts are found by mail address.');
    return bad(
      known.isSure
        ? 'An account that is there is not found by its mail address, so a second one would be made.'
        : 'No account is found by the address in "checkEmail".',
      'Give the role moodle/user:viewdetails and moodle/site:viewuseridentity, and let "Show user identity" in Moodle hold the email address. Or correct "checkEmail".',
    );
  });
}

/** An address that has an account: the one in the settings, or a participant's. Not the token's own, which sees itself always. */
async function knownAddress(
  client: Client,
  info: Row,
  courses: readonly CheckTarget[],
): Promise<{ email: string; isSure: boolean } | undefined> {
  const { checkEmail } = client.settings;
  if (checkEmail !== '') return { email: checkEmail.trim(), isSure: false };
  for (const { name } of courses) {
    const course = name.includes('{{') ? undefined : await findCourse(client, name).catch(() => undefined);
    const rows = course ? await participants(client, course.id, 0, 20, 'id,email').catch(() => []) : [];
    const found = rows.find((row) => textOf(row['email']) !== '' && idOf(row) !== idOf(info, 'userid'));
    if (found) return { email: textOf(found['email']), isSure: true };
  }
  return undefined;
}
