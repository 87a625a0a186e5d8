import type { Configuration, ConnectorAccount } from '../config/configuration.ts';
import type { ProductConfig } from '../config/types.ts';
import { actionsOf, type Action } from '../contract/connector.ts';
import type { Offer } from '../contract/gateway.ts';
import { parseMoney } from '../contract/money.ts';
import { splitAction } from '../contract/plan.ts';
import { showDate } from '../presentation/show-values.ts';
import { endOfDay } from '../processes/access-end.ts';
import type { Store } from '../storage/store.ts';
import { poolsOf, skusGiving } from './stock-pools.ts';

/** What is known when somebody asks what is sold. */
export interface OfferParts {
  readonly configuration: Pick<Configuration, 'products' | 'site' | 'accounts'>;
  readonly store: Pick<Store, 'stockCounts' | 'keyCounts'>;
  readonly now: () => Date;
}

export interface OfferQuestion {
  /** The order whose purchase this is: what it holds of the stock is there for it. */
  readonly orderId?: string;
  /** The stock is reserved next, which decides: it is not counted here. */
  readonly isReserving?: boolean;
}

/** What the product files say of a SKU, or of an older name of it, before money moves. */
export function offerOf(products: Configuration['products'], sku: string): Offer | undefined {
  const product = productOf(products, sku);
  if (!product) return undefined;
  const prices = [product.price].flat().flatMap((price) => parseMoney(price) ?? []);
  return { sku: product.sku, title: product.title, prices };
}

/** The same, and whether it can be sold in this quantity just now: by its sale window, its stock and the keys of its grants. */
export async function offerNow(
  sku: string,
  quantity: number,
  parts: OfferParts,
  question: OfferQuestion = {},
): Promise<Offer | undefined> {
  const { products } = parts.configuration;
  const offer = offerOf(products, sku);
  const product = productOf(products, sku);
  if (!offer || !product) return undefined;
  const soldOut =
    outsideSale(product, parts) ??
    (question.isReserving === true ? undefined : await shortOfStock(product, quantity, parts, question.orderId)) ??
    (await shortOfKeys(product, quantity, parts));
  return { ...offer, ...(soldOut !== undefined && { soldOut }) };
}

/** What buyers read when a pool has too few for a product. */
export function soldOutWords({ stock }: Pick<ProductConfig, 'stock'>): string {
  return stock?.soldOut ?? 'This is sold out.';
}

function productOf(products: Configuration['products'], sku: string): ProductConfig | undefined {
  return products.get(sku) ?? [...products.values()].find(({ aliases }) => aliases?.includes(sku));
}

function outsideSale({ sale }: ProductConfig, { configuration, now }: OfferParts): string | undefined {
  const { timeZone } = configuration.site.site;
  const instant = now().getTime();
  if (sale?.from !== undefined) {
    const begins = endOfDay(dayBefore(sale.from), timeZone);
    if (instant < begins) return `This is sold from ${showDate(new Date(begins).toISOString(), configuration.site.site)} on.`;
  }
  return sale?.until !== undefined && instant >= endOfDay(sale.until, timeZone) ? 'This is not sold any more.' : undefined;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

async function shortOfStock(
  product: ProductConfig,
  quantity: number,
  { configuration, store }: OfferParts,
  orderId: string | undefined,
): Promise<string | undefined> {
  const pools = poolsOf(configuration.products).filter(({ skus }) => skus.includes(product.sku));
  if (pools.length === 0) return undefined;
  const counts = await store.stockCounts(pools, orderId);
  for (const [index, { capacity }] of pools.entries()) {
    const { sold = 0, reserved = 0 } = counts[index] ?? {};
    const left = capacity - sold - reserved;
    if (left >= quantity) continue;
    if (left > 0) return `Only ${left} ${left === 1 ? 'is' : 'are'} left.`;
    const mayComeBack = capacity - sold >= quantity;
    return mayComeBack ? 'The last ones are being paid for just now. Please try again a little later.' : soldOutWords(product);
  }
  return undefined;
}

async function shortOfKeys(
  product: ProductConfig,
  quantity: number,
  { configuration, store }: OfferParts,
): Promise<string | undefined> {
  const { products, accounts } = configuration;
  const names = keyPoolsOf(product, accounts);
  if (names.length === 0) return undefined;
  const counts = await store.keyCounts();
  for (const name of names) {
    const skus = [...products.values()]
      .filter((other) => keyPoolsOf(other, accounts).includes(name))
      .flatMap((other) => skusGiving(other, products));
    const [promised] = await store.stockCounts([{ name, capacity: 0, skus: [...new Set(skus)] }]);
    const left = (counts.find(({ pool }) => pool === name)?.free ?? 0) - (promised?.reserved ?? 0);
    if (left < quantity) return left > 0 ? `Only ${left} ${left === 1 ? 'is' : 'are'} left.` : soldOutWords(product);
  }
  return undefined;
}

/** Key pools a product's grants take from. */
export function keyPoolsOf({ grants }: Pick<ProductConfig, 'grants'>, accounts: ReadonlyMap<string, ConnectorAccount>): string[] {
  const pools = Object.values(grants).flatMap(({ action, with: input }) => {
    const { account: name, name: verb } = splitAction(action);
    const account = accounts.get(name);
    const actions = account && actionsOf(account.connector, account.options);
    const found = actions && Object.hasOwn(actions, verb) ? actions[verb] : undefined;
    return account && found ? (keyPoolOf(found as unknown as AnyAction, input, account.options) ?? []) : [];
  });
  return [...new Set(pools)];
}

type AnyAction = Action<Readonly<Record<string, unknown>>>;

function keyPoolOf(action: AnyAction, input: Readonly<Record<string, unknown>>, options: unknown): string | undefined {
  return action.keyPool?.(input, options);
}
