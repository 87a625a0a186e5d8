import type { JsonSchema } from 'handover/contract';

export type BodyEncoding = 'form' | 'json' | 'query';

/** An Axis LMS account in handover.json. What each option is for stands in `optionsSchema`. */
export interface AxisOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly api?: 'rest' | 'legacy';
  readonly partition?: string;
  readonly portalUrl?: string;
  readonly timeZone?: string;
  readonly keyPlacement?: string;
  readonly bodyEncoding?: { readonly post?: BodyEncoding; readonly put?: BodyEncoding };
  readonly usernameRule?: 'email' | 'hash';
  readonly matchByEmail?: boolean;
  readonly orderField?: string;
  readonly extendAccounts?: boolean;
  readonly lookFirst?: boolean;
  readonly sendDatesAlways?: boolean;
  readonly openEnd?: string;
  readonly endBy?: 'delete' | 'window';
  readonly signIn?: 'newAccounts' | 'always' | 'never';
  readonly ssoMinutes?: number;
  readonly groupPath?: 'id' | 'name';
  readonly requestTimeoutSeconds?: number;
}

/** The options with every default filled in. */
export type Settings = Required<Omit<AxisOptions, 'bodyEncoding'>> & {
  readonly bodyEncoding: Required<NonNullable<AxisOptions['bodyEncoding']>>;
};

const defaults = {
  api: 'rest',
  partition: 'admin',
  timeZone: 'UTC',
  keyPlacement: 'bearer',
  usernameRule: 'email',
  matchByEmail: true,
  orderField: 'custom15',
  extendAccounts: false,
  lookFirst: true,
  sendDatesAlways: true,
  openEnd: '2099-12-31',
  endBy: 'delete',
  signIn: 'newAccounts',
  ssoMinutes: 60,
  groupPath: 'id',
  requestTimeoutSeconds: 10,
} as const;

export function settingsOf(options: AxisOptions): Settings {
  const baseUrl = options.baseUrl.trim().replace(/\/+$/, '');
  return {
    ...defaults,
    portalUrl: `${baseUrl.replace(/\/[^/]*\.php$/, '')}/`,
    ...options,
    baseUrl,
    bodyEncoding: { post: 'form', put: 'json', ...options.bodyEncoding },
  };
}

/** The vendor serves over TLS only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

const encoding = (method: string, fallback: BodyEncoding): JsonSchema => ({
  type: 'string',
  enum: ['form', 'json', 'query'],
  default: fallback,
  description: `How parameters of ${method} calls travel. The vendor's public pages do not say.`,
});

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'apiKey'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description:
        'Where the API answers: the whole address up to and including api.php. Whether it holds a folder /lms depends on the system.',
      examples: ['https://training.example.com/api.php', 'https://training.example.com/lms/api.php'],
    },
    apiKey: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: "The LMS account's API key.",
      examples: [{ env: 'AXIS_API_KEY' }],
    },
    api: {
      type: 'string',
      enum: ['rest', 'legacy'],
      default: defaults.api,
      description:
        'Which interface to speak. `legacy` is the older one, for systems that have no REST key; courses then go by name.',
    },
    partition: {
      type: 'string',
      default: defaults.partition,
      setting: true,
      description: "Legacy API only: the partition, that is its admin's user name.",
    },
    portalUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'Where learners sign in by themselves. Default: the base URL without api.php, which is a guess.',
      examples: ['https://training.example.com/'],
    },
    timeZone: {
      type: 'string',
      default: defaults.timeZone,
      description: "The zone in which an access day begins. Axis dates carry none, so take the LMS's own.",
      examples: ['America/New_York'],
    },
    keyPlacement: {
      type: 'string',
      pattern: '^(bearer|(query|header):[A-Za-z0-9_-]+)$',
      default: defaults.keyPlacement,
      description: "Where the API key stands in the token request. The vendor's public pages show it in a picture only.",
      examples: ['bearer', 'query:auth', 'header:X-Api-Key'],
    },
    bodyEncoding: {
      type: 'object',
      additionalProperties: false,
      description: 'How parameters of writing calls travel.',
      properties: { post: encoding('POST', 'form'), put: encoding('PUT', 'json') },
      examples: [{ post: 'json', put: 'json' }],
    },
    usernameRule: {
      type: 'string',
      enum: ['email', 'hash'],
      default: defaults.usernameRule,
      description:
        'User names of new accounts. `email`: the mail address, made legal where needed. `hash`: a code computed from it, which tells nothing. Changing it later makes second accounts unless `matchByEmail` is on.',
    },
    matchByEmail: {
      type: 'boolean',
      default: defaults.matchByEmail,
      description: 'Use an account with the same mail address when there is none with the expected user name. REST only.',
    },
    orderField: {
      type: 'string',
      pattern: '^(custom([1-9]|1[0-5]))?$',
      default: defaults.orderField,
      description: 'The free field in which a new account keeps the number of the order that made it. Empty: none.',
    },
    extendAccounts: {
      type: 'boolean',
      default: defaults.extendAccounts,
      description: 'Move the expiration date of an existing account when it ends before the access that was bought. REST only.',
    },
    lookFirst: {
      type: 'boolean',
      default: defaults.lookFirst,
      description:
        'Read the enrolment before writing it, so that nobody is mailed twice and earlier access is kept. Switch off only where the list of course users cannot be read.',
    },
    sendDatesAlways: {
      type: 'boolean',
      default: defaults.sendDatesAlways,
      description: 'Send the first day also for a new enrolment without end. Off: such an enrolment is sent without dates.',
    },
    openEnd: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      default: defaults.openEnd,
      description: 'The day that stands for "no end" where an end on file is to be lifted: no way to clear it is documented.',
    },
    endBy: {
      type: 'string',
      enum: ['delete', 'window'],
      default: defaults.endBy,
      description:
        'How a refund ends an enrolment. `delete` disenrols. `window` lets it end yesterday, so that the record stays; within two days of the first day it disenrols all the same.',
    },
    signIn: {
      type: 'string',
      enum: ['newAccounts', 'always', 'never'],
      default: defaults.signIn,
      description:
        "Whom `loginUrl` signs in without a password. `newAccounts`: those whose account the same order made. `always`: everybody but managers; only where the checkout proves mail addresses, since a buyer could type in somebody else's. Others come to `portalUrl`.",
    },
    ssoMinutes: {
      type: 'integer',
      minimum: 1,
      maximum: 999999,
      default: defaults.ssoMinutes,
      description: 'Legacy API only: for how many minutes a sign-in link is good. Over REST it is always one hour.',
    },
    groupPath: {
      type: 'string',
      enum: ['id', 'name'],
      default: defaults.groupPath,
      description: "What stands for the usergroup in the address of a membership call. The vendor's public pages do not say.",
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
