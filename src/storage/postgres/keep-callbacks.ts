import { crashPoint } from '../../crash-point.ts';
import { storable } from './connections.ts';
import { keyOf } from './intake.ts';
import type { Insert, Item } from './intake.ts';
import type { Transactions } from './transactions.ts';

/**
 * One statement, and so one round trip, for a whole batch. Its first part sets how far the commit must have come for this
 * transaction alone: the connection or the role may have been told not to wait for the disk.
 */
function insertStatement(now: string): string {
  return `
    WITH durable AS MATERIALIZED (
      SELECT set_config('synchronous_commit', ?, true) AS level, set_config('lock_timeout', '5s', true) AS patience)
    INSERT INTO callbacks (gateway, delivery_id, state, due_at, attempts, fence, received_at, method, url, headers, body)
    SELECT given.gateway, given.delivery_id, 'ready', ${now}, 0, 0, given.received_at, given.method, given.url, given.headers, given.body
    FROM durable, unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[]),
      CAST(? AS text[]), CAST(? AS bytea[])) AS given (gateway, delivery_id, received_at, method, url, headers, body)
    ON CONFLICT (gateway, delivery_id) DO NOTHING
    RETURNING gateway, delivery_id`;
}

/** Safe to repeat: what an attempt of unknown outcome has kept is known to the next one. */
export function insertCallbacks(transactions: Transactions, now: string, synchronousCommit: string): Insert {
  const statement = insertStatement(now);
  return async (batch) => {
    const column = (read: (item: Item) => string) => batch.map((item) => storable(read(item)));
    crashPoint('before a commit');
    const { rows } = await transactions.single(
      statement,
      [
        synchronousCommit,
        column(({ callback }) => callback.gateway),
        column(({ deliveryId }) => deliveryId),
        batch.map(({ callback }) => callback.receivedAt.getTime()),
        column(({ callback }) => callback.method),
        column(({ callback }) => callback.url),
        column(({ callback }) => JSON.stringify(callback.headers)),
        batch.map(({ callback }) => callback.body),
      ],
      'keepCallback',
    );
    crashPoint('after a commit');
    return new Set((rows as KeptRow[]).map((row) => keyOf(row.gateway, row.delivery_id)));
  };
}

interface KeptRow {
  gateway: string;
  delivery_id: string;
}
