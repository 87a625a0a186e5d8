import type { JsonSchema } from '../../contract/schema.ts';

/** What handover.json says of a Mollie profile, secrets resolved. */
export interface MollieOptions {
  readonly apiKey: string;
  readonly addressSecrets: readonly string[];
  readonly secrets?: readonly string[];
  readonly apiBase?: string;
}

export const defaultApiBase = 'https://api.mollie.com';

export const mollieOptions: JsonSchema = {
  type: 'object',
  required: ['apiKey', 'addressSecrets'],
  additionalProperties: false,
  properties: {
    apiKey: {
      type: 'string',
      secret: true,
      minLength: 10,
      description: 'API key of the profile (live_… or test_…). A callback only names a payment, so the payment is asked for.',
      examples: [{ env: 'MOLLIE_API_KEY' }],
    },
    addressSecrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 16 },
      description:
        'Secrets of your own, 16 characters or more. Mollie does not sign its classic callbacks, so the address it calls carries a key made from the first of them; a call without the key is refused.',
      examples: [[{ env: 'MOLLIE_ADDRESS_SECRET' }]],
    },
    secrets: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', secret: true, minLength: 8 },
      description: "Signing secrets of Mollie's next-gen webhooks, if you have subscribed to any.",
      examples: [[{ env: 'MOLLIE_WEBHOOK_SECRET' }]],
    },
    apiBase: {
      type: 'string',
      setting: true,
      format: 'uri',
      default: defaultApiBase,
      description: 'Address of the API. Changed only to talk to a double in tests.',
      examples: [defaultApiBase],
    },
  },
};
