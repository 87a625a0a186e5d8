import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../test/support/postgres-cluster.ts';

export type Engine = 'sqlite' | 'postgres';

/** Where measured systems keep things: each time a fresh SQLite file, or a fresh database of a PostgreSQL started for the run. */
export interface Places {
  readonly postgresVersion: string | undefined;
  fresh(engine: Engine): Promise<string>;
  remove(): Promise<void>;
}

export async function openPlaces({ withPostgres }: { readonly withPostgres: boolean }): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
  const cluster = withPostgres ? await startCluster(['max_connections=200']) : undefined;
  const [version] = (await cluster?.query<{ version: string }>("SELECT current_setting('server_version') AS version")) ?? [];
  let count = 0;
  return {
    postgresVersion: version?.version,
    async fresh(engine) {
      count += 1;
      if (engine === 'sqlite') return join(folder, `shop-${count}.db`);
      if (!cluster) throw new Error('No PostgreSQL was started for this measurement.');
      await cluster.query(`CREATE DATABASE bench_${count}`);
      return cluster.url.replace(/\/postgres$/, `/bench_${count}`);
    },
    async remove() {
      await cluster?.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What `--store` names; both when it is not given. */
export function readEngines(text: string): readonly Engine[] {
  const names = text.split(',');
  const known = names.filter((name): name is Engine => name === 'sqlite' || name === 'postgres');
  if (known.length === names.length) return known;
  throw new Error(`--store takes sqlite, postgres, or both with a comma between, not "${text}".`);
}
