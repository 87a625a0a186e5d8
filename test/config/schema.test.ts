import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import type { JsonSchema } from '../../src/contract/index.ts';
import { withParts } from '../../src/config/schema-parts.ts';
import { parts, product, productContent, site, siteContent } from './shop.ts';

const published = JSON.parse(readFileSync(new URL('../../config.schema.json', import.meta.url), 'utf8')) as JsonSchema;

/** What any JSON Schema tool of an editor would say; nothing of ours takes part. */
function problemsOf(content: unknown, schema: JsonSchema): string[] {
  const ajv = new Ajv({ strictSchema: true, strictTypes: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(content)) return [];
  return (validate.errors ?? [])
    .map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
    .filter((one) => !one.endsWith(' if'));
}

/** Every schema inside a schema that describes an option, with the path to it. */
function* optionsIn(schema: JsonSchema, path: string): Generator<[string, JsonSchema]> {
  for (const [name, option] of Object.entries(schema.properties ?? {})) {
    yield [`${path}.${name}`, option];
    yield* optionsIn(option, `${path}.${name}`);
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    for (const inside of (schema[keyword] ?? []) as JsonSchema[]) yield* optionsIn(inside, path);
  }
  if (schema.items) yield* optionsIn(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* optionsIn(schema.additionalProperties, `${path}.*`);
}

const definitions = published['definitions'] as Record<string, JsonSchema>;
const followed = (schema: JsonSchema): JsonSchema => {
  const name = (schema['$ref'] as string | undefined)?.replace('#/definitions/', '');
  return name === undefined ? schema : { ...definitions[name], ...schema };
};

describe('config.schema.json', () => {
  const schema = withParts(published, parts);

  it('describes both kinds of file to any JSON Schema tool', () => {
    expect(problemsOf(siteContent(), schema)).to.deep.equal([]);
    expect(problemsOf(productContent(), schema)).to.deep.equal([]);
  });

  it('speaks of a misspelt option only in the terms of the file at hand', () => {
    expect(problemsOf(site('ownr', {}), schema)).to.deep.equal([' additionalProperties']);
    expect(problemsOf(product('titel', 'x'), schema)).to.deep.equal([' additionalProperties']);
    expect(problemsOf({ skuu: 'A', title: 'B', price: '1.00 EUR' }, schema)).to.deep.equal([
      ' required',
      ' additionalProperties',
    ]);
  });

  it("knows the options of gateways and connectors and the inputs of actions, secrets in a secret's form", () => {
    expect(problemsOf(site('gateways.stripe.webhookSecret', 'whsec_plain'), schema)).to.include(
      '/gateways/stripe/webhookSecret anyOf',
    );
    expect(problemsOf(site('gateways.stripe.toleranceSeconds', { env: 'TOLERANCE' }), schema)).to.deep.equal([]);
    expect(problemsOf(site('connectors.moodle.tokn', 'x'), schema)).to.deep.equal(['/connectors/moodle additionalProperties']);
    expect(problemsOf(product('grants.course.with.dayz', 1), schema)).to.deep.equal(['/grants/course/with additionalProperties']);
    expect(problemsOf(product('grants.course.with', undefined), schema)).to.deep.equal(['/grants/course required']);
  });

  it('lets an instance have another name by "use", and lets in what it does not know', () => {
    const cards = { use: 'stripe', webhookSecret: { env: 'STRIPE_SECRET' } };
    expect(problemsOf(site('gateways.cards', cards), schema)).to.deep.equal([]);
    expect(problemsOf(site('gateways.cards', { ...cards, tolerance: 1 }), schema)).to.deep.equal([
      '/gateways/cards additionalProperties',
    ]);
    expect(problemsOf(site('connectors.own', { use: 'own-system', anything: true }), schema)).to.deep.equal([]);
    expect(problemsOf(product('grants.course', { action: 'own.do', with: { anything: true } }), schema)).to.deep.equal([]);
  });

  it('lets placeholders stand in an input that must have a certain form', () => {
    const input = { course: 'a', email: '{{buyer.email}}', role: '{{metadata.role}}' };
    expect(problemsOf(product('grants.course.with', input), schema)).to.deep.equal([]);
    expect(problemsOf(product('grants.course.with', { course: 'a', role: 'boss' }), schema)).to.include(
      '/grants/course/with/role anyOf',
    );
  });

  it('can be written again and again: its parts replace those of before', () => {
    expect(withParts(withParts(published, parts), parts)).to.deep.equal(withParts(published, parts));
    const bare = withParts(schema, { gateways: [], connectors: [] });
    expect(Object.keys(bare['definitions'] as object).filter((name) => /^(gateway|connector|action)-/.test(name))).to.deep.equal(
      [],
    );
  });

  const options = Object.entries(definitions).flatMap(([name, definition]) => [...optionsIn(definition, name)]);

  /** What gateways and connectors add; an object inside it may list fields of the other system by their names there. */
  const isFromParts = (path: string): boolean => /^(gateway|connector|action)-/.test(path);
  const named = options.filter(([path]) => !isFromParts(path) || path.split('.').length === 2);
  const own = options.filter(([path]) => !isFromParts(path));

  it('describes every option', () => {
    const silent = named.filter(([, option]) => followed(option).description === undefined).map(([path]) => path);
    expect(silent).to.deep.equal([]);
  });

  it('has an example for every option of its own that is not one of a few words', () => {
    const isEvident = (option: JsonSchema): boolean =>
      [option.enum, option.properties, option['anyOf'], option['allOf'], option.default].some((one) => one !== undefined);
    const bare = own.map(([path, option]): [string, JsonSchema] => [path, followed(option)]);
    expect(bare.filter(([, option]) => !option.examples && !isEvident(option)).map(([path]) => path)).to.deep.equal([]);
  });

  it('has only examples and defaults that are right', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const [path, option] of options) {
      const validate = ajv.compile({ ...option, definitions });
      const { examples = [], default: filled } = option;
      for (const example of filled === undefined ? examples : [...examples, filled]) {
        expect(validate(example), `${path}: ${JSON.stringify(example)} ${ajv.errorsText(validate.errors)}`).to.equal(true);
      }
    }
  });

  it('closes every object but those with names of your own', () => {
    const open = Object.entries(definitions)
      .flatMap(([name, definition]) => [[name, definition] as const, ...optionsIn(definition, name)])
      .filter(([, option]) => option.properties !== undefined && option.additionalProperties === undefined)
      .map(([path]) => path);
    expect(open).to.deep.equal(['gateway', 'connector']);
  });
});
