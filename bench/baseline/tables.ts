import { runMigrations } from 'graphile-worker';
import pg from 'pg';

/** Makes the tables, once, before the processes start. */
export async function makeTables(connectionString: string): Promise<void> {
  await runMigrations({ connectionString });
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    `CREATE TABLE IF NOT EXISTS orders (session_id text PRIMARY KEY, email text NOT NULL, name text, created_at timestamptz NOT NULL
     DEFAULT now(), done_at timestamptz)`,
  );
  await client.end();
}
