import type { Connector } from '../contract/connector.ts';
import type { Gateway } from '../contract/gateway.ts';
import type { JsonSchema } from '../contract/schema.ts';
import type { ConnectorAccount, GatewayInstance } from './configuration.ts';
import { loadOwnPart } from './own-part.ts';
import { didYouMean } from './problems.ts';
import { asPlainData, isContent, type Content } from './read-files.ts';
import { resolveSecrets, resolveSettings, type Environment, type Report } from './resolve.ts';
import { check } from './schema.ts';
import { connectorSchema, gatewaySchema } from './schema-parts.ts';
import type { LimitsConfig, SweepConfig } from './types.ts';

/** Where values come from. */
export interface Sources {
  readonly env: Environment;
  readonly folder: string;
}

/** Which names of connectors make sense. */
export interface InstanceNames {
  /** Names and older names of all connectors there are, whether the site uses them or not. */
  readonly types: readonly string[];
  /** Entries that have a problem already: nothing more is said about what refers to them. */
  isBroken(account: string): boolean;
}

type Type = Gateway<never> | Connector<never>;

interface Entry<T> {
  readonly name: string;
  readonly type: T;
  readonly values: Content;
  /** Nothing is wrong with it so far. */
  readonly isSound: boolean;
}

/** The gateways of handover.json, checked by their own options. Defaults are filled into `content`, values only into the result. */
export function readGateways(
  content: Content,
  types: readonly Gateway<never>[],
  sources: Sources,
  report: Report,
): ReadonlyMap<string, GatewayInstance> {
  const instances = new Map<string, GatewayInstance>();
  for (const { name, type, values } of readEntries('gateways', content, types, sources, report)) {
    if (type.testOnly === true && content['mode'] === 'live') {
      report(['gateways', name], `The gateway "${type.name}" takes test payments only. Take it out, or set "mode" to "test".`);
    }
    const { ignoreSkus = [], receiver = [], label, sweep, ...options } = without(values, 'use');
    if (sweep !== undefined && !type.sweep) {
      report(['gateways', name, 'sweep'], `The gateway "${type.name}" has no list to compare with. Take "sweep" out.`);
    }
    instances.set(name, {
      name,
      gateway: type,
      options,
      ignoreSkus: ignoreSkus as string[],
      receivers: typeof receiver === 'string' ? [receiver] : (receiver as string[]),
      ...(label !== undefined && { label: label as string }),
      ...(sweep !== undefined && { sweep: sweep as SweepConfig }),
    });
  }
  return instances;
}

/** The connector accounts of handover.json, and which names have a problem. */
export function readAccounts(
  content: Content,
  types: readonly Connector<never>[],
  sources: Sources,
  report: Report,
): { accounts: ReadonlyMap<string, ConnectorAccount>; names: InstanceNames } {
  const accounts = new Map<string, ConnectorAccount>();
  for (const { name, type, values, isSound } of readEntries('connectors', content, types, sources, report)) {
    const { limits, ...options } = without(values, 'use');
    const problems = isSound ? (type.problems?.(options as never) ?? []) : [];
    for (const { keys, message } of problems) report(['connectors', name, ...keys], message);
    if (type.actionsFor && (!isSound || problems.length > 0)) continue;
    accounts.set(name, { name, connector: type as unknown as Connector, options, limits: limits as LimitsConfig });
  }
  const listed = content['connectors'];
  const isBroken = (account: string): boolean => !isContent(listed) || (account in listed && !accounts.has(account));
  return { accounts, names: { types: types.flatMap(namesOf), isBroken } };
}

function* readEntries<T extends Type>(
  section: 'gateways' | 'connectors',
  content: Content,
  types: readonly T[],
  { env, folder }: Sources,
  report: Report,
): Generator<Entry<T>> {
  const entries = content[section];
  if (!isContent(entries)) return;
  for (const [name, entry] of Object.entries(entries)) {
    if (!isContent(entry) || !/^[a-z][a-z0-9-]{0,63}$/.test(name) || name === 'mail') continue;
    const type = typeOf(name, entry, section, types, folder, report);
    if (!type) continue;
    let isSound = true;
    const inside: Report = (keys, message) => {
      isSound = false;
      report([section, name, ...keys], message);
    };
    const schema = schemaOf(section, type);
    const { use } = entry;
    if (use !== undefined) entry['use'] = type.name; // one of the site's own stands there as a file or package
    for (const { keys, message } of check(entry, schema)) inside(keys, message);
    if (use !== undefined) entry['use'] = use;
    const settled = resolveSettings(asPlainData(entry), schema, env, inside);
    const values = resolveSecrets(settled, schema, env, folder, inside);
    yield { name, type, values: values as Content, isSound };
  }
}

function typeOf<T extends Type>(
  name: string,
  entry: Content,
  section: string,
  types: readonly T[],
  folder: string,
  report: Report,
): T | undefined {
  const wanted = entry['use'] ?? name;
  if (typeof wanted !== 'string') return undefined;
  const what = section === 'gateways' ? 'gateway' : 'connector';
  const type = types.find((one) => namesOf(one).includes(wanted));
  if (!type) {
    const own = entry['use'] === undefined ? undefined : loadOwnPart<T>(wanted, folder, what);
    if (own && 'part' in own) return own.part;
    if (own) {
      report([section, name, 'use'], own.problem);
      return undefined;
    }
    const known = types.map((one) => one.name);
    const cure = entry['use'] === undefined ? ` A name of your own needs "use": the ${what} it is.` : '';
    const keys = entry['use'] === undefined ? [section, name] : [section, name, 'use'];
    report(keys, `"${wanted}" is not a ${what}.${didYouMean(wanted, known)}${cure}`);
    return undefined;
  }
  const owner = types.find((one) => namesOf(one).includes(name));
  if (owner && owner !== type) {
    report(
      [section, name, 'use'],
      `"${name}" is the name of another ${what}. Choose a name of your own for this "${type.name}".`,
    );
    return undefined;
  }
  return type;
}

const schemas = new WeakMap<object, JsonSchema>();

/** Made once for each gateway and connector, since compiling a schema takes longer than all else. */
function schemaOf(section: string, type: Type): JsonSchema {
  const known = schemas.get(type);
  if (known) return known;
  const schema = section === 'gateways' ? gatewaySchema(type as Gateway<never>) : connectorSchema(type as Connector<never>);
  schemas.set(type, schema);
  return schema;
}

function without(values: Content, name: string): Content {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

function namesOf(type: Type): string[] {
  return [type.name, ...('aliases' in type ? (type.aliases ?? []) : [])];
}
