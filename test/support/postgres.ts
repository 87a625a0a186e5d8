import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import type { PostgresOptions } from '../../src/storage/postgres/index.ts';
import { migrations } from '../../src/storage/postgres/migrations/index.ts';
import type { Store } from '../../src/storage/store.ts';
import type { StoreUnderTest } from '../../src/testing/suites/store-suite.ts';
import { startCluster, type Cluster } from './postgres-cluster.ts';

export { startCluster, type Cluster } from './postgres-cluster.ts';

let shared: Promise<Cluster> | undefined;

/** The one that all tests of a run share. Nobody stops it, or changes what concerns all. */
export function sharedCluster(): Promise<Cluster> {
  shared ??= startCluster();
  return shared;
}

after(async () => {
  await (await shared)?.remove();
});

/** A store in a schema of its own. */
export interface PostgresShop extends StoreUnderTest {
  readonly cluster: Cluster;
  readonly schema: string;
  readonly url: string;
  /** Opens the same data once more. */
  open(options?: Partial<PostgresOptions>): Promise<Store>;
}

let count = 0;

/** A name that no other schema has. */
export function freshSchema(): string {
  return `shop_${process.pid}_${(count += 1)}`;
}

/** With a `used` schema the store is in that one, which is emptied in the end; otherwise in one of its own, which is dropped. */
export async function openPostgresShop(
  options: Partial<PostgresOptions> = {},
  own?: Cluster,
  used?: string,
): Promise<PostgresShop> {
  const cluster = own ?? (await sharedCluster());
  const schema = used ?? freshSchema();
  const url = `${cluster.url}?schema=${schema}`;
  const opened = new Set<Store>();

  async function open(more: Partial<PostgresOptions> = options): Promise<Store> {
    const store = openPostgresStore({ url, ...more });
    opened.add(store);
    await store.open();
    return store;
  }

  const store = await open();
  return {
    cluster,
    schema,
    url,
    store,
    open,
    another: () => open(),
    async advance(ms) {
      await cluster.query(letTimePass(schema, ms));
    },
    async reopen() {
      await store.close();
      return open();
    },
    async close() {
      await Promise.all([...opened].map((each) => each.close()));
      await cluster.query(used === undefined ? `DROP SCHEMA "${schema}" CASCADE` : empty(schema));
    },
  };
}

function empty(schema: string): string {
  const tables = migrations.flatMap((sql) => [...sql.matchAll(/CREATE TABLE (\w+)/g)]).map(([, table = '']) => table);
  // Those that refer to others were made after them.
  return tables
    .toReversed()
    .map((table) => `DELETE FROM "${schema}".${table};`)
    .join(' ');
}

/** The store has no clock but the server's, so everything it has set a time for is moved back. */
function letTimePass(schema: string, ms: number): string {
  const back = (column: string) => `${column} = ${column} - ${ms}`;
  const ofSteps = ['run_at', 'due_at', 'created_at', 'scheduled_at', 'updated_at'].map(back).join(', ');
  return `UPDATE "${schema}".steps SET ${ofSteps}; UPDATE "${schema}".callbacks SET ${back('due_at')}, ${back('settled_at')};
    UPDATE "${schema}".orders SET ${back('updated_at')}; UPDATE "${schema}".history SET ${back('at')};
    UPDATE "${schema}".downloads SET ${back('begun_at')}; UPDATE "${schema}".activation_returns SET ${back('at')};
    UPDATE "${schema}".alarms SET ${['since', 'told_at', 'calm_since'].map(back).join(', ')};
    UPDATE "${schema}".pulse SET ${back('at')}`;
}
