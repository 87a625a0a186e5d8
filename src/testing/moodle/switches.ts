/** What a Moodle site's administrators decide, and what can befall a site. */
export interface MoodleSwitches {
  /** Off: HTTP 403 without a body, as when web services or the REST protocol are switched off. @default true */
  webServices: boolean;
  /** `cli`: HTTP 503 with a page. `admin`: HTTP 200 with `sitemaintenance`. @default 'off' */
  maintenance: 'off' | 'cli' | 'admin';
  /** Away: HTTP 200 with `dbconnectionfailed`. @default true */
  database: boolean;
  /** Adds `debuginfo` to errors. @default false */
  developerDebugging: boolean;
  /** In which language `message` is. No code ever is. @default 'en' */
  language: 'en' | 'de';
  /** How the database compares texts: PostgreSQL tells case apart. @default true */
  caseSensitive: boolean;
  /** Whether two accounts may have one mail address. @default false */
  sharedAddresses: boolean;
  /** Fields shown to accounts with `moodle/site:viewuseridentity`. @default ['email'] */
  identityFields: readonly string[];
  /** The account behind the token. @default 'ready' */
  serviceAccount: 'ready' | 'suspended' | 'mustChangePassword' | 'mustAgreePolicy';
  /** An expired token fails with `accessexception` once and is deleted by that. @default 'valid' */
  token: 'valid' | 'expired';
  /** Course welcome messages of manual enrolment. They exist from 4.5 on. @default true */
  welcomeMessages: boolean;
  /** The plugin auth_userkey. @default true */
  userKeys: boolean;
  /** The field by which auth_userkey finds a user. @default 'email' */
  userKeyField: 'email' | 'username' | 'idnumber';
  /** @default 60 */
  userKeySeconds: number;
  /** Between looking and writing, so that parallel calls race as they do at a real server. @default 2 */
  raceMs: number;
}

export const defaultSwitches: Readonly<MoodleSwitches> = {
  webServices: true,
  maintenance: 'off',
  database: true,
  developerDebugging: false,
  language: 'en',
  caseSensitive: true,
  sharedAddresses: false,
  identityFields: ['email'],
  serviceAccount: 'ready',
  token: 'valid',
  welcomeMessages: true,
  userKeys: true,
  userKeyField: 'email',
  userKeySeconds: 60,
  raceMs: 2,
};
