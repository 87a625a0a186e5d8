import { StepError, giveUp, tryLater, type HttpResponse } from 'handover/contract';

/** What was asked for, in words that complete "… when asked to …". */
export interface Asked {
  /** For example `enrol user 612 in course 17`. Without mail addresses: it stands in error messages. */
  readonly what: string;
  /** Whether the call changes something, so that losing its answer leaves the outcome unknown. */
  readonly writes: boolean;
}

type Made = (told: string) => StepError;

const never =
  (code: string, hint: string): Made =>
  (told) =>
    giveUp(code, told, { hint });

const signIn = never(
  'LEARNDASH_SIGN_IN_REFUSED',
  'Make a new application password for the account in WordPress and put it where "applicationPassword" looks for it. If it is right, the web server does not hand the Authorization header on to WordPress.',
);
const right = never(
  'LEARNDASH_RIGHT_MISSING',
  'Give the account of "username" the role Administrator: LearnDash lets nobody else enrol others.',
);
const route = never(
  'LEARNDASH_API_MISSING',
  'Check that LearnDash is active and its REST API on, that permalinks are not "Plain", and that "apiPath", "namespace" and the routes in handover.json are those of the site.',
);

/**
 * Only `code` decides; messages are translated. WordPress answers a taken name or address with its code and, in practice,
 * status 500. Sources as in `client.ts`.
 */
const meanings = new Map<string, Made>([
  ['rest_not_logged_in', signIn],
  ['incorrect_password', signIn],
  ['invalid_username', signIn],
  ['invalid_email', signIn],
  ['application_passwords_disabled', signIn],
  ['application_passwords_disabled_for_user', signIn],
  ['rest_forbidden', right],
  ['rest_forbidden_context', right],
  ['rest_user_cannot_view', right],
  ['rest_cannot_create_user', right],
  ['rest_user_invalid_role', right],
  ['ld_rest_cannot_view', right],
  ['rest_no_route', route],
  ['existing_user_login', never('LEARNDASH_USERNAME_TAKEN', 'Look for the account in WordPress.')],
  ['existing_user_email', never('LEARNDASH_EMAIL_TAKEN', 'Look for the account in WordPress.')],
  ['rest_invalid_param', never('LEARNDASH_INVALID', 'Correct what the site does not accept, or do the step by hand.')],
  ['rest_post_invalid_id', never('LEARNDASH_NOT_FOUND', 'The course is no longer in LearnDash.')],
  ['rest_user_invalid_id', never('LEARNDASH_NOT_FOUND', 'The user is no longer in WordPress.')],
  [
    'learndash_rest_rejected_course_open',
    never(
      'LEARNDASH_COURSE_OPEN',
      'The access mode of the course is "Open", so everybody is in and nobody can be enrolled. Set it to "Closed" in LearnDash, then retry the step.',
    ),
  ],
  [
    'learndash_rest_admin_auto_enroll',
    never('LEARNDASH_ADMIN', 'The learner is an administrator, and LearnDash enrols those by itself. Mark the step done.'),
  ],
]);

export function problemOfCode(code: string, { status }: Pick<HttpResponse, 'status'>, { what }: Asked): StepError | undefined {
  return meanings.get(code)?.(`WordPress answered ${status} (${code}) when asked to ${what}.`);
}

/** What a status other than success means where the body names no code we know. */
export function problemOfStatus({ status, retryAfterMs }: HttpResponse, { what, writes }: Asked): StepError {
  const told = `WordPress answered ${status} when asked to ${what}.`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 300 && status < 400) {
    return giveUp('LEARNDASH_REDIRECTED', told, {
      hint: 'Correct "baseUrl": it must be the address that answers, not one that leads to it, since the password would travel along.',
    });
  }
  if (status === 503 || status === 429 || status === 408) {
    return tryLater('LEARNDASH_BUSY', told, { ...wait, unknown: writes && status !== 429, down: status !== 429 });
  }
  if (status >= 500) return tryLater('LEARNDASH_SERVER_ERROR', told, { ...wait, unknown: writes, down: true });
  if (status === 401) return signIn(told);
  if (status === 404) return route(told);
  return giveUp('LEARNDASH_REFUSED', told, {
    hint: 'Look for what stands before WordPress and refuses us: a firewall, a security plugin, a proxy. Let this server through, then retry the step.',
  });
}

/** An answer that is not what the call promises: a page of a plugin, a PHP warning, a cut-off body. */
export function unreadable({ what, writes }: Asked, response: HttpResponse, wanted: string): StepError {
  const kind = response.headers['content-type'] ?? 'no content type';
  return tryLater(
    'LEARNDASH_UNREADABLE',
    `WordPress answered with something else than ${wanted} (${kind}) when asked to ${what}.`,
    {
      unknown: writes,
      hint: 'If this stays, a plugin or PHP prints into the answers, or "baseUrl" is not the address of the site.',
    },
  );
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof StepError && codes.includes(error.code);
}

export function isUnknown(error: unknown): boolean {
  return error instanceof StepError && error.unknown;
}

/** LearnDash answers a list, but says nothing about who was asked for. */
export function unreadableEntry({ what }: Asked): StepError {
  return tryLater('LEARNDASH_UNREADABLE', `LearnDash did not say what became of it when asked to ${what}.`, { unknown: true });
}
