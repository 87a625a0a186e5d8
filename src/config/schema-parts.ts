import type { Connector } from '../contract/connector.ts';
import type { Gateway } from '../contract/gateway.ts';
import type { JsonSchema } from '../contract/schema.ts';
import { isSecret, loosenTexts, replaceMarks } from './schema-rewrite.ts';

/** What the gateways and connectors of a program add to the schema: their options, and their actions' inputs. */
export interface Parts {
  readonly gateways: readonly Gateway<never>[];
  readonly connectors: readonly Connector<never>[];
}

type Definitions = Record<string, JsonSchema>;

/** The schema with the parts written into its definitions. Without parts it describes what every gateway and connector has. */
export function withParts(schema: JsonSchema, { gateways, connectors }: Parts): JsonSchema {
  const kept = Object.entries(schema['definitions'] as Definitions).filter(([name]) => !isGenerated(name));
  const definitions: Definitions = Object.fromEntries(kept);
  definitions['gateways'] = collection('gateway', gateways);
  definitions['connectors'] = collection('connector', connectors);
  definitions['gateway'] = anyInstance('gateway', gateways);
  definitions['connector'] = anyInstance('connector', connectors);
  definitions['grant'] = grantSchema(connectors);
  for (const gateway of gateways) definitions[`gateway-${gateway.name}`] = gatewaySchema(gateway);
  for (const connector of connectors) {
    const { definitions: shared, ...own } = connectorSchema(connector);
    definitions[`connector-${connector.name}`] = own;
    Object.assign(definitions, shared);
    for (const [name, action] of Object.entries(connector.actions)) {
      definitions[`action-${connector.name}-${name}`] = loosenTexts(inputSchema(action));
    }
  }
  return { ...schema, definitions };
}

/** The schema of one gateway's entry under `gateways`. */
export function gatewaySchema({ name, summary, options }: Gateway<never>): JsonSchema {
  return instanceSchema('gateway', [name], summary, options);
}

/** The schema of one account's entry under `connectors`. Definitions of its own are called `connector-<name>-…`. */
export function connectorSchema({ name, aliases = [], summary, options }: Connector<never>): JsonSchema {
  return instanceSchema('connector', [name, ...aliases], summary, options);
}

/** The schema of an action's `with`. */
export function inputSchema(action: { readonly input: JsonSchema; readonly summary: string }): JsonSchema {
  return { description: action.summary, ...replaceMarks(action.input) };
}

function schemaOf(kind: 'gateway' | 'connector', part: Gateway<never> | Connector<never>): JsonSchema {
  return kind === 'gateway' ? gatewaySchema(part as Gateway<never>) : connectorSchema(part as Connector<never>);
}

/** The shortest entry that is complete. */
function exampleOf({ required = [], properties = {} }: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(required.map((name) => [name, properties[name]?.examples?.[0] ?? properties[name]?.default]));
}

function isGenerated(name: string): boolean {
  return /^(gateways?|connectors?|grant)$|^(gateway|connector|action)-/.test(name);
}

/** Options of an instance that have nothing to do with its type. */
function commonOptions(kind: 'gateway' | 'connector'): Record<string, JsonSchema> {
  if (kind === 'connector') return { limits: { $ref: '#/definitions/limits', default: {} } };
  return {
    ignoreSkus: { $ref: '#/definitions/ignoreSkus', default: [] },
    receiver: { $ref: '#/definitions/receiver' },
    label: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'What its button on the cart page says. Default: "Pay with" and its name.',
      examples: ['Pay by card'],
    },
    sweep: { $ref: '#/definitions/sweep' },
  };
}

function instanceSchema(
  kind: 'gateway' | 'connector',
  names: readonly string[],
  summary: string,
  options: JsonSchema,
): JsonSchema {
  const own = replaceMarks(options);
  const use: JsonSchema = {
    type: 'string',
    enum: names,
    description: `Which ${kind} this is. Default: the name it stands under.`,
    examples: names.slice(0, 1),
  };
  return {
    ...own,
    description: summary,
    type: 'object',
    properties: { use, ...withExamples(names[0] ?? '', own.properties ?? {}), ...commonOptions(kind) },
    additionalProperties: own.additionalProperties ?? false,
  };
}

/** A secret without an example gets one: the name of a variable that tells whose it is. */
function withExamples(type: string, properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const entries = Object.entries(properties).map(([name, property]): [string, JsonSchema] => {
    if (!isSecret(property) || property.examples !== undefined) return [name, property];
    const variable = `${type}_${name}`.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_');
    const secret = { env: variable.toUpperCase() };
    return [name, { ...property, examples: [property.type === 'array' ? [secret] : secret] }];
  });
  return Object.fromEntries(entries);
}

