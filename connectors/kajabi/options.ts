import type { JsonSchema } from 'handover/contract';

/** The two addresses that Kajabi shows for an offer. Whoever knows them can grant and revoke it, so they are secrets. */
export interface OfferAddresses {
  readonly activationUrl: string;
  readonly deactivationUrl: string;
}

/** A Kajabi site in handover.json. What each option is for stands in `optionsSchema`. */
export interface KajabiOptions {
  readonly siteUrl: string;
  readonly offers: Readonly<Record<string, OfferAddresses>>;
  readonly sendOfferMail?: boolean;
  readonly externalUserId?: 'email' | 'hash';
  readonly loginPath?: string;
  readonly ifGranted?: IfGranted;
  readonly allowHttp?: boolean;
  readonly requestTimeoutSeconds?: number;
}

export type IfGranted = 'keep' | 'ask';

/** The options with every default filled in; the address without a slash at the end. */
export type Settings = Required<KajabiOptions>;

const defaults = {
  sendOfferMail: false,
  externalUserId: 'email',
  loginPath: '/login',
  ifGranted: 'keep',
  allowHttp: false,
  requestTimeoutSeconds: 15,
} as const;

export function settingsOf(options: KajabiOptions): Settings {
  return { ...defaults, ...options, siteUrl: options.siteUrl.trim().replace(/\/+$/, '') };
}

/** The addresses of an offer by its name in handover.json. */
export function offerNamed({ offers }: Pick<KajabiOptions, 'offers'>, name: string): OfferAddresses | undefined {
  return Object.hasOwn(offers, name) ? offers[name] : undefined;
}

export const ifGrantedSchema: JsonSchema = {
  type: 'string',
  enum: ['keep', 'ask'],
  description:
    'When Kajabi says that the learner has the offer already and no other purchase of ours gave it. `keep`: nothing is changed, and nothing taken back later. `ask`: a person decides.',
};

export const optionsSchema: JsonSchema = {
  type: 'object',
  required: ['siteUrl', 'offers'],
  additionalProperties: false,
  properties: {
    siteUrl: {
      type: 'string',
      format: 'uri',
      setting: true,
      description: 'The address where members sign in.',
      examples: ['https://academy.example.com'],
    },
    offers: {
      type: 'object',
      minProperties: 1,
      description: 'The offers that products may give, by a name of your choice. Products name them by it.',
      additionalProperties: {
        type: 'object',
        required: ['activationUrl', 'deactivationUrl'],
        additionalProperties: false,
        properties: {
          activationUrl: {
            type: 'string',
            minLength: 1,
            secret: true,
            description: "The offer's activation address: in Kajabi the offer, More Actions, Webhooks.",
            examples: [{ env: 'KAJABI_TS_101_ACTIVATE' }],
          },
          deactivationUrl: {
            type: 'string',
            minLength: 1,
            secret: true,
            description: "The offer's deactivation address, from the same place.",
            examples: [{ env: 'KAJABI_TS_101_DEACTIVATE' }],
          },
        },
      },
    },
    sendOfferMail: {
      type: 'boolean',
      default: defaults.sendOfferMail,
      description:
        "Let Kajabi send its own offer grant mail, by which a new member sets a password. Off: they use Kajabi's page for forgotten passwords.",
    },
    externalUserId: {
      type: 'string',
      enum: ['email', 'hash'],
      default: defaults.externalUserId,
      description:
        'What tells Kajabi a member by. `email`: the mail address in small letters, as most senders do. `hash`: `shop-` and a code computed from it. Kajabi refuses a member it knows by another one, so do not change it later.',
    },
    loginPath: {
      type: 'string',
      pattern: '^/',
      default: defaults.loginPath,
      description: 'The page below `siteUrl` that `loginUrl` leads to.',
    },
    ifGranted: { ...ifGrantedSchema, default: defaults.ifGranted },
    allowHttp: {
      type: 'boolean',
      default: defaults.allowHttp,
      description: 'Take addresses without TLS. Only for a stand-in within your own network.',
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
