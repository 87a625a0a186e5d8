export interface Seat {
  readonly email: string;
  readonly name: string;
  readonly course: number;
}

export type Enrol = (seat: Seat) => Promise<void>;

const studentRole = 5;
const yearSeconds = 365 * 86_400;

/** Enrols in Moodle over its web service: finds or makes the account, then gives the seat. */
export function moodle(baseUrl: string, token: string): Enrol {
  async function call<Answer>(name: string, parameters: Readonly<Record<string, string | number>>): Promise<Answer> {
    const form: Readonly<Record<string, string | number>> = {
      wstoken: token,
      wsfunction: name,
      moodlewsrestformat: 'json',
      ...parameters,
    };
    const response = await fetch(`${baseUrl}/webservice/rest/server.php`, {
      method: 'POST',
      body: new URLSearchParams(Object.entries(form).map(([key, value]): [string, string] => [key, String(value)])),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as { errorcode?: string } | null;
    if (!response.ok || answer?.errorcode !== undefined) throw new Error(`${name}: ${answer?.errorcode ?? response.status}`);
    return answer as Answer;
  }

  async function accountFor({ email, name }: Seat): Promise<number> {
    const [known] = await call<{ id: number }[]>('core_user_get_users_by_field', { field: 'email', 'values[0]': email });
    if (known) return known.id;
    const [firstname = '', ...rest] = name.split(' ');
    const fields = {
      username: email.toLowerCase(),
      email,
      auth: 'manual',
      createpassword: 1,
      firstname,
      lastname: rest.join(' ') || '.',
    };
    const [made] = await call<{ id: number }[]>(
      'core_user_create_users',
      Object.fromEntries(Object.entries(fields).map(([field, value]) => [`users[0][${field}]`, value])),
    );
    if (!made) throw new Error(`Moodle made no account for ${email}`);
    return made.id;
  }

  return async (seat) => {
    const userid = await accountFor(seat);
    const now = Math.floor(Date.now() / 1000);
    const fields = { roleid: studentRole, userid, courseid: seat.course, timestart: now, timeend: now + yearSeconds };
    await call(
      'enrol_manual_enrol_users',
      Object.fromEntries(Object.entries(fields).map(([field, value]) => [`enrolments[0][${field}]`, value])),
    );
  };
}
