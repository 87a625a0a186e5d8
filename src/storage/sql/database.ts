/** What a statement takes and gives. Booleans are 0 and 1, times are milliseconds since 1970, JSON is text. */
export type Value = string | number | Uint8Array | null;

/** Plain SQL with `?` placeholders, in words that SQLite and PostgreSQL share. Texts are constant: each is prepared once. */
export interface Statements {
  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined>;
  /** Gives the number of rows it changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
}

/**
 * A database as the operations see it. On itself, `all` and `get` read what is committed, and `run` is a transaction of one
 * statement, the cheapest there is. A promise of a change resolves when the change is committed and synced.
 */
export interface Database extends Statements {
  readonly dialect: Dialect;
  /** Opens and migrates. */
  open(): Promise<void>;
  close(): Promise<void>;
  onWork(listener: () => void): () => void;
  /**
   * Runs `work` in one transaction, perhaps more than once; what it throws undoes it and goes to the caller. It waits for
   * nothing but the statements it is handed.
   */
  transaction<T>(work: Work<T>, options?: TransactionOptions): Promise<T>;
  /** Several reads of one moment. */
  read<T>(work: Work<T>): Promise<T>;
}

export type Work<T> = (tx: Statements) => Promise<T>;

export interface TransactionOptions {
  /** Names it in errors. */
  readonly label?: string;
  /** Given up first when the store is overloaded. */
  readonly minor?: boolean;
  /** What it changes may be due at once, so other processes are told to look. */
  readonly leavesWork?: boolean;
}

/** Where the engines differ. */
export interface Dialect {
  /** The clock in milliseconds, as an expression. */
  readonly now: string;
  /** The function that gives the greatest of its arguments, none of which is null. */
  readonly greatest: 'MAX' | 'GREATEST';
  /** Ends a SELECT that claims rows. */
  readonly skipLocked: '' | ' FOR UPDATE SKIP LOCKED';
  /** Compares with the few values that a SELECT gives; so written that they are looked up one by one. */
  readonly anyOf: (select: string) => string;
  /** All rows of a SELECT as one value, so that one statement brings several lists. Undefined where a statement costs no round trip. */
  readonly listOf?: (select: string) => string;
  /** Takes a lock by name until the transaction ends. Undefined where there is one writer at a time anyway. */
  readonly lock?: string;
}

/** What each transaction has locked: it keeps its locks to its end, so none is asked for twice. */
const lockedBy = new WeakMap<Statements, Set<string>>();

/** Keeps two transactions about the same thing apart. */
export async function lock(tx: Statements, dialect: Dialect, name: string): Promise<void> {
  if (dialect.lock === undefined) return;
  const locked = lockedBy.get(tx) ?? new Set<string>();
  if (locked.has(name)) return;
  await tx.get(dialect.lock, [name]);
  lockedBy.set(tx, locked.add(name));
}

const rowsAtOnce = 8;

/**
 * Inserts rows, `into` naming table and columns and `row` the values of one. Several go in one statement, and few enough that
 * there is a prepared one for each number of them.
 */
export async function insertRows(
  tx: Statements,
  into: string,
  row: string,
  rows: readonly (readonly Value[])[],
  onConflict = '',
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const part = rows.slice(start, start + rowsAtOnce);
    await tx.run(`${into} VALUES ${part.map(() => row).join(', ')} ${onConflict}`.trim(), part.flat());
  }
}

const listSize = 50;

/** Splits values for `IN (${someOf})`. Every part has the same length, so that one prepared statement serves all. */
export function inParts(values: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < values.length; start += listSize) {
    const part = values.slice(start, start + listSize);
    const last = part.at(-1);
    while (last !== undefined && part.length < listSize) part.push(last);
    parts.push(part);
  }
  return parts;
}

/** The placeholders of one part. */
export const someOf = new Array<string>(listSize).fill('?').join(', ');
