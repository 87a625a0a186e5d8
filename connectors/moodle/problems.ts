import { StepError, giveUp, tryLater, type HttpResponse } from 'handover/contract';

/** What was asked for, in words that complete "… did not answer / refused to …". */
export interface Asked {
  /** For example `enrol user 612 in course 17`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

/** What a status other than success means; undefined for success. Moodle itself answers 200, 403 and 503. */
export function problemOfStatus({ status, retryAfterMs }: HttpResponse, { what, writes }: Asked): StepError | undefined {
  const told = `Moodle answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) {
    return giveUp('MOODLE_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the token would travel along.',
    });
  }
  if (status === 503 || status === 429 || status === 408) {
    return tryLater('MOODLE_BUSY', told, { ...wait, unknown: writes && status !== 429, down: status !== 429 });
  }
  if (status >= 500) return tryLater('MOODLE_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 403) {
    return giveUp('MOODLE_SERVICES_OFF', told, {
      hint: 'Web services or the REST protocol are switched off in Moodle, or a firewall before it refuses us.',
    });
  }
  if (status === 404) {
    return giveUp('MOODLE_BASE_URL', told, { hint: 'Correct "baseUrl": there is no webservice/rest/server.php below it.' });
  }
  return giveUp('MOODLE_REFUSED', told, {
    hint: 'Look for what stands before Moodle and refuses us: a proxy, a firewall, a login.',
  });
}

/** An answer that is not what the function promises: a page of a proxy, a PHP error, a cut-off body. */
export function unreadable({ what, writes }: Asked, response: HttpResponse, wanted: string): StepError {
  const kind = response.headers['content-type'] ?? 'no content type';
  return tryLater('MOODLE_UNREADABLE', `Moodle answered with something else than ${wanted} (${kind}) when asked to ${what}.`, {
    unknown: writes,
    hint: 'If this stays, "baseUrl" is not the address of the site, or PHP prints its errors into answers.',
  });
}

type Made = (told: string, asked: Asked, name: string) => StepError;

const never =
  (code: string, hint: string): Made =>
  (told) =>
    giveUp(code, told, { hint });

const accountHint = "Sign in to Moodle once as the token's account and do what it asks for, or lift the suspension.";

/** Only `errorcode` decides: `exception` changed between releases, `message` is translated. Sources as in `client.ts`. */
const meanings = new Map<string, Made>([
  ['sitemaintenance', (told) => tryLater('MOODLE_BUSY', told, { down: true })],
  ['dbconnectionfailed', (told) => tryLater('MOODLE_BUSY', told, { down: true })],
  [
    'dmlwriteexception',
    (told) => tryLater('MOODLE_WRITE_FAILED', told, { hint: 'If this stays, a value is too long for Moodle.' }),
  ],
  [
    'invalidtoken',
    never('MOODLE_TOKEN_REFUSED', 'Make a new token in Moodle and put it where "token" looks for it; it may have ended.'),
  ],
  [
    'accessexception',
    (told, _, name) =>
      giveUp('MOODLE_ACCESS_DENIED', told, {
        hint: `One of these: ${name} is not in the external service; the account is not authorised for it or lacks webservice/rest:use; the service is off; the token has ended; our address is not among those it is for.`,
      }),
  ],
  ['nopermissions', never('MOODLE_RIGHT_MISSING', "Give the role of the token's account the capability that the message names.")],
  [
    'requireloginerror',
    never(
      'MOODLE_COURSE_CLOSED',
      "Give the role of the token's account moodle/course:view, and moodle/course:viewhiddencourses for hidden courses.",
    ),
  ],
  [
    'errorcoursecontextnotvalid',
    never(
      'MOODLE_COURSE_CLOSED',
      "Give the role of the token's account moodle/course:view, and moodle/course:viewhiddencourses for hidden courses.",
    ),
  ],
  [
    'wsusercannotassign',
    never(
      'MOODLE_ROLE_REFUSED',
      'Let the role of the token\'s account assign this role ("Allow role assignments"), give it moodle/role:assign, or correct "roleId".',
    ),
  ],
  ['wsnoinstance', never('MOODLE_NO_MANUAL_ENROLMENT', 'Add the method "Manual enrolments" to the course, or enable it there.')],
  ['invalidrecord', never('MOODLE_NOT_FOUND', 'What the product file or an earlier step names is no longer in Moodle.')],
  ['invaliduser', never('MOODLE_NOT_FOUND', 'The user is no longer in Moodle.')],
  ['userdeleted', never('MOODLE_NOT_FOUND', 'The user was deleted in Moodle.')],
  ['invalidparameter', never('MOODLE_INVALID', 'Moodle does not say which value it refuses, unless developer debugging is on.')],
  ['sitepolicynotagreed', never('MOODLE_SERVICE_ACCOUNT', accountHint)],
  ['forcepasswordchangenotice', never('MOODLE_SERVICE_ACCOUNT', accountHint)],
  ['wsaccessusersuspended', never('MOODLE_SERVICE_ACCOUNT', accountHint)],
]);

/** What a failed call means. `said` is shown to staff. A code that is not known may pass, so it is met a few times. */
export function problemOfCode(code: string, said: string, asked: Asked, name: string): StepError {
  const isCode = /^[a-z][\w/:-]{0,80}$/i.test(code);
  const told = `Moodle refused to ${asked.what}: ${isCode ? code : 'no error code'}${said && ` (${said})`}.`;
  const known = meanings.get(code);
  if (known) return known(told, asked, name);
  if (!isCode) return giveUp('MOODLE_REFUSED', told, { hint: 'Correct what the answer names, in Moodle or in handover.json.' });
  return tryLater('MOODLE_REFUSED', told, { hint: 'Look into Moodle for the cause, then retry the step.' });
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}

export function isUnknown(error: unknown): boolean {
  return error instanceof StepError && error.unknown;
}
