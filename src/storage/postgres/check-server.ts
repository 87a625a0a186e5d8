import type { Client } from 'pg';

import { HandoverError } from '../../contract/errors.ts';

/** What of the server concerns every commit. */
export interface Server {
  /** How far a commit must have come before it is told: synced here, and where the server asks for more, more. */
  readonly synchronousCommit: 'on' | 'remote_apply';
  /** What should be put right although the store works. */
  readonly warnings: readonly string[];
}

const oldest = 140_000;

/** Throws `STORE_POSTGRES_UNFIT`. */
export async function checkServer(client: Client, where: string): Promise<Server> {
  const { rows } = await client.query<Settings>(`
    SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version,
      current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS pages, current_setting('synchronous_commit') AS commits`);
  const [found] = rows;
  if (!found) throw unfit('it does not tell its settings', where);
  if (Number(found.number) < oldest) throw unfit(`it is version ${found.version}, and 14 is the oldest that is supported`, where);
  if (found.encoding !== 'UTF8') throw unfit(`its database has the encoding ${found.encoding} instead of UTF8`, where);
  return {
    synchronousCommit: found.commits === 'remote_apply' ? 'remote_apply' : 'on',
    warnings: [
      ...(found.fsync === 'on' ? [] : ['"fsync" is off: it does not write commits to the disk.']),
      ...(found.pages === 'on' ? [] : ['"full_page_writes" is off: a page that was half written is lost.']),
    ].map((fault) => `PostgreSQL can lose acknowledged callbacks when its machine fails. ${fault} Switch it on (${where}).`),
  };
}

interface Settings {
  number: string;
  version: string;
  encoding: string;
  fsync: string;
  pages: string;
  commits: string;
}

function unfit(why: string, where: string): HandoverError {
  return new HandoverError('STORE_POSTGRES_UNFIT', `This PostgreSQL cannot keep a shop: ${why}.`, {
    where,
    hint: "Use PostgreSQL 14 or later and a database made with: CREATE DATABASE shop ENCODING 'UTF8' TEMPLATE template0",
  });
}