/** An entry of any type: by `use` an editor knows which; one we do not know may have any options. */
function anyInstance(kind: 'gateway' | 'connector', known: Parts['gateways' | 'connectors']): JsonSchema {
  const use: JsonSchema = {
    type: 'string',
    minLength: 1,
    description: `Which ${kind} this is: a built-in one, a file or folder beside handover.json such as "./connectors/forum", or an installed package. Default: the name it stands under.`,
    ...(known.length > 0 ? { examples: known.map(({ name }) => name) } : {}),
  };
  return {
    title: kind === 'gateway' ? 'GatewayConfig' : 'ConnectorConfig',
    type: 'object',
    ...(known.length > 0 ? { required: ['use'] } : {}),
    properties: { use, ...commonOptions(kind) },
    ...branches(
      known.map((one) => ({
        if: { required: ['use'], properties: { use: { enum: namesOf(one) } } },
        then: { $ref: `#/definitions/${kind}-${one.name}` },
      })),
    ),
  };
}

function collection(kind: 'gateway' | 'connector', known: Parts['gateways' | 'connectors']): JsonSchema {
  const entries = known.flatMap((one) =>
    namesOf(one).map((name): [string, JsonSchema] => [
      name,
      { $ref: `#/definitions/${kind}-${one.name}`, description: one.summary },
    ]),
  );
  return {
    title: kind === 'gateway' ? 'GatewaysConfig' : 'ConnectorsConfig',
    description:
      kind === 'gateway'
        ? 'Who tells about money. The name is part of the callback address: /callbacks/<name>.'
        : 'The systems that are acted on. The name is the first half of a grant\'s action: "<name>.<action>".',
    type: 'object',
    propertyNames: {
      pattern: '^[a-z][a-z0-9-]{0,63}$',
      not: { enum: ['constructor', 'prototype', ...(kind === 'connector' ? ['mail'] : ['free', 'hand'])] },
      description:
        kind === 'gateway'
          ? 'A name begins with a small letter and has small letters, digits and "-" only; "free" and "hand" are taken.'
          : 'A name begins with a small letter and has small letters, digits and "-" only; "mail" is taken.',
    },
    properties: Object.fromEntries(entries),
    additionalProperties: known.length > 0 ? { $ref: `#/definitions/${kind}` } : anyInstance(kind, []),
    ...(known[0] ? { examples: [{ [known[0].name]: exampleOf(schemaOf(kind, known[0])) }] } : {}),
  };
}

function grantSchema(connectors: Parts['connectors']): JsonSchema {
  const actions = connectors.flatMap((connector) =>
    namesOf(connector).flatMap((account) =>
      Object.entries(connector.actions).map(([name, action]) => ({
        name: `${account}.${name}`,
        ref: `#/definitions/action-${connector.name}-${name}`,
        input: action.input,
      })),
    ),
  );
  const anyName = { type: 'string', pattern: '^[a-z][a-z0-9-]*\\.[A-Za-z][A-Za-z0-9]*$' };
  return {
    title: 'GrantConfig',
    type: 'object',
    required: ['action'],
    additionalProperties: false,
    properties: {
      action: {
        description: 'What gives it: "<connector>.<action>", by the name the connector has in handover.json.',
        examples: actions.length > 0 ? actions.slice(0, 3).map(({ name }) => name) : ['moodle.enrol'],
        ...(actions.length > 0
          ? { anyOf: [{ enum: actions.map(({ name }) => name) }, anyName] }
          : { type: 'string', minLength: 1 }),
      },
      with: {
        type: 'object',
        additionalProperties: true,
        description: "The action's input. Texts may use placeholders of order, buyer, learner, product, site and metadata.",
        default: {},
        examples: [{ course: 'ts-101' }],
      },
      title: {
        type: 'string',
        minLength: 1,
        maxLength: 300,
        description: "What buyers see it called. Default: the product's title.",
        examples: ['The course'],
      },
      when: {
        title: 'GrantEndings',
        type: 'object',
        additionalProperties: false,
        description: 'What becomes of this grant alone, where it differs from the outcome\'s "grants".',
        properties: Object.fromEntries(['refunded', 'disputed', 'ended'].map((name) => [name, { $ref: '#/definitions/ending' }])),
        examples: [{ refunded: 'keep', ended: { then: 'revoke', afterDays: 30 } }],
      },
    },
    ...branches(
      actions.map(({ name, ref, input }) => ({
        if: { required: ['action'], properties: { action: { const: name } } },
        then: { ...((input.required ?? []).length > 0 ? { required: ['with'] } : {}), properties: { with: { $ref: ref } } },
      })),
    ),
    examples: actions.slice(0, 1).map(({ name, input }) => ({ action: name, with: exampleOf(input) })),
  };
}

function branches(list: readonly JsonSchema[]): JsonSchema {
  return list.length > 0 ? { allOf: list } : {};
}

function namesOf(part: Gateway<never> | Connector<never>): string[] {
  return [part.name, ...('aliases' in part ? (part.aliases ?? []) : [])];
}
