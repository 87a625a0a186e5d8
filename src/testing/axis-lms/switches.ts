/** Where the double looks for the API key. The vendor's text does not say how it travels; parameter and header names are invented. */
export type KeyPlacement = 'any' | 'bearer' | 'query:auth' | 'query:key' | 'header:x-api-key';
/** How parameters of POST and PUT have to travel. In a strict value those sent another way are ignored, as a PHP script would. */
export type BodyEncoding = 'any' | 'form' | 'json' | 'query';

/** What public pages leave open about Axis LMS, as switches: a connector has to stand under every value. */
export interface AxisLmsSwitches {
  /** The REST API's path. @default '/api.php' */
  basePath: '/api.php' | '/lms/api.php';
  /** @default 'any' */
  keyPlacement: KeyPlacement;
  /** One value for both methods, or one for each. @default 'any' */
  bodyEncoding: BodyEncoding | { post: BodyEncoding; put: BodyEncoding };
  /** `http`: the HTTP status repeats the body's. `body`: HTTP 200, the failure is in the body only. `bare`: HTTP status, no body. @default 'http' */
  errorStyle: 'http' | 'body' | 'bare';
  /** A repeated course enrolment without dates. @default 'error' */
  bareReenrol: 'error' | 'ok';
  /** Disenrolling somebody who is not enrolled. @default 'error' */
  deleteMissing: 'error' | 'ok';
  /** Whether `/users/filtered/` finds inactive users. @default false */
  filterShowsInactive: boolean;
  /** How a search phrase compares. @default 'insensitive' */
  filterCase: 'insensitive' | 'sensitive';
  /** Whether a new token ends the ones before. @default false */
  newTokenEndsOld: boolean;
  /** A path without its last slash works, is redirected with 301, or is unknown. @default 'lenient' */
  slash: 'lenient' | 'redirect' | 'notFound';
  /** A page past the end. @default 'empty' */
  pastLastPage: 'empty' | 'error';
  /** What a course disenrolment answers: `status`, `course_id` and `user_id`, or `status` alone. @default 'ids' */
  deleteBody: 'ids' | 'statusOnly';
  /** The names in the rows of `/courses/{id}/users/`. @default 'user_id/start_date/end_date' */
  courseRowNames: 'user_id/start_date/end_date' | 'id/start/end';
  /** Whether `/courses/{id}/users/` comes in pages of 100. @default false */
  courseRowsPaged: boolean;
  /** What the Legacy API answers to a wrong key. @default 'false' */
  legacyWrongKey: 'false' | 'forbidden';
  /** Whether the Legacy API also knows `user/enroll` for `user__enroll`. @default 'underscore' */
  legacyCommandForm: 'underscore' | 'both';
  /** A repeated Legacy enrolment: `true` with new dates, or `false` and nothing changed. @default 'update' */
  legacyRepeatEnrol: 'update' | 'false';
  /** Whether `user__getRecord` and `course__getUserList`, whose parameters are inferred, answer. @default 'answer' */
  legacyReads: 'answer' | 'false';
}

export const defaultSwitches: Readonly<AxisLmsSwitches> = {
  basePath: '/api.php',
  keyPlacement: 'any',
  bodyEncoding: 'any',
  errorStyle: 'http',
  bareReenrol: 'error',
  deleteMissing: 'error',
  filterShowsInactive: false,
  filterCase: 'insensitive',
  newTokenEndsOld: false,
  slash: 'lenient',
  pastLastPage: 'empty',
  deleteBody: 'ids',
  courseRowNames: 'user_id/start_date/end_date',
  courseRowsPaged: false,
  legacyWrongKey: 'false',
  legacyCommandForm: 'underscore',
  legacyRepeatEnrol: 'update',
  legacyReads: 'answer',
};
