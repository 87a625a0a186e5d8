import type { JsonSchema } from 'handover/contract';

/** A Moodle account in handover.json. What each option is for stands in `optionsSchema`. */
export interface MoodleOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly siteUrl?: string;
  readonly courseBy?: 'idnumber' | 'shortname' | 'id';
  readonly roleId?: number;
  readonly timeZone?: string;
  readonly startEarlySeconds?: number;
  readonly ifEnrolled?: IfEnrolled;
  readonly endBy?: 'unenrol' | 'suspend' | 'window';
  readonly readParticipants?: boolean;
  readonly usernameRule?: 'email' | 'hash';
  readonly auth?: string;
  readonly password?: 'mailed' | 'random' | 'none';
  readonly signIn?: 'newAccounts' | 'always' | 'never';
  readonly userKeyField?: 'email' | 'username' | 'idnumber';
  readonly cohortBy?: 'idnumber' | 'id';
  readonly groupBy?: 'idnumber' | 'name' | 'id';
  readonly checkEmail?: string;
  readonly proveRights?: boolean;
  readonly allowHttp?: boolean;
  readonly requestTimeoutSeconds?: number;
}

export type IfEnrolled = 'set' | 'keep' | 'ask';

/** The options with every default filled in; addresses without a slash at the end. */
export type Settings = Required<MoodleOptions>;

const defaults = {
  courseBy: 'idnumber',
  roleId: 5,
  timeZone: 'UTC',
  startEarlySeconds: 300,
  ifEnrolled: 'set',
  endBy: 'unenrol',
  readParticipants: true,
  usernameRule: 'email',
  auth: 'manual',
  password: 'mailed',
  signIn: 'newAccounts',
  userKeyField: 'email',
  cohortBy: 'idnumber',
  groupBy: 'idnumber',
  checkEmail: '',
  proveRights: true,
  allowHttp: false,
  requestTimeoutSeconds: 10,
} as const;

export function settingsOf(options: MoodleOptions): Settings {
  const baseUrl = trimmed(options.baseUrl);
  return { ...defaults, ...options, baseUrl, siteUrl: trimmed(options.siteUrl ?? baseUrl) };
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/** The token travels with every call, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress(address: string, { allowHttp }: Pick<Settings, 'allowHttp'>): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && (isHere || allowHttp));
}

export const ifEnrolledSchema: JsonSchema = {
  type: 'string',
  enum: ['set', 'keep', 'ask'],
  description:
    'When the learner has access already that this order did not give. `set`: the dates of this purchase replace those on file, which Moodle does not tell. `keep`: nothing is changed, and nothing taken back later. `ask`: a person decides.',
};

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'token'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: "The site's address as in a browser, without the path of a page. The web service is looked for below it.",
      examples: ['https://moodle.example.com', 'https://www.example.com/moodle'],
    },
    token: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'The web service token of the account that acts for the shop.',
      examples: [{ env: 'MOODLE_TOKEN' }],
    },
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address learners see, where the shop reaches Moodle by another one. Default: `baseUrl`.',
      examples: ['https://moodle.example.com'],
    },
    courseBy: {
      type: 'string',
      enum: ['idnumber', 'shortname', 'id'],
      default: defaults.courseBy,
      description:
        'What `course` in a product names: the "Course ID number", the short name, or the number in the address of the course page.',
    },
    roleId: {
      type: 'integer',
      minimum: 1,
      default: defaults.roleId,
      description: 'The role learners get in the course. 5 is Student on a site whose roles were not rebuilt.',
    },
    timeZone: {
      type: 'string',
      default: defaults.timeZone,
      description: 'The zone in which days and months are counted and dates are written.',
      examples: ['Europe/Vienna'],
    },
    startEarlySeconds: {
      type: 'integer',
      minimum: 0,
      maximum: 86400,
      default: defaults.startEarlySeconds,
      description:
        'Access begins so long before the payment, and `endBy` `window` ends it so long before the refund: clocks differ, and Moodle compares with a time rounded to hundreds of seconds.',
    },
    ifEnrolled: { ...ifEnrolledSchema, default: defaults.ifEnrolled },
    endBy: {
      type: 'string',
      enum: ['unenrol', 'suspend', 'window'],
      default: defaults.endBy,
      description:
        'How a refund ends an enrolment. `suspend` and `window` (it ended just now) keep it, and the progress with it. `unenrol` removes it, with the group memberships; what becomes of grades is a setting of the site.',
    },
    readParticipants: {
      type: 'boolean',
      default: defaults.readParticipants,
      description:
        'Look through all participants of the course for an enrolment that is suspended or over, so that a refund does not remove it. Off: for courses with very many participants.',
    },
    usernameRule: {
      type: 'string',
      enum: ['email', 'hash'],
      default: defaults.usernameRule,
      description:
        'User names of new accounts. `email`: the mail address, made legal where needed. `hash`: `shop-` and a code computed from it, which tells nothing.',
    },
    auth: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      default: defaults.auth,
      description: 'Authentication method of new accounts.',
      examples: ['oauth2'],
    },
    password: {
      type: 'string',
      enum: ['mailed', 'random', 'none'],
      default: defaults.password,
      description:
        'How a new account gets a password. `mailed`: Moodle mails one, to be changed at the first login. `random`: one that nobody knows; the learner comes in by `loginUrl` or "Forgotten your password". `none`: for an `auth` without local passwords.',
    },
    signIn: {
      type: 'string',
      enum: ['newAccounts', 'always', 'never'],
      default: defaults.signIn,
      description:
        "Whom `loginUrl` signs in without a password, by the plugin auth_userkey. `newAccounts`: those whose account the same order made. `always`: everybody; only where the checkout proves mail addresses, since a buyer could type in somebody else's. Others come to the course page.",
    },
    userKeyField: {
      type: 'string',
      enum: ['email', 'username', 'idnumber'],
      default: defaults.userKeyField,
      description: 'The "Mapping field" in the settings of auth_userkey.',
    },
    cohortBy: {
      type: 'string',
      enum: ['idnumber', 'id'],
      default: defaults.cohortBy,
      description: 'What `cohort` in a product names: the "Cohort ID", or the number in the address of the cohort page.',
    },
    groupBy: {
      type: 'string',
      enum: ['idnumber', 'name', 'id'],
      default: defaults.groupBy,
      description: 'What `group` in a product names: the "Group ID number", the name, or the number in the address.',
    },
    checkEmail: {
      type: 'string',
      setting: true,
      description:
        "Mail address of an account in Moodle, not the token's own. `handover check --online` proves with it that accounts are found: where a right is missing, Moodle just finds nobody.",
      examples: ['test.learner@example.com'],
    },
    proveRights: {
      type: 'boolean',
      default: defaults.proveRights,
      description:
        'Let `handover check --online` prove rights by calls that cannot succeed: enrolling a user that does not exist, creating one whose name is taken. Off: it only reads.',
    },
    allowHttp: {
      type: 'boolean',
      default: defaults.allowHttp,
      description: 'Take an address without TLS. Only within your own network: the token travels in the open.',
    },
    requestTimeoutSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 60,
      default: defaults.requestTimeoutSeconds,
      description: 'How long one call may take.',
    },
  },
};
