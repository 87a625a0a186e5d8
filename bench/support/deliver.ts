import { setTimeout as sleep } from 'node:timers/promises';
import { signedRequest } from './callbacks.ts';
import type { Child } from './child.ts';
import { quantile } from './figures.ts';
import { load } from './load.ts';
import type { Delivered } from './outside/process.ts';
import type { RunningShop } from './shops.ts';

/** From the moment a callback was sent until its buyer had seat and mail. */
export interface Delivery {
  readonly ordersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly cpuMsPerOrder: number;
  readonly notDelivered: number;
  /** Seats or mails that came a second time. */
  readonly repeated: number;
}

const now = (): number => performance.timeOrigin + performance.now();
const patienceMs = 30_000;
let serial = 0;

/** All orders as fast as they are taken: 16 connections for each process. */
export async function deliverMany(shop: RunningShop, outside: Child, orders: number): Promise<Delivery> {
  const ids = Array.from({ length: orders }, () => String((serial += 1)));
  const repeatedBefore = (await outside.ask<Delivered>('delivered')).repeated;
  const cpuBefore = await shop.cpuSeconds();
  const sentAt = new Map<string, number>();
  const begin = now();
  await Promise.all(
    shop.ports.map((port, index) => {
      const mine = ids.filter((_, place) => place % shop.ports.length === index);
      const requests = mine.map((id) => signedRequest(shop.path, id));
      return load(port, requests, 16, patienceMs / 1000, (place) => sentAt.set(mine[place] ?? '', now()));
    }),
  );
  const { at, repeated } = await untilDelivered(ids, outside);
  const cpuSeconds = (await shop.cpuSeconds()) - cpuBefore;
  const waits = ids.flatMap((id) => waitOf(id, sentAt, at));
  const last = Math.max(begin, ...ids.map((id) => at[buyer(id)] ?? 0));
  return {
    ordersPerSecond: (waits.length / (last - begin)) * 1000,
    ...spread(waits),
    cpuMsPerOrder: (cpuSeconds * 1000) / orders,
    notDelivered: orders - waits.length,
    repeated: repeated - repeatedBefore,
  };
}

/** One order at a time, on a system that has nothing else to do. */
export async function deliverSingly(
  shop: RunningShop,
  outside: Child,
  orders: number,
): Promise<Pick<Delivery, 'p50Ms' | 'p95Ms'>> {
  const waits: number[] = [];
  for (let count = 0; count < orders; count += 1) {
    const id = String((serial += 1));
    const sentAt = new Map<string, number>();
    const [port = 0] = shop.ports;
    await load(port, [signedRequest(shop.path, id)], 1, 10, () => sentAt.set(id, now()));
    const { at } = await untilDelivered([id], outside);
    waits.push(...waitOf(id, sentAt, at));
    await sleep(30 + Math.random() * 100); // so that no poll keeps step with us
  }
  return spread(waits);
}

async function untilDelivered(ids: readonly string[], outside: Child): Promise<Delivered> {
  const until = now() + patienceMs;
  for (;;) {
    const count = await outside.ask<number>('count');
    if (count >= serial || now() > until) {
      const delivered = await outside.ask<Delivered>('delivered');
      if (ids.every((id) => delivered.at[buyer(id)] !== undefined) || now() > until) return delivered;
    }
    await sleep(ids.length > 1 ? 50 : 10);
  }
}

function buyer(id: string): string {
  return `buyer-${id}@example.org`;
}

function waitOf(id: string, sentAt: ReadonlyMap<string, number>, deliveredAt: Delivered['at']): number[] {
  const [from, to] = [sentAt.get(id), deliveredAt[buyer(id)]];
  return from === undefined || to === undefined ? [] : [to - from];
}

function spread(waits: readonly number[]): { p50Ms: number; p95Ms: number } {
  return { p50Ms: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95) };
}
