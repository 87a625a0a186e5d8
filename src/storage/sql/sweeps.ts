import type { Store } from '../store.ts';
import type { Database } from './database.ts';

const page = 1000;

/** What comparing with a gateway's own list needs. */
export function sweepOperations(database: Database): Pick<Store, 'takeTurn' | 'deliveriesSince'> {
  const { now } = database.dialect;

  const take = `
    INSERT INTO pulse (name, at) VALUES (?, ${now})
    ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE pulse.at <= excluded.at - ?`;

  return {
    takeTurn: async (name, everyMs) => (await database.run(take, [`turn/${name}`, everyMs])) === 1,

    /** Backwards by number until a whole page is older: numbers follow the time of arrival but for those that come at once. */
    async deliveriesSince(gateway, since) {
      const found: string[] = [];
      let before = Number.MAX_SAFE_INTEGER;
      for (;;) {
        const rows = await database.all<DeliveryRow>(
          'SELECT id, gateway, delivery_id, received_at FROM callbacks WHERE id < ? ORDER BY id DESC LIMIT ?',
          [before, page],
        );
        const recent = rows.filter(({ received_at }) => received_at >= since.getTime());
        found.push(...recent.filter((row) => row.gateway === gateway).map(({ delivery_id }) => delivery_id));
        const last = rows.at(-1);
        if (!last || rows.length < page || recent.length === 0) return found;
        before = last.id;
      }
    },
  };
}

interface DeliveryRow {
  id: number;
  gateway: string;
  delivery_id: string;
  received_at: number;
}
