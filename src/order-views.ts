import type { Catalogues } from './catalogues.ts';
import type { ProductConfig, SiteConfig } from './config/types.ts';
import type { Edition } from './edition.ts';
import { findAction } from './fulfilment/run-action.ts';
import { viewOrder, type OrderView } from './presentation/order-view.ts';
import { findProduct } from './processes/find-product.ts';
import type { OrderRecord } from './storage/store.ts';

/** An order as people see it, with the texts of the version it was accepted under. */
export interface ShownOrder {
  readonly view: OrderView;
  /** Brand and addresses as they are now, texts as they were. */
  readonly site: SiteConfig;
  product(sku: string): ProductConfig | undefined;
}

export interface OrderViewParts {
  readonly catalogues: Catalogues;
  edition(): Edition;
  readonly sealer: { open(sealed: string): string };
}

/** Joins a stored order with the files it goes by, the links and the opened secrets. */
export async function showOrder(record: OrderRecord, { catalogues, edition, sealer }: OrderViewParts): Promise<ShownOrder> {
  const newest = catalogues.newest();
  const accepted = (await catalogues.of(record.order.configVersion)) ?? newest;
  const site: SiteConfig = { ...edition().configuration.site, outcomes: accepted.site.outcomes, messages: accepted.site.messages };
  const product = (sku: string): ProductConfig | undefined => findProduct(sku, [accepted, newest])?.product;
  const view = viewOrder(record, {
    site,
    product,
    links: edition().links,
    open: (sealed) => sealer.open(sealed),
    outputs: (action) => outputsOf(action, edition()),
  });
  return { view, site, product };
}

function outputsOf(action: string, edition: Edition): ReturnType<typeof findAction>['action']['output'] | undefined {
  try {
    return findAction({ account: action.slice(0, action.lastIndexOf('.')), action }, edition).action.output;
  } catch {
    return undefined;
  }
}
