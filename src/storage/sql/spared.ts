import type { Store } from '../store.ts';
import type { Database } from './database.ts';

/** Who asked to be spared follow-up mails. */
export function sparedOperations(database: Database): Pick<Store, 'spareAddress' | 'isSpared'> {
  const { now } = database.dialect;
  return {
    async spareAddress(fingerprint) {
      await database.run(
        `INSERT INTO spared_addresses (fingerprint, at) VALUES (?, ${now}) ON CONFLICT (fingerprint) DO NOTHING`,
        [fingerprint],
      );
    },
    isSpared: async (fingerprint) =>
      (await database.get('SELECT 1 AS found FROM spared_addresses WHERE fingerprint = ?', [fingerprint])) !== undefined,
  };
}
