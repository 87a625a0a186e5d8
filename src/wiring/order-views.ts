import type { Catalogues } from './catalogues.ts';
import type { ProductConfig, SiteConfig } from '../config/types.ts';
import type { PaymentInstructions } from '../contract/gateway.ts';
import type { Order } from '../contract/order.ts';
import { splitAction } from '../contract/plan.ts';
import type { Edition } from './edition.ts';
import { findAction } from '../fulfilment/run-action.ts';
import { viewOrder, type OrderView, type ViewParts } from '../presentation/order-view.ts';
import { findProduct } from '../processes/find-product.ts';
import type { OrderRecord } from '../storage/store.ts';

/** An order as people see it, with the texts of the version it was accepted under. */
export interface ShownOrder {
  readonly view: OrderView;
  /** Brand and addresses as they are now, texts as they were. */
  readonly site: SiteConfig;
  product(sku: string): ProductConfig | undefined;
}

interface OrderParts extends ViewParts {
  readonly site: SiteConfig;
  product(sku: string): ProductConfig | undefined;
}

export interface OrderViewParts {
  readonly catalogues: Catalogues;
  edition(): Edition;
  readonly sealer: { open(sealed: string): string };
}

/** Joins a stored order with the files it goes by, the links and the opened secrets. */
export async function showOrder(record: OrderRecord, parts: OrderViewParts): Promise<ShownOrder> {
  const viewParts = await viewPartsOf(record, parts);
  return { view: viewOrder(record, viewParts), site: viewParts.site, product: (sku) => viewParts.product(sku) };
}

/** What a view of this order is made of beside the order itself; without one, what a notice to staff is made of. */
export async function viewPartsOf(record: OrderRecord | undefined, parts: OrderViewParts): Promise<OrderParts> {
  const { catalogues } = parts;
  const edition = parts.edition();
  const newest = catalogues.newest();
  const accepted = (record && (await catalogues.of(record.order.configVersion))) ?? newest;
  return {
    site: { ...edition.configuration.site, outcomes: accepted.site.outcomes, messages: accepted.site.messages },
    product: (sku) => findProduct(sku, [accepted, newest])?.product,
    links: edition.links,
    open: (sealed) => parts.sealer.open(sealed),
    outputs: (action) => outputsOf(action, edition),
    instructions: (order) => instructionsOf(order, edition),
  };
}

function instructionsOf(order: Order, edition: Edition): PaymentInstructions | undefined {
  const open = edition.gateway(order.gateway);
  return open?.gateway.instructions?.(order, open.context);
}

function outputsOf(action: string, edition: Edition): ReturnType<typeof findAction>['action']['output'] | undefined {
  try {
    return findAction({ account: splitAction(action).account, action }, edition).action.output;
  } catch {
    return undefined;
  }
}
