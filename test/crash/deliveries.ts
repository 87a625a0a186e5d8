import { setTimeout as sleep } from 'node:timers/promises';
import type { Sold, World } from './world.ts';

/** Sends callbacks as Stripe does: what was not answered 2xx is sent again. */
export interface Deliveries {
  /** One attempt. True: it was acknowledged, so the gateway will never send it again by itself. */
  attempt(sold: Sold, url: string | undefined): Promise<boolean>;
  /** Until it is acknowledged; asks where to before each attempt. */
  insist(sold: Sold, url: () => Promise<string | undefined>, pauseMs?: number): Promise<void>;
  readonly acknowledged: ReadonlySet<Sold>;
  /** Every status that was answered, and how often; 0 stands for none at all. */
  readonly statuses: ReadonlyMap<number, number>;
}

export function deliverFrom(world: Pick<World, 'stripe'>): Deliveries {
  const acknowledged = new Set<Sold>();
  const statuses = new Map<number, number>();

  async function attempt(sold: Sold, url: string | undefined): Promise<boolean> {
    const status = url === undefined ? 0 : await statusOf(`${url}/callbacks/stripe`, sold);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const isTaken = status >= 200 && status < 300;
    if (isTaken) acknowledged.add(sold);
    return isTaken;
  }

  async function statusOf(address: string, { callback }: Sold): Promise<number> {
    try {
      return (await world.stripe.send(address, callback)).status;
    } catch {
      return 0;
    }
  }

  return {
    attempt,
    async insist(sold, url, pauseMs = 50) {
      while (!(await attempt(sold, await url()))) await sleep(pauseMs * (0.5 + Math.random()));
    },
    acknowledged,
    statuses,
  };
}
