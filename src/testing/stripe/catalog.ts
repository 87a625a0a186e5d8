import type { Books } from './books.ts';
import type { FullTerms, SaleLine, SkuPlace } from './terms.ts';
import type { Plan, Price, Product } from './wire.ts';

/** A price of the catalogue as a line refers to it: the product is an id until it is expanded. */
export function makePrice(books: Books, line: SaleLine, terms: FullTerms): Price {
  const place: SkuPlace = line.skuPlace ?? 'price-metadata';
  const created = books.seconds(terms.at);
  const product = makeProduct(books, line, place, terms);
  const recurring = terms.mode === 'subscription' && !line.oneTime;
  return books.put(
    'price',
    {
      id: place === 'price-id' ? line.sku : books.newId('price'),
      object: 'price',
      active: true,
      billing_scheme: 'per_unit',
      created,
      currency: terms.currency.toLowerCase(),
      custom_unit_amount: null,
      livemode: terms.livemode,
      lookup_key: place === 'lookup-key' ? line.sku : null,
      metadata: place === 'price-metadata' ? { sku: line.sku } : {},
      nickname: null,
      product,
      recurring: recurring
        ? { interval: terms.interval, interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' }
        : null,
      tax_behavior: terms.taxInclusive ? 'inclusive' : 'unspecified',
      tiers_mode: null,
      transform_quantity: line.transformQuantity
        ? { divide_by: line.transformQuantity.divideBy, round: line.transformQuantity.round }
        : null,
      type: recurring ? 'recurring' : 'one_time',
      unit_amount: line.unitAmount,
      unit_amount_decimal: String(line.unitAmount),
    },
    terms.account,
  );
}

function makeProduct(books: Books, line: SaleLine, place: SkuPlace, terms: FullTerms): string {
  const id = place === 'product-id' ? line.sku : books.newId('prod');
  if (line.productDeleted) return books.put('product', { id, object: 'product', deleted: true }, terms.account).id;
  const created = books.seconds(terms.at);
  const product: Product = {
    id,
    object: 'product',
    active: true,
    created,
    default_price: null,
    description: null,
    images: [],
    livemode: terms.livemode,
    marketing_features: [],
    metadata: place === 'product-metadata' ? { sku: line.sku } : {},
    name: line.title ?? line.sku,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: created,
    url: null,
  };
  return books.put('product', product, terms.account).id;
}

/** The older twin of a recurring price, which subscriptions still carry beside it. */
export function planOf(price: Price): Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: typeof price.product === 'string' ? price.product : price.product.id,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}
