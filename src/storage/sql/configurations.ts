import type { Store } from '../store.ts';
import type { Database } from './database.ts';

export function configurationOperations(database: Database): Pick<Store, 'keepConfiguration' | 'configuration'> {
  const keep = `
    INSERT INTO configurations (version, text, kept_at) VALUES (?, ?, ${database.dialect.now})
    ON CONFLICT (version) DO NOTHING`;

  return {
    async keepConfiguration(version, text) {
      await database.run(keep, [version, text]);
    },

    async configuration(version) {
      const row = await database.get<{ text: string }>('SELECT text FROM configurations WHERE version = ?', [version]);
      return row?.text;
    },
  };
}
