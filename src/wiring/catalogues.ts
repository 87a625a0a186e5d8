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
  /** The files as they are now, kept durably by then: an order may be accepted under them. */
  keptNewest(): Promise<Catalogue>;
  /** Makes a configuration the newest. One that no order is accepted under leaves nothing in the store. */
  adopt(configuration: Configuration): void;
}

const mostRemembered = 50;

export function createCatalogues(store: Pick<Store, 'configuration' | 'keepConfiguration'>): Catalogues {
  const remembered = new Map<string, Catalogue>();
  let newest: { readonly catalogue: Catalogue; readonly snapshot: string; isKept: boolean } | undefined;

  function remember(catalogue: Catalogue): Catalogue {
    remembered.delete(catalogue.version);
    remembered.set(catalogue.version, catalogue);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return catalogue;
  }

  function adopted(): NonNullable<typeof newest> {
    if (!newest) throw new Error('No configuration was adopted yet.');
    return newest;
  }

  return {
    newest: () => adopted().catalogue,
    async keptNewest() {
      const files = adopted();
      if (!files.isKept) await store.keepConfiguration(files.catalogue.version, files.snapshot);
      files.isKept = true;
      return files.catalogue;
    },
    async of(version) {
      const known = remembered.get(version);
      if (known) return remember(known);
      const snapshot = await store.configuration(version);
      return snapshot === undefined ? undefined : remember({ version, ...productsFromSnapshot(snapshot) });
    },
    adopt({ version, snapshot, site, products }) {
      newest = { catalogue: remember({ version, site, products }), snapshot, isKept: false };
    },
  };
}
