import { createHash } from 'node:crypto';

import { migrations } from './migrations/index.ts';

/** A statement as PostgreSQL takes it. Its name is made from its text, so whoever shares a connection shares no other text. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

export type Prepare = (sql: string) => Prepared;

const tables = new Set([...migrations.join('').matchAll(/CREATE TABLE (\w+)/g)].map(([, name = '']) => name));
const parts = /'(?:[^']|'')*'|\?|\b(FROM|INTO|UPDATE|JOIN)(\s+)(\w+)/g;

/**
 * Rewrites shared statements, each once: `?` becomes `$1`, and tables get their schema, so that nothing depends on a setting of
 * the connection, which a pooler in between may give to somebody else.
 */
export function preparer(schema: string): Prepare {
  const known = new Map<string, Prepared>();
  return (sql) => {
    const found = known.get(sql);
    if (found) return found;
    const made = prepare(sql, schema);
    known.set(sql, made);
    return made;
  };
}

function prepare(sql: string, schema: string): Prepared {
  let count = 0;
  const text = sql.replace(parts, (part: string, before?: string, space?: string, name: string = '') => {
    if (part === '?') return `$${(count += 1)}`;
    return before !== undefined && tables.has(name) ? `${before}${space ?? ' '}"${schema}".${name}` : part;
  });
  return { name: `handover_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text };
}
