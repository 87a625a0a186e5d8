import type { JsonSchema } from 'handover/contract';

/** A WordPress site with LearnDash in handover.json. What each option is for stands in `optionsSchema`. */
export interface LearnDashOptions {
  readonly baseUrl: string;
  readonly username: string;
  readonly applicationPassword: string;
  readonly apiPath?: string;
  readonly namespace?: string;
  readonly coursesRoute?: string;
  readonly courseUsersRoute?: string;
  readonly role?: string;
  readonly usernameRule?: 'email' | 'hash';
  readonly ifEnrolled?: IfEnrolled;
  readonly allowHttp?: boolean;
  readonly requestTimeoutSeconds?: number;
}

export type IfEnrolled = 'keep' | 'ask';

/** The options with every default filled in; the address without a slash at the end. */
export type Settings = Required<LearnDashOptions>;

const defaults = {
  apiPath: '/wp-json',
  namespace: 'ldlms/v2',
  coursesRoute: 'sfwd-courses',
  courseUsersRoute: 'users',
  role: 'subscriber',
  usernameRule: 'email',
  ifEnrolled: 'keep',
  allowHttp: false,
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: LearnDashOptions): Settings {
  return { ...defaults, ...options, baseUrl: options.baseUrl.trim().replace(/\/+$/, '') };
}

/** The password travels with every call, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress({ baseUrl, allowHttp }: Pick<Settings, 'baseUrl' | 'allowHttp'>): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, hostname } = new URL(baseUrl);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && (isHere || allowHttp));
}

export const ifEnrolledSchema: JsonSchema = {
  type: 'string',
  enum: ['keep', 'ask'],
  description:
    'When the learner is in the course already and no other purchase of ours put them there. `keep`: nothing is changed, and nothing taken back later. `ask`: a person decides.',
};

const route = '^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$';

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'username', 'applicationPassword'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: "The site's address as in a browser, without the path of a page.",
      examples: ['https://academy.example.com'],
    },
    username: {
      type: 'string',
      minLength: 1,
      setting: true,
      description: 'The WordPress account that acts for the shop. LearnDash lets administrators enrol others, nobody else.',
      examples: ['handover'],
    },
    applicationPassword: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: "An application password of this account, made in its WordPress profile. Not the account's own password.",
      examples: [{ env: 'LEARNDASH_PASSWORD' }],
    },
    apiPath: {
      type: 'string',
      pattern: '^/[A-Za-z0-9_./-]*[A-Za-z0-9_-]$',
      default: defaults.apiPath,
      description: 'Where WordPress answers below `baseUrl`. Some sites rename it.',
    },
    namespace: {
      type: 'string',
      pattern: route,
      default: defaults.namespace,
      description: 'The name space of LearnDash in it.',
    },
    coursesRoute: {
      type: 'string',
      pattern: route,
      default: defaults.coursesRoute,
      description: 'The route of courses, if it was renamed under LearnDash LMS > Settings > Advanced > REST API.',
    },
    courseUsersRoute: {
      type: 'string',
      pattern: route,
      default: defaults.courseUsersRoute,
      description: "The route of a course's users, if it was renamed there.",
    },
    role: {
      type: 'string',
      pattern: '^[a-z0-9_-]+$',
      default: defaults.role,
      description: 'The WordPress role of accounts that have to be made.',
    },
    usernameRule: {
      type: 'string',
      enum: ['email', 'hash'],
      default: defaults.usernameRule,
      description:
        'User names of new accounts. `email`: the mail address, made legal where needed. `hash`: `shop-` and a code computed from it: WordPress shows user names to others in places.',
    },
    ifEnrolled: { ...ifEnrolledSchema, default: defaults.ifEnrolled },
    allowHttp: {
      type: 'boolean',
      default: defaults.allowHttp,
      description: 'Take an address without TLS. Only within your own network: the password travels in the open.',
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
