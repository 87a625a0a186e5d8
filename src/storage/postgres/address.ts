import { HandoverError } from '../../contract/errors.ts';

/** Where a shop is kept in PostgreSQL. */
export interface Address {
  /** For `pg`: the address without what is ours in it. Holds the password. */
  readonly connectionString: string;
  readonly schema: string;
  /** How many connections the work may take. */
  readonly connections: number | undefined;
  /** Server, database and schema, without user and password: for people. */
  readonly where: string;
}

/** Room is left for the prefix of the channel that hints travel on. */
const schemaForm = /^[a-z_][a-z0-9_]{0,47}$/;
const mostConnections = 100;

/** Reads `postgres://user:password@host/database?schema=shop2&connections=4`. Throws `STORE_ADDRESS_INVALID`. */
export function readAddress(url: string, chosen: { readonly schema?: string; readonly connections?: number } = {}): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw invalid('It is not of the form postgres://user:password@host:5432/database.');
  }
  const schema = chosen.schema ?? parsed.searchParams.get('schema') ?? 'handover';
  if (!schemaForm.test(schema)) throw invalid(`"${schema}" is no name for a schema: small letters, digits and _, 48 at most.`);
  const connections = chosen.connections ?? readCount(parsed.searchParams.get('connections'));
  parsed.searchParams.delete('schema');
  parsed.searchParams.delete('connections');
  return { connectionString: parsed.href, schema, connections, where: describe(parsed, schema) };
}

function readCount(text: string | null): number | undefined {
  if (text === null) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= mostConnections) return count;
  throw invalid(`"connections" is a number from 1 to ${mostConnections}.`);
}

function describe({ hostname, port, pathname, searchParams }: URL, schema: string): string {
  const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || 'localhost');
  return `postgres://${host}${port === '' ? '' : `:${port}`}${pathname}?schema=${schema}`;
}

/** Never quotes the address: it holds a password. */
function invalid(why: string): HandoverError {
  return new HandoverError('STORE_ADDRESS_INVALID', `The address of the PostgreSQL store cannot be used. ${why}`, {
    hint: 'Correct the option "store"; special characters in the password are written as %40 and the like.',
  });
}
