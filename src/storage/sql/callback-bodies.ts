import type { CallbackBody, Store } from '../store.ts';
import { emptyCallback } from './callbacks.ts';
import type { Database } from './database.ts';
import { readSample } from './verdicts.ts';
import type { SampleRow } from './verdicts.ts';

type BodyOperations = 'callbackBodies' | 'callbacksOfOrders' | 'emptyCallbacks' | 'dropSamples';

/** In the order of the index that holds each; what was emptied is in none. `at`: where the next page goes on. */
const lists = {
  settled: { where: "state IN ('done', 'ignored') AND emptied_at IS NULL", at: 'settled_at' },
  parked: { where: "state = 'parked'", at: 'id' },
  open: { where: "state IN ('ready', 'running')", at: 'due_at' },
} as const;

/** What callbacks brought, for as long as it is kept. */
export function bodyOperations(database: Database): Pick<Store, BodyOperations> {
  const { dialect } = database;

  return {
    async callbackBodies(list, limit, after) {
      const { where, at } = lists[list];
      const behind = after ? `AND (${at}, id) > (?, ?)` : '';
      const rows = await database.all<BodyRow>(
        `SELECT id, gateway, delivery_id, received_at, url, body, ${at} AS at FROM callbacks
         WHERE ${where} ${behind} ORDER BY ${at}, id LIMIT ?`,
        [...(after ? [after.at, after.id] : []), limit],
      );
      return rows.map(readBody);
    },

    async callbacksOfOrders(orderIds) {
      return database.read(async (tx) => {
        const found = new Set<number>();
        for (const id of orderIds) {
          const rows = await tx.all<{ callback_id: number }>(
            `SELECT callback_id FROM events WHERE callback_id IS NOT NULL AND (gateway, purchase) IN
               (SELECT gateway, purchase FROM orders WHERE id = ?)`,
            [id],
          );
          for (const row of rows) found.add(row.callback_id);
        }
        return [...found];
      });
    },

    emptyCallbacks: (ids) =>
      database.transaction(
        async (tx) => {
          let emptied = 0;
          for (const id of ids) if (await emptyCallback(tx, dialect, id)) emptied += 1;
          return emptied;
        },
        { label: 'emptyCallbacks', minor: true },
      ),

    dropSamples: (unwanted) =>
      database.transaction(
        async (tx) => {
          const rows = await tx.all<SampleRow & { id: number }>(
            'SELECT id, code, received_at, method, url, headers, body FROM verdict_samples',
          );
          const dropped = rows.filter((row) => unwanted(readSample(row)));
          for (const { id } of dropped) await tx.run('DELETE FROM verdict_samples WHERE id = ?', [id]);
          return dropped.length;
        },
        { label: 'dropSamples', minor: true },
      ),
  };
}

interface BodyRow {
  id: number;
  gateway: string;
  delivery_id: string;
  received_at: number;
  at: number;
  url: string;
  body: Uint8Array;
}

function readBody(row: BodyRow): CallbackBody {
  return {
    id: row.id,
    gateway: row.gateway,
    deliveryId: row.delivery_id,
    receivedAt: row.received_at,
    at: row.at,
    url: row.url,
    body: row.body,
  };
}
