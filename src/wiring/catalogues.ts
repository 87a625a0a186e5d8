import type { Configuration } from '../config/configuration.ts';
import { productsFromSnapshot } from '../config/index.ts';
import type { Catalogue } from '../processes/find-product.ts';
import type { Store } from '../storage/store.ts';

/** The versions of the files: the newest, and those that orders were accepted under. */
export interface Catalogues {
  /** The files as they are now. */
  newest(): Catalogue;
  /** Those of an earlier version; undefined when it was never kept. */
  of(version: string): Promise<Catalogue | undefined>;
  /** Keeps a configuration for the orders to come, durably, and makes it the newest. */
  adopt(configuration: Configuration): Promise<void>;
}

const mostRemembered = 50;

export function createCatalogues(store: Pick<Store, 'configuration' | 'keepConfiguration'>): Catalogues {
  const remembered = new Map<string, Catalogue>();
  let newest: Catalogue | undefined;

  function remember(catalogue: Catalogue): Catalogue {
    remembered.delete(catalogue.version);
    remembered.set(catalogue.version, catalogue);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return catalogue;
  }

  return {
    newest() {
      if (!newest) throw new Error('No configuration was adopted yet.');
      return newest;
    },
    async of(version) {
      const known = remembered.get(version);
      if (known) return remember(known);
      const snapshot = await store.configuration(version);
      return snapshot === undefined ? undefined : remember({ version, ...productsFromSnapshot(snapshot) });
    },
    async adopt({ version, snapshot, site, products }) {
      await store.keepConfiguration(version, snapshot);
      newest = remember({ version, site, products });
    },
  };
}
