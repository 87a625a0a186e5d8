import type { PaymentEvent } from '../../contract/event.ts';
import { cartPrefix } from '../../contract/stock.ts';
import type { StockDraw, StockLevel, StockPool, StockStore } from '../store.ts';
import { inParts, lock, someOf } from './database.ts';
import type { Database, Dialect, Statements } from './database.ts';

/** Limited stock. Whoever counts to draw on a pool holds its lock until the draw is committed. */
export function stockOperations(database: Database): StockStore {
  const { dialect } = database;
  return {
    reserveStock: (cart, pools, wanted, forMs) =>
      database.transaction(
        async (tx) => {
          const touched = await lockPools(
            tx,
            dialect,
            pools,
            wanted.map(({ sku }) => sku),
          );
          const order = 'SELECT 1 AS found FROM order_references WHERE reference = ? LIMIT 1';
          if (await tx.get(order, [cart])) return undefined;
          await tx.run('DELETE FROM stock_draws WHERE holder = ?', [cart]);
          for (const pool of touched) {
            await dropExpiredCarts(tx, dialect, pool);
            const { others } = await levelOf(tx, dialect, pool, cart);
            const units = wanted.reduce((sum, { sku, units: each }) => (pool.skus.includes(sku) ? sum + each : sum), 0);
            if (others + units > pool.capacity) return pool.name;
          }
          for (const [index, { sku, units }] of wanted.entries())
            await tx.run(
              `INSERT INTO stock_draws (holder, line, sku, units, state, expires_at)
               VALUES (?, ?, ?, ?, 'cart', ${dialect.now} + CAST(? AS bigint))`,
              [cart, index + 1, sku, units, forMs],
            );
          return undefined;
        },
        { label: 'reserveStock' },
      ),

    async releaseStock(cart) {
      await database.run("DELETE FROM stock_draws WHERE holder = ? AND state = 'cart'", [cart]);
    },

    stockCounts: (pools, except = '') =>
      database.read(async (tx) => {
        const counts = [];
        for (const pool of pools) {
          const sum = { name: pool.name, sold: 0, reserved: 0, short: 0 };
          for (const part of inParts(pool.skus)) {
            const row = await tx.get<Omit<typeof sum, 'name'>>(
              `SELECT ${sumOf("state = 'sold'")} AS sold, ${sumOf("state = 'short'")} AS short,
                 ${sumOf(`state IN ('cart', 'reserved') AND ${isAlive(dialect)}`)} AS reserved
               FROM stock_draws WHERE holder <> ? AND sku IN (${someOf})`,
              [except, ...part],
            );
            sum.sold += row?.sold ?? 0;
            sum.reserved += row?.reserved ?? 0;
            sum.short += row?.short ?? 0;
          }
          counts.push(sum);
        }
        return counts;
      }),
  };
}

/**
 * The pools that the events of a purchase draw on, locked and counted. What was held for the carts that led to it is given up:
 * from now on the order itself holds it.
 */
export async function stockFor(
  tx: Statements,
  dialect: Dialect,
  pools: readonly StockPool[],
  events: readonly PaymentEvent[],
  orderId: string | undefined,
): Promise<StockLevel[]> {
  const skus = events.flatMap(({ lines }) => (lines ?? []).flatMap(({ sku }) => sku ?? []));
  const touched = await lockPools(tx, dialect, pools, skus);
  const carts = new Set(events.flatMap(({ references }) => (references ?? []).filter((name) => name.startsWith(cartPrefix))));
  for (const cart of carts) await tx.run("DELETE FROM stock_draws WHERE holder = ? AND state = 'cart'", [cart]);
  const levels: StockLevel[] = [];
  for (const pool of touched) levels.push({ pool, ...(await levelOf(tx, dialect, pool, orderId ?? '')) });
  return levels;
}

/** Writes what an order holds now, where that differs from what it held. */
export async function writeDraws(tx: Statements, orderId: string, draws: readonly StockDraw[], isNew: boolean): Promise<void> {
  const rows = isNew
    ? []
    : await tx.all<DrawRow>('SELECT line, sku, units, state, expires_at FROM stock_draws WHERE holder = ?', [orderId]);
  const known = new Map(rows.map((row) => [row.line, row]));
  for (const { line } of rows.filter((row) => draws.every((draw) => draw.line !== row.line)))
    await tx.run('DELETE FROM stock_draws WHERE holder = ? AND line = ?', [orderId, line]);
  for (const { line, sku, units, state, until } of draws) {
    const row = known.get(line);
    const isSame = row?.sku === sku && row.units === units && row.state === state && row.expires_at === (until ?? null);
    if (isSame) continue;
    await tx.run(
      `INSERT INTO stock_draws (holder, line, sku, units, state, expires_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (holder, line) DO UPDATE SET
         sku = excluded.sku, units = excluded.units, state = excluded.state, expires_at = excluded.expires_at`,
      [orderId, line, sku, units, state, until ?? null],
    );
  }
}

async function lockPools(
  tx: Statements,
  dialect: Dialect,
  pools: readonly StockPool[],
  skus: readonly string[],
): Promise<readonly StockPool[]> {
  const touched = pools.filter((pool) => pool.skus.some((sku) => skus.includes(sku)));
  for (const name of touched.map((pool) => pool.name).sort()) await lock(tx, dialect, `stock ${name}`);
  return touched;
}

async function levelOf(
  tx: Statements,
  dialect: Dialect,
  pool: StockPool,
  holder: string,
): Promise<{ others: number; own: number }> {
  const level = { others: 0, own: 0 };
  for (const part of inParts(pool.skus)) {
    const row = await tx.get<typeof level>(
      `SELECT ${sumOf(`holder <> ? AND state <> 'short' AND ${isAlive(dialect)}`)} AS others,
         ${sumOf("holder = ? AND state = 'sold'")} AS own
       FROM stock_draws WHERE sku IN (${someOf})`,
      [holder, holder, ...part],
    );
    level.others += row?.others ?? 0;
    level.own += row?.own ?? 0;
  }
  return level;
}

/** A process that died while it began a payment left its cart behind. */
async function dropExpiredCarts(tx: Statements, { now }: Dialect, { skus }: StockPool): Promise<void> {
  for (const part of inParts(skus))
    await tx.run(`DELETE FROM stock_draws WHERE state = 'cart' AND expires_at <= ${now} AND sku IN (${someOf})`, part);
}

function sumOf(condition: string): string {
  return `CAST(COALESCE(SUM(CASE WHEN ${condition} THEN units ELSE 0 END), 0) AS bigint)`;
}

function isAlive({ now }: Dialect): string {
  return `(expires_at IS NULL OR expires_at > ${now})`;
}

interface DrawRow {
  line: number;
  sku: string;
  units: number;
  state: string;
  expires_at: number | null;
}
