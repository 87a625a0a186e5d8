import type { Books } from '../books.ts';
import { makePrice } from '../catalog.ts';
import { cartLine, sumUp, type Cart, type CartLine } from '../line-items.ts';
import type { FullTerms, SaleLine } from '../terms.ts';
import { isJson } from '../versions.ts';
import { idOf, type Json, type Price, type Product } from '../wire.ts';
import type { Call } from './call.ts';
import { invalid, missing, required } from './errors.ts';
import { allowOnly, integerIn, tableIn, textIn } from './params.ts';
import { metadataIn } from './session-params.ts';

/** Reads `line_items`: prices of the catalogue, or prices made on the spot by `price_data`. */
export function readCart(call: Call, lines: unknown, terms: FullTerms): Cart {
  if (lines === undefined) throw required('line_items');
  if (!Array.isArray(lines) || lines.length === 0) throw invalid('line_items', 'Invalid array');
  const cart = sumUp(
    lines.map((line: unknown, index) => readLine(call, line, `line_items[${index}]`, terms)),
    0,
  );
  const recurring = cart.lines.filter(({ price }) => price.type === 'recurring').length;
  if (terms.mode === 'payment' && recurring > 0) {
    throw invalid(
      'line_items',
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
    );
  }
  if (terms.mode === 'subscription' && recurring === 0) {
    throw invalid('line_items', 'You must provide at least one recurring price in `subscription` mode when using prices.');
  }
  return cart;
}

function readLine(call: Call, line: unknown, at: string, terms: FullTerms): CartLine {
  if (!isJson(line)) throw invalid(at, 'Invalid object');
  allowOnly(line, ['adjustable_quantity', 'metadata', 'price', 'price_data', 'quantity'], at);
  const quantity = integerIn(line, 'quantity', at);
  if (quantity === undefined) throw required(`${at}[quantity]`);
  if (quantity < 1)
    throw invalid(`${at}[quantity]`, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
  const id = textIn(line, 'price');
  const data = tableIn(line, 'price_data');
  if ((id === undefined) === (data === undefined)) throw required(`${at}[price]`);
  const price = data ? priceFrom(call, data, `${at}[price_data]`, terms) : catalogued(call, id ?? '', `${at}[price]`);
  if (price.currency !== terms.currency.toLowerCase()) {
    throw invalid(`${at}[price]`, 'You cannot combine currencies on a single Checkout Session.');
  }
  const sold: SaleLine = {
    sku: price.id,
    quantity,
    unitAmount: price.unit_amount ?? 0,
    title: titleOf(call.books, price, call.account),
  };
  const bought = cartLine(call.books, sold, price, terms);
  bought.item.metadata = metadataIn(line);
  return bought;
}

function catalogued(call: Call, id: string, param: string): Price {
  const price = call.books.find('price', id, call.account);
  if (!price) throw missing('price', id, param, 400);
  return price;
}

function priceFrom(call: Call, data: Json, at: string, terms: FullTerms): Price {
  allowOnly(data, ['currency', 'product', 'product_data', 'recurring', 'tax_behavior', 'unit_amount'], at);
  if (textIn(data, 'currency') === undefined) throw required(`${at}[currency]`);
  const unitAmount = integerIn(data, 'unit_amount', at);
  if (unitAmount === undefined) throw required(`${at}[unit_amount]`);
  if (unitAmount < 0) throw invalid(`${at}[unit_amount]`, 'Invalid non-negative integer', 'parameter_invalid_integer');
  const productId = textIn(data, 'product');
  const made = tableIn(data, 'product_data');
  if ((productId === undefined) === (made === undefined)) throw required(`${at}[product]`);
  if (productId !== undefined && !call.books.find('product', productId, call.account)) {
    throw missing('product', productId, `${at}[product]`, 400);
  }
  if (made && textIn(made, 'name') === undefined) throw required(`${at}[product_data][name]`);
  const line: SaleLine = { sku: '', unitAmount, title: made ? String(made['name']) : '', skuPlace: 'none' };
  const currency = String(data['currency']);
  const price = makePrice(call.books, line, { ...terms, currency, ...rhythmOf(data, at) });
  if (productId !== undefined) price.product = productId;
  else if (made) {
    const product = call.books.find('product', idOf(price.product), call.account) as Product;
    product.metadata = metadataIn(made);
    product.description = textIn(made, 'description') ?? null;
  }
  price.active = false;
  return price;
}

function rhythmOf(data: Json, at: string): Pick<FullTerms, 'mode' | 'interval'> {
  const recurring = tableIn(data, 'recurring');
  if (!recurring) return { mode: 'payment', interval: 'month' };
  allowOnly(recurring, ['interval', 'interval_count'], `${at}[recurring]`);
  const interval = textIn(recurring, 'interval');
  if (interval === undefined) throw required(`${at}[recurring][interval]`);
  if (interval !== 'day' && interval !== 'week' && interval !== 'month' && interval !== 'year') {
    throw invalid(`${at}[recurring][interval]`, 'Invalid interval: must be one of day, month, week, or year');
  }
  if ((integerIn(recurring, 'interval_count', `${at}[recurring]`) ?? 1) !== 1) {
    throw invalid(`${at}[recurring][interval_count]`, 'This double of Stripe only bills every single interval.', 'double_cannot');
  }
  return { mode: 'subscription', interval };
}

function titleOf(books: Books, price: Price, account: string | null): string {
  const product = books.find('product', idOf(price.product), account);
  return product && 'name' in product ? product.name : price.id;
}
