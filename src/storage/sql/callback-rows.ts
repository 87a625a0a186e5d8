import type { Callback } from '../../contract/gateway.ts';
import type { ClaimedCallback } from '../store.ts';

export interface CallbackRow {
  id: number;
  gateway: string;
  delivery_id: string;
  attempts: number;
  fence: number;
  cut_short: number;
  received_at: number;
  method: string;
  url: string;
  headers: string;
  body: Uint8Array;
}

export function readCallback(row: CallbackRow, worker: string): ClaimedCallback {
  return {
    id: row.id,
    gateway: row.gateway,
    deliveryId: row.delivery_id,
    method: row.method,
    url: row.url,
    headers: JSON.parse(row.headers) as Callback['headers'],
    body: row.body,
    receivedAt: new Date(row.received_at),
    attempts: row.attempts,
    fence: row.fence,
    worker,
    cutShort: row.cut_short,
  };
}
