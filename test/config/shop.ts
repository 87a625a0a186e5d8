import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accepted, defineAction, defineConnector, defineGateway } from '../../src/contract/index.ts';
import { loadConfiguration, type LoadOptions } from '../../src/config/index.ts';
import { ConfigurationError } from '../../src/config/problems.ts';

/** A gateway with each kind of option: secrets (one or a list), a setting, a nested object. */
export const stripe = defineGateway<unknown>({
  name: 'stripe',
  summary: 'Stripe',
  options: {
    type: 'object',
    required: ['webhookSecret'],
    properties: {
      webhookSecret: { type: ['string', 'array'], secret: true, description: 'Signs callbacks.' },
      apiKey: { type: 'string', secret: true },
      toleranceSeconds: { type: 'integer', minimum: 1, default: 300, setting: true },
      api: {
        type: 'object',
        properties: { url: { type: 'string', format: 'uri' }, version: { type: 'string', enum: ['v1', 'v2'] } },
      },
    },
  },
  verify: () => accepted('1'),
  read: () => Promise.resolve({ ignored: 'nothing' }),
});

export const sandbox = defineGateway<unknown>({
  name: 'sandbox',
  summary: 'Test payments',
  options: { type: 'object', properties: {} },
  testOnly: true,
  verify: () => accepted('1'),
  read: () => Promise.resolve({ ignored: 'nothing' }),
});

export const moodle = defineConnector<unknown>({
  name: 'moodle',
  aliases: ['moodle-lms'],
  summary: 'Moodle',
  options: {
    type: 'object',
    required: ['url', 'token'],
    properties: { url: { type: 'string', format: 'uri', setting: true }, token: { type: 'string', secret: true } },
  },
  actions: {
    enrol: defineAction({
      summary: 'Enrol the buyer in a course',
      repeats: 'set',
      input: {
        type: 'object',
        required: ['course'],
        properties: {
          course: { type: 'string', description: "The course's id number in Moodle.", examples: ['ts-101'] },
          days: { type: 'integer', minimum: 1, default: 365 },
          email: { type: 'string', format: 'email' },
          role: { type: 'string', enum: ['student', 'guest'] },
        },
      },
      output: { loginUrl: { description: 'Sign-in link', link: true }, courseUrl: { description: 'The course' } },
      grant: () => Promise.resolve({}),
    }),
  },
});

export const keys = defineConnector<unknown>({
  name: 'keys',
  summary: 'Activation keys',
  options: { type: 'object', properties: {} },
  actions: {
    take: defineAction({
      summary: 'Take a key',
      repeats: 'keyed',
      input: { type: 'object', properties: { note: { type: 'string', maxLength: 20 } } },
      output: { key: { description: 'The key', secret: true } },
      grant: () => Promise.resolve({}),
    }),
  },
});

export const env = {
  STRIPE_SECRET: 'whsec_very-secret-value-one',
  MOODLE_TOKEN: 'moodle-very-secret-value-two',
  HANDOVER_SECRET: '0123456789abcdef0123456789abcdef-very-secret-value-three',
  SMTP_PASSWORD: 'very-secret-value-four',
  SHORT_SECRET: 'five',
};

export const parts = { gateways: [stripe, sandbox], connectors: [moodle, keys] };

/** A complete and correct handover.json. */
export function siteContent(): Record<string, unknown> {
  return {
    $schema: '../config.schema.json',
    baseUrl: 'https://shop.example.com/shop',
    site: { name: 'Example School', support: 'mailto:help@example.com' },
    owner: { email: 'owner@example.com' },
    secret: { env: 'HANDOVER_SECRET' },
    mail: {
      from: { name: 'Example School', email: 'school@example.com' },
      smtp: { host: 'smtp.example.com', user: 'school', password: { env: 'SMTP_PASSWORD' } },
    },
    gateways: { stripe: { webhookSecret: { env: 'STRIPE_SECRET' } } },
    connectors: { moodle: { url: 'https://lms.example.com', token: { env: 'MOODLE_TOKEN' } }, keys: {} },
  };
}

/** A complete and correct product file. */
export function productContent(): Record<string, unknown> {
  return {
    $schema: '../../config.schema.json',
    sku: 'TS-101',
    title: 'TypeScript in a week',
    price: '49.00 EUR',
    grants: { course: { action: 'moodle.enrol', with: { course: 'ts-101' } } },
    outcomes: {
      paid: {
        page: { heading: 'You are in', button: { label: 'Start', link: '{{course.loginUrl}}' } },
        mail: { subject: 'Your course is ready', text: 'Sign in: {{course.loginUrl}}' },
      },
      refunded: { grants: 'revoke' },
    },
  };
}

/** A shop's folder for one test. Contents are written as JSON, texts and bytes as they are. */
export class Shop {
  readonly folder = mkdtempSync(join(tmpdir(), 'handover-config-'));

  constructor(files: Record<string, unknown> = {}) {
    const all = { 'handover.json': siteContent(), 'products/TS-101.json': productContent(), ...files };
    for (const [file, content] of Object.entries<unknown>(all)) if (content !== undefined) this.write(file, content);
  }

  write(file: string, content: unknown): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content, null, 2),
    );
  }

  load(options: Partial<LoadOptions> = {}) {
    return loadConfiguration(this.folder, { ...parts, env, ...options });
  }

  /** The error a load ends with. */
  refusal(options: Partial<LoadOptions> = {}): ConfigurationError {
    try {
      this.load(options);
    } catch (error) {
      if (error instanceof ConfigurationError) return error;
      throw error;
    }
    throw new Error('The configuration was accepted.');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Changes a copy of a content at a path such as `outcomes.paid.page`; undefined takes the member out. */
export function changed(content: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let inside = content;
  for (const name of names) {
    inside[name] ??= {};
    inside = inside[name] as Record<string, unknown>;
  }
  inside[last] = value;
  return JSON.parse(JSON.stringify(content)) as Record<string, unknown>;
}

export const site = (path: string, value: unknown): Record<string, unknown> => changed(siteContent(), path, value);
export const product = (path: string, value: unknown): Record<string, unknown> => changed(productContent(), path, value);
