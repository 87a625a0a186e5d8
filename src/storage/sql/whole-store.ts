import type { Value } from './database.ts';

/** A table as both dialects have it: the names of its columns, and those of its primary key in their order. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** Values in the order of `columns`. */
export type Row = readonly Value[];

/** A store that is read from end to end, at one moment. */
export interface WholeStore {
  /** All tables that hold data; one that others refer to comes before them. */
  readonly tables: readonly Table[];
  /** At most `limit` rows in the order of the key, behind a row of which `after` are the values of the key. */
  rows(table: Table, limit: number, after: readonly Value[] | undefined): Row[];
}
