import type { JsonSchema } from 'handover/contract';

/** An Open edX in handover.json. What each option is for stands in `optionsSchema`. */
export interface OpenEdxOptions {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly siteUrl?: string;
  readonly courseUrl?: string;
  readonly mode?: string;
  readonly accounts?: 'register' | 'ask';
  readonly registration?: Readonly<Record<string, string>>;
  readonly requestTimeoutSeconds?: number;
}

/** The options with every default filled in; addresses without a slash at the end. */
export type Settings = Required<OpenEdxOptions>;

const defaults = {
  courseUrl: '{site}/courses/{course}/course/',
  mode: 'audit',
  accounts: 'register',
  registration: { terms_of_service: 'true', honor_code: 'true' },
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: OpenEdxOptions): Settings {
  const baseUrl = trimmed(options.baseUrl);
  const registration = { ...defaults.registration, ...options.registration };
  return { ...defaults, ...options, registration, baseUrl, siteUrl: trimmed(options.siteUrl ?? baseUrl) };
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/** The secret travels to it, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'clientId', 'clientSecret'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address of the LMS, without a path.',
      examples: ['https://lms.example.com'],
    },
    clientId: {
      type: 'string',
      minLength: 1,
      setting: true,
      description: 'The client id of the OAuth application. The user it belongs to has to be staff.',
      examples: ['shop'],
    },
    clientSecret: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'The client secret of the OAuth application.',
      examples: [{ env: 'OPENEDX_CLIENT_SECRET' }],
    },
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address learners see, where the shop reaches the LMS by another one. Default: `baseUrl`.',
      examples: ['https://lms.example.com'],
    },
    courseUrl: {
      type: 'string',
      default: defaults.courseUrl,
      description: 'The address of a course. `{site}` stands for `siteUrl`, `{course}` for the id of the course run.',
      examples: ['https://apps.example.com/learning/course/{course}/home'],
    },
    mode: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]*$',
      default: defaults.mode,
      description: 'The mode of the enrolment, where a product names none. The course has to offer it.',
      examples: ['audit', 'honor', 'verified', 'professional'],
    },
    accounts: {
      type: 'string',
      enum: ['register', 'ask'],
      default: defaults.accounts,
      description:
        'What happens to a learner without an account. `register`: one is made by the registration form, with a password that nobody knows. `ask`: a person is asked; for sites that let nobody register that way.',
    },
    registration: {
      type: 'object',
      additionalProperties: { type: 'string' },
      default: defaults.registration,
      description:
        'Further fields of the registration form, as the site asks for them. Taken besides address, name, user name and password.',
      examples: [{ country: 'AT' }],
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
