import fileContent from '../../config.schema.json' with { type: 'json' };
import type { JsonSchema } from '../contract/schema.ts';
import { withParts } from './schema-parts.ts';

const content: unknown = fileContent;

/** config.schema.json without the options of single gateways and connectors: those come from the objects in use. */
export const definitions = withParts(content as JsonSchema, { gateways: [], connectors: [] })['definitions'] as Readonly<
  Record<string, JsonSchema>
>;

/** A definition of config.schema.json by its name. */
export function definition(name: 'site' | 'product'): JsonSchema {
  const found = definitions[name];
  if (!found) throw new Error(`config.schema.json has no definition "${name}"`);
  return found;
}

/** A reference followed to its definition; any other schema as it is. */
export function follow(schema: JsonSchema): JsonSchema {
  const name = typeof schema['$ref'] === 'string' ? /^#\/definitions\/(.+)$/.exec(schema['$ref'])?.[1] : undefined;
  return (name === undefined ? undefined : definitions[name]) ?? schema;
}
