import type { JsonSchema } from 'handover/contract';

/** A TalentLMS account in handover.json. What each option is for stands in `optionsSchema`. */
export interface TalentLmsOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly apiVersion?: string;
  readonly siteUrl?: string;
  readonly courseUrl?: string;
  readonly loginRule?: 'email' | 'hash';
  readonly signIn?: 'newAccounts' | 'always' | 'never';
  readonly requestTimeoutSeconds?: number;
}

/** The options with every default filled in; addresses without a slash at the end. */
export type Settings = Required<TalentLmsOptions>;

const defaults = {
  apiVersion: '2025-07-01',
  courseUrl: '{site}',
  loginRule: 'email',
  signIn: 'newAccounts',
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: TalentLmsOptions): Settings {
  const baseUrl = trimmed(options.baseUrl);
  return { ...defaults, ...options, baseUrl, siteUrl: trimmed(options.siteUrl ?? baseUrl) };
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/** The key travels with every call, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'apiKey'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: "The portal's own address at TalentLMS, without a path. The API is looked for below it.",
      examples: ['https://example.talentlms.com'],
    },
    apiKey: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'The API key of the portal. It may do everything, so treat it like the password of an administrator.',
      examples: [{ env: 'TALENTLMS_API_KEY' }],
    },
    apiVersion: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\d$',
      default: defaults.apiVersion,
      description: 'The version of the API to speak, sent as `X-API-Version`.',
      examples: ['2025-07-01'],
    },
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description:
        'The address learners see, where the portal has a domain of its own. Sign-in links to elsewhere are refused. Default: `baseUrl`.',
      examples: ['https://learn.example.com'],
    },
    courseUrl: {
      type: 'string',
      default: defaults.courseUrl,
      description:
        'The address of a course for those who are not signed in by `loginUrl`. `{site}` stands for `siteUrl`, `{course}` for the number of the course. Default: the portal itself.',
      examples: ['{site}/plus/courses/{course}'],
    },
    loginRule: {
      type: 'string',
      enum: ['email', 'hash'],
      default: defaults.loginRule,
      description:
        'User names of new accounts. `email`: the mail address in small letters. `hash`: `shop-` and a code computed from it.',
    },
    signIn: {
      type: 'string',
      enum: ['newAccounts', 'always', 'never'],
      default: defaults.signIn,
      description:
        "Whom `loginUrl` signs in without a password. `newAccounts`: those whose account the same order made. `always`: everybody; only where the checkout proves mail addresses, since a buyer could type in somebody else's. Others come to `courseUrl`.",
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
