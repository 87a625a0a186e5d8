import { createHash } from 'node:crypto';
import type { Client } from 'pg';

import { HandoverError } from '../../contract/errors.ts';
import { crashPoint } from '../../crash-point.ts';
import type { Value } from '../sql/database.ts';
import type { Row, Table, WholeStore } from '../sql/whole-store.ts';
import { readAddress } from './address.ts';
import type { Address } from './address.ts';
import { checkServer } from './check-server.ts';
import { clientConfig, storable } from './connections.ts';
import { connectError, statementError } from './errors.ts';
import { loadPg } from './load-pg.ts';
import { applyMigration } from './migrate.ts';
import { migrations } from './migrations/index.ts';

/** What was received, table by table. */
export interface Received {
  readonly where: string;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Texts that held a character which PostgreSQL has no room for (U+0000): it was replaced by U+FFFD. */
  readonly changedTexts: number;
}

const batchRows = 200;

/**
 * Takes a whole store into an empty schema, in one transaction: it is all there or nothing is. What has arrived is read back and
 * compared, by number and checksum, before it is committed. Throws `STORE_NOT_EMPTY`, `MOVE_DIFFERS`, `STORE_ADDRESS_INVALID`
 * and what may be wrong with the server.
 */
export async function receiveStore(url: string, source: WholeStore): Promise<Received> {
  const address = readAddress(url);
  const pg = await loadPg();
  const client = new pg.Client(clientConfig(pg, address.connectionString));
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw connectError(error, address.where);
  }
  try {
    await checkServer(client, address.where);
    return await receiveInto(client, address, source);
  } catch (error) {
    throw error instanceof HandoverError ? error : statementError(error, address.where);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function receiveInto(client: Client, { schema, where }: Address, source: WholeStore): Promise<Received> {
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = on`);
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`handover migrates ${schema}`]);
    await requireEmpty(client, schema, where);
    for (const [index, sql] of migrations.entries()) await applyMigration(client, schema, sql, index + 1);
    const received: { name: string; rows: number }[] = [];
    let changedTexts = 0;
    for (const table of source.tables) {
      const columns = await columnsOf(client, schema, table, where);
      const sent = await send(client, schema, table, columns, source);
      await countOn(client, schema, table, columns);
      requireSame(table, sent, await readBack(client, schema, table), where);
      received.push({ name: table.name, rows: sent.rows });
      changedTexts += sent.changedTexts;
    }
    crashPoint('before a move ends');
    await client.query('COMMIT');
    return { where, tables: received, changedTexts };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function requireEmpty(client: Client, schema: string, where: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace($1) LIMIT 1', [`"${schema}"`]);
  if (rows.length === 0) return;
  throw new HandoverError('STORE_NOT_EMPTY', `The schema "${schema}" holds something already, so nothing is moved there.`, {
    where,
    hint: `Name another schema (?schema=shop2 at the end of the address), or have it emptied: DROP SCHEMA "${schema}" CASCADE.`,
  });
}

interface Column {
  readonly name: string;
  /** As in `CAST(… AS bigint)`. */
  readonly type: string;
  /** The database numbers it by itself. */
  readonly isNumbered: boolean;
}

/** The twins of both dialects have the same columns. */
async function columnsOf(client: Client, schema: string, { name, columns }: Table, where: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type, attidentity <> '' AS "isNumbered" FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [`"${schema}".${name}`],
  );
  const known = new Map(rows.map((column) => [column.name, column]));
  const found = columns.flatMap((column) => known.get(column) ?? []);
  if (found.length === columns.length && known.size === columns.length) return found;
  throw differs(`the table "${name}" has other columns there`, where);
}

interface Sum {
  readonly rows: number;
  readonly checksum: string;
}

async function send(
  client: Client,
  schema: string,
  table: Table,
  columns: readonly Column[],
  source: WholeStore,
): Promise<Sum & { readonly changedTexts: number }> {
  const names = columns.map(({ name }) => name).join(', ');
  const arrays = columns.map(({ type }, index) => `CAST($${index + 1} AS ${type}[])`).join(', ');
  const sql = `INSERT INTO "${schema}".${table.name} (${names}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(${arrays})`;
  const sum = startSum();
  let changedTexts = 0;
  for await (const batch of batches((after) => source.rows(table, batchRows, after), table)) {
    const rows = batch.map((row) => row.map(storable));
    changedTexts += rows.reduce((count, row, at) => count + row.filter((value, index) => value !== batch[at]?.[index]).length, 0);
    rows.forEach((row) => sum.add(row));
    const columnValues = columns.map((_, index) => rows.map((row) => row[index] ?? null));
    await client.query(sql, columnValues);
    crashPoint('in a move');
  }
  return { ...sum.end(), changedTexts };
}

async function readBack(client: Client, schema: string, table: Table): Promise<Sum> {
  const { name, columns, key } = table;
  const keys = key.join(', ');
  const page = async (after: readonly Value[] | undefined): Promise<Row[]> => {
    const behind = after ? `WHERE (${keys}) > (${key.map((_, index) => `$${index + 1}`).join(', ')})` : '';
    const sql = `SELECT ${columns.join(', ')} FROM "${schema}".${name} ${behind} ORDER BY ${keys} LIMIT ${batchRows}`;
    const { rows } = await client.query<Record<string, Value>>(sql, [...(after ?? [])]);
    return rows.map((row) => columns.map((column) => row[column] ?? null));
  };
  const sum = startSum();
  for await (const batch of batches(page, table)) batch.forEach((row) => sum.add(row));
  return sum.end();
}

/** A row that is added later is numbered behind those that came along. */
async function countOn(client: Client, schema: string, { name }: Table, columns: readonly Column[]): Promise<void> {
  for (const column of columns.filter(({ isNumbered }) => isNumbered)) {
    const last = `(SELECT MAX(${column.name}) FROM "${schema}".${name})`;
    await client.query(
      `SELECT setval(pg_get_serial_sequence('"${schema}".${name}', '${column.name}'), COALESCE(${last}, 1), ${last} IS NOT NULL)`,
    );
  }
}

async function* batches(
  page: (after: readonly Value[] | undefined) => Row[] | Promise<Row[]>,
  { columns, key }: Table,
): AsyncGenerator<Row[]> {
  const places = key.map((name) => columns.indexOf(name));
  let after: Value[] | undefined;
  for (;;) {
    const rows = await page(after);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < batchRows) return;
    after = places.map((place) => last[place] ?? null);
  }
}

function startSum(): { add(row: Row): void; end(): Sum } {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add(row) {
      rows += 1;
      for (const value of row) {
        const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
        hash.update(`${value === null ? 'null' : typeof value} ${bytes.length} `).update(bytes);
      }
    },
    end: () => ({ rows, checksum: hash.digest('hex') }),
  };
}

function requireSame({ name }: Table, sent: Sum, arrived: Sum, where: string): void {
  if (sent.rows !== arrived.rows) throw differs(`of ${sent.rows} rows of "${name}" ${arrived.rows} arrived`, where);
  if (sent.checksum !== arrived.checksum) throw differs(`the rows of "${name}" came out changed`, where);
}

function differs(why: string, where: string): HandoverError {
  return new HandoverError('MOVE_DIFFERS', `The store did not arrive as it was sent: ${why}.`, {
    where,
    hint: 'Nothing was kept there, and the store here is as it was. Please report it.',
  });
}
