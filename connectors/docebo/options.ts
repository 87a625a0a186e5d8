import type { JsonSchema } from 'handover/contract';

/** A Docebo platform in handover.json. What each option is for stands in `optionsSchema`. */
export interface DoceboOptions {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly grantType?: 'client_credentials' | 'password';
  readonly username?: string;
  readonly password?: string;
  readonly usernameField?: 'userid' | 'username';
  readonly sendAccountMail?: boolean;
  readonly level?: string;
  readonly dateFormat?: 'date' | 'dateTime';
  readonly timeZone?: string;
  readonly coursePath?: string;
  readonly ifEnrolled?: IfEnrolled;
  readonly allowHttp?: boolean;
  readonly requestTimeoutSeconds?: number;
}

export type IfEnrolled = 'keep' | 'ask';

/** The options with every default filled in; the address without a slash at the end. */
export type Settings = Required<DoceboOptions>;

const defaults = {
  grantType: 'client_credentials',
  username: '',
  password: '',
  usernameField: 'userid',
  sendAccountMail: true,
  level: '3',
  dateFormat: 'date',
  timeZone: 'UTC',
  coursePath: '/learn/courses/{id}',
  ifEnrolled: 'keep',
  allowHttp: false,
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: DoceboOptions): Settings {
  return { ...defaults, ...options, baseUrl: options.baseUrl.trim().replace(/\/+$/, '') };
}

/** Secrets travel with every call, so https only; a machine's own address is let through for tests and demonstrations. */
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

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'clientId', 'clientSecret'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: "The platform's address as in a browser.",
      examples: ['https://example.docebosaas.com'],
    },
    clientId: {
      type: 'string',
      minLength: 1,
      setting: true,
      description: 'The client id of the API credentials in Docebo ("API and SSO").',
      examples: ['handover'],
    },
    clientSecret: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'Their client secret.',
      examples: [{ env: 'DOCEBO_SECRET' }],
    },
    grantType: {
      type: 'string',
      enum: ['client_credentials', 'password'],
      default: defaults.grantType,
      description:
        'How a token is got; it has to be switched on for the credentials. `password` takes `username` and `password`.',
    },
    username: { type: 'string', setting: true, description: 'For `password`: the account to act for.', examples: ['shop.admin'] },
    password: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'For `password`: the password of this account.',
      examples: [{ env: 'DOCEBO_PASSWORD' }],
    },
    usernameField: {
      type: 'string',
      enum: ['userid', 'username'],
      default: defaults.usernameField,
      description:
        'What the user name of a new account is called in the call that makes it: see the API browser of the platform.',
    },
    sendAccountMail: {
      type: 'boolean',
      default: defaults.sendAccountMail,
      description: 'Let Docebo mail new users, so that they can set a password. Off: they use its page for forgotten passwords.',
    },
    level: {
      type: 'string',
      pattern: '^[a-z0-9_]+$',
      default: defaults.level,
      description: 'The level of a learner in a course, as the API of the platform names it.',
    },
    dateFormat: {
      type: 'string',
      enum: ['date', 'dateTime'],
      default: defaults.dateFormat,
      description: 'How the end of an enrolment is written: `2026-12-31`, or `2026-12-31 18:00:00`.',
    },
    timeZone: {
      type: 'string',
      default: defaults.timeZone,
      description: 'The zone of the platform, in which the end is written.',
      examples: ['Europe/Vienna'],
    },
    coursePath: {
      type: 'string',
      pattern: '^/',
      default: defaults.coursePath,
      description: "A course's page below `baseUrl`; `{id}` stands for its number.",
    },
    ifEnrolled: { ...ifEnrolledSchema, default: defaults.ifEnrolled },
    allowHttp: {
      type: 'boolean',
      default: defaults.allowHttp,
      description: 'Take an address without TLS. Only for a stand-in within your own network.',
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
