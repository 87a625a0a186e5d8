import type { JsonSchema } from 'handover/contract';

/** A LearnWorlds school in handover.json. What each option is for stands in `optionsSchema`. */
export interface LearnWorldsOptions {
  readonly schoolUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly usernameRule?: 'unique' | 'name' | 'hash';
  readonly sendEnrolmentMail?: boolean;
  readonly signIn?: 'newAccounts' | 'always' | 'never';
  readonly coursePath?: string;
  readonly otherPath?: string;
  readonly ifEnrolled?: IfEnrolled;
  readonly allowHttp?: boolean;
  readonly requestTimeoutSeconds?: number;
}

export type IfEnrolled = 'keep' | 'ask';

/** The options with every default filled in; the address without a slash at the end. */
export type Settings = Required<LearnWorldsOptions>;

const defaults = {
  usernameRule: 'unique',
  sendEnrolmentMail: false,
  signIn: 'newAccounts',
  coursePath: '/course/{id}',
  otherPath: '/start',
  ifEnrolled: 'keep',
  allowHttp: false,
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: LearnWorldsOptions): Settings {
  return { ...defaults, ...options, schoolUrl: options.schoolUrl.trim().replace(/\/+$/, '') };
}

/** Secrets travel with every call, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress({ schoolUrl, allowHttp }: Pick<Settings, 'schoolUrl' | 'allowHttp'>): boolean {
  if (!URL.canParse(schoolUrl)) return false;
  const { protocol, hostname } = new URL(schoolUrl);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && (isHere || allowHttp));
}

export const ifEnrolledSchema: JsonSchema = {
  type: 'string',
  enum: ['keep', 'ask'],
  description:
    'When the learner has the product already and no other purchase of ours gave it. `keep`: nothing is changed, and nothing taken back later. `ask`: a person decides.',
};

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['schoolUrl', 'clientId', 'clientSecret'],
  additionalProperties: false,
  properties: {
    schoolUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: "The school's address as in a browser, without the path of a page.",
      examples: ['https://academy.example.com'],
    },
    clientId: {
      type: 'string',
      minLength: 1,
      setting: true,
      description: 'The client id under Settings > Developers > API.',
      examples: ['5f1d7c0e9b3a2b0017a4c1de'],
    },
    clientSecret: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'The client secret from the same page.',
      examples: [{ env: 'LEARNWORLDS_SECRET' }],
    },
    usernameRule: {
      type: 'string',
      enum: ['unique', 'name', 'hash'],
      default: defaults.usernameRule,
      description:
        'User names of new accounts, which others see in the community. `unique`: the name and a short code, such as `Ada Byron 3f2c91`. `name`: just the name. `hash`: `shop-` and a code, which tells nothing.',
    },
    sendEnrolmentMail: {
      type: 'boolean',
      default: defaults.sendEnrolmentMail,
      description: 'Let LearnWorlds send its own enrolment mail beside ours.',
    },
    signIn: {
      type: 'string',
      enum: ['newAccounts', 'always', 'never'],
      default: defaults.signIn,
      description:
        "Whom `loginUrl` signs in without a password. `newAccounts`: those whose account the same order made. `always`: everybody; only where the checkout proves mail addresses, since a buyer could type in somebody else's. Others come to the page of the product.",
    },
    coursePath: {
      type: 'string',
      pattern: '^/',
      default: defaults.coursePath,
      description: 'The page of a course below `schoolUrl`; `{id}` stands for its id.',
    },
    otherPath: {
      type: 'string',
      pattern: '^/',
      default: defaults.otherPath,
      description: 'The page that bundles and subscriptions lead to; `{id}` stands for their id.',
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
