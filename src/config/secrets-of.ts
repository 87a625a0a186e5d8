import type { JsonSchema } from '../contract/schema.ts';
import type { Configuration } from './configuration.ts';
import { isContent } from './read-files.ts';

type Secretive = Pick<Configuration, 'site' | 'gateways' | 'accounts'>;

/** Every secret a configuration was given, so that it can be kept out of logs and histories. */
export function secretsOf({ site, gateways, accounts }: Secretive): string[] {
  const own = [...(site.secret ?? []), site.mail?.smtp.password, site.metrics?.token];
  const ofGateways = [...gateways.values()].flatMap(({ gateway, options }) => secretsIn(gateway.options, options));
  const ofAccounts = [...accounts.values()].flatMap(({ connector, options }) => secretsIn(connector.options, options));
  return [...new Set([...own, ...ofGateways, ...ofAccounts])].filter((text) => text !== undefined);
}

function secretsIn(schema: JsonSchema, value: unknown): string[] {
  if (value === undefined) return [];
  if (schema['secret'] === true) return [value].flat().filter((text) => typeof text === 'string');
  const alternatives = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => (schema[keyword] ?? []) as JsonSchema[]);
  const branches = ['then', 'else'].flatMap((keyword) => (schema[keyword] ?? []) as JsonSchema[]);
  return [
    ...[...alternatives, ...branches].flatMap((each) => secretsIn(each, value)),
    ...(Array.isArray(value) ? value.flatMap((item: unknown) => secretsIn(schema.items ?? {}, item)) : []),
    ...(isContent(value) ? Object.entries(value).flatMap(([name, inside]) => secretsIn(schemaOf(schema, name), inside)) : []),
  ];
}

function schemaOf({ properties = {}, additionalProperties }: JsonSchema, name: string): JsonSchema {
  const named = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return named ?? (typeof additionalProperties === 'object' ? additionalProperties : {});
}
