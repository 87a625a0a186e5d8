import type { JsonSchema } from 'handover/contract';

/** A Thinkific school in handover.json. What each option is for stands in `optionsSchema`. */
export interface ThinkificOptions {
  readonly subdomain: string;
  readonly apiKey: string;
  readonly siteUrl?: string;
  readonly courseUrl?: string;
  readonly signIn?: 'newAccounts' | 'always' | 'never';
  readonly welcomeMail?: boolean;
  readonly baseUrl?: string;
  readonly requestTimeoutSeconds?: number;
}

/** The options with every default filled in; addresses without a slash at the end. */
export type Settings = Required<ThinkificOptions>;

const defaults = {
  courseUrl: '{site}/courses/take/{slug}',
  signIn: 'never',
  welcomeMail: true,
  baseUrl: 'https://api.thinkific.com',
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: ThinkificOptions): Settings {
  const settings = { ...defaults, ...options };
  const siteUrl = trimmed(options.siteUrl ?? `https://${options.subdomain}.thinkific.com`);
  return { ...settings, baseUrl: trimmed(settings.baseUrl), siteUrl };
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
  required: ['subdomain', 'apiKey'],
  additionalProperties: false,
  properties: {
    subdomain: {
      type: 'string',
      pattern: '^[A-Za-z0-9-]+$',
      setting: true,
      description: 'The part of the address before `.thinkific.com`.',
      examples: ['example-school'],
    },
    apiKey: {
      type: 'string',
      minLength: 1,
      secret: true,
      description:
        'The API key of the school. It also signs sign-in tokens, for anybody, so treat it like the password of an administrator.',
      examples: [{ env: 'THINKIFIC_API_KEY' }],
    },
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description:
        'The address learners see, where the school has a domain of its own. Default: `https://<subdomain>.thinkific.com`.',
      examples: ['https://learn.example.com'],
    },
    courseUrl: {
      type: 'string',
      default: defaults.courseUrl,
      description:
        'The address of a course. `{site}` stands for `siteUrl`, `{slug}` for the part that Thinkific gives the course.',
      examples: ['{site}/courses/take/{slug}'],
    },
    signIn: {
      type: 'string',
      enum: ['newAccounts', 'always', 'never'],
      default: defaults.signIn,
      description:
        "Whom `loginUrl` signs in without a password, which takes the plan Thinkific Plus. `newAccounts`: those whose account the same order made. `always`: everybody; only where the checkout proves mail addresses, since a buyer could type in somebody else's. Others come to `courseUrl`.",
    },
    welcomeMail: {
      type: 'boolean',
      default: defaults.welcomeMail,
      description: 'Let Thinkific mail new learners how to get in. Off: they come in by `loginUrl`, or ask for a new password.',
    },
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      default: defaults.baseUrl,
      description: 'Where the API is. Another one is for tests.',
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
