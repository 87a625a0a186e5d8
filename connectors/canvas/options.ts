import type { JsonSchema } from 'handover/contract';

/** A Canvas in handover.json. What each option is for stands in `optionsSchema`. */
export interface CanvasOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly siteUrl?: string;
  readonly accountId?: string;
  readonly courseBy?: 'id' | 'sis';
  readonly roleId?: string;
  readonly endBy?: 'deactivate' | 'conclude' | 'delete';
  readonly confirmationMail?: boolean;
  readonly enrolmentMail?: boolean;
  readonly requestTimeoutSeconds?: number;
}

/** The options with every default filled in; addresses without a slash at the end. */
export type Settings = Required<CanvasOptions>;

const defaults = {
  accountId: 'self',
  courseBy: 'id',
  roleId: '',
  endBy: 'deactivate',
  confirmationMail: true,
  enrolmentMail: false,
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: CanvasOptions): Settings {
  const baseUrl = trimmed(options.baseUrl);
  return { ...defaults, ...options, baseUrl, siteUrl: trimmed(options.siteUrl ?? baseUrl) };
}

function trimmed(address: string): string {
  return address.trim().replace(/\/+$/, '');
}

/** The token travels with every call, so https only; a machine's own address is let through for tests and demonstrations. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['baseUrl', 'token'],
  additionalProperties: false,
  properties: {
    baseUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address of Canvas, without a path. The API is looked for below it.',
      examples: ['https://example.instructure.com'],
    },
    token: {
      type: 'string',
      minLength: 1,
      secret: true,
      description: 'An access token of the user that acts for the shop.',
      examples: [{ env: 'CANVAS_TOKEN' }],
    },
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address learners see, where the shop reaches Canvas by another one. Default: `baseUrl`.',
      examples: ['https://canvas.example.com'],
    },
    accountId: {
      type: 'string',
      pattern: '^[A-Za-z0-9_:.~-]+$',
      default: defaults.accountId,
      description: 'The account in which users are looked for and made. `self` is the one of the address.',
      examples: ['self', '17'],
    },
    courseBy: {
      type: 'string',
      enum: ['id', 'sis'],
      default: defaults.courseBy,
      description:
        'What `course` in a product names: the number in the address of the course, or its SIS ID, which takes a right of its own.',
    },
    roleId: {
      type: 'string',
      pattern: '^\\d*$',
      default: defaults.roleId,
      description: 'The number of the role learners get, where it is not the usual Student.',
      examples: ['23'],
    },
    endBy: {
      type: 'string',
      enum: ['deactivate', 'conclude', 'delete'],
      default: defaults.endBy,
      description:
        'How a refund ends an enrolment. `deactivate`: no access, everything kept. `conclude`: the learner still reads what there was. `delete`: the enrolment goes.',
    },
    confirmationMail: {
      type: 'boolean',
      default: defaults.confirmationMail,
      description: 'Let Canvas mail new users how to finish their registration. Off: where learners sign in by another system.',
    },
    enrolmentMail: {
      type: 'boolean',
      default: defaults.enrolmentMail,
      description: 'Let Canvas mail learners about the enrolment, besides what the shop mails.',
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
