import { giveUp } from '../../contract/errors.ts';
import type { Cart, CartLine, GatewayContext, Started } from '../../contract/gateway.ts';
import { writeDecimal } from '../decimal-amount.ts';
import { textIn } from '../exact-json.ts';
import { nameCart, signName, withQuery } from '../signed-name.ts';
import { told } from '../told.ts';
import { callApi, type Line } from './client.ts';
import type { AuthorizeNetOptions } from './options.ts';
import { cartPrefix, invoiceLength } from './place.ts';
import { returnLabel } from './relay.ts';

/** Limits of the API (https://developer.authorize.net/api/reference/index.html). */
const [mostLines, longestSku, longestName] = [30, 31, 31];

/**
 * Asks for a token of the hosted payment page (Accept Hosted), which the buyer's browser then posts there. The token lives for
 * 15 minutes. Elements stand in the order of the schema, or they are refused. Two tokens of one cart are one purchase: its
 * invoice number is made from the cart.
 */
export async function startCheckout(cart: Cart, context: GatewayContext<AuthorizeNetOptions>): Promise<Started> {
  const { options } = context;
  checkCart(cart, options);
  const secret = options.secrets[0] ?? '';
  const purchase = nameCart(cart.reference, secret, cartPrefix, invoiceLength);
  const request = {
    refId: purchase,
    transactionRequest: {
      transactionType: 'authCaptureTransaction',
      amount: writeDecimal(cart.total),
      currencyCode: cart.total.currency,
      order: { invoiceNumber: purchase, description: describe(cart) },
      lineItems: { lineItem: cart.lines.map(itemOf) },
      ...(cart.buyer.email !== undefined && { customer: { email: cart.buyer.email } }),
      ...billTo(cart),
    },
    hostedPaymentSettings: { setting: settingsFor(cart, signName(purchase, returnLabel, secret), options) },
  };
  const answer = await callApi(context, 'getHostedPaymentPageRequest', request, 'a token of the payment page');
  const token = textIn(answer, '/token');
  if (token === undefined)
    throw giveUp('AUTHORIZE_NET_REQUEST_REFUSED', 'Authorize.net gave no token for its payment page.', {
      hint: 'See whether Accept Hosted is open to the account.',
    });
  return { kind: 'form', purchase, action: `${payBaseOf(context)}/payment/payment`, fields: { token } };
}

function payBaseOf({ options, mode }: Pick<Line, 'options' | 'mode'>): string {
  return (options.payBase ?? (mode === 'live' ? 'https://accept.authorize.net' : 'https://test.authorize.net')).replace(
    /\/+$/,
    '',
  );
}

function checkCart({ lines, total }: Cart, { currency = 'USD' }: AuthorizeNetOptions): void {
  if (total.currency !== currency)
    throw cannot(
      `The cart is in ${total.currency}, but the account takes ${currency}`,
      'Give the products a price in it, or correct "currency".',
    );
  if (lines.length > mostLines) throw cannot(`The cart has more than ${mostLines} lines`, 'Sell it in several purchases.');
  const long = lines.find(({ sku }) => sku.length > longestSku);
  if (long)
    throw cannot(
      `The SKU ${long.sku} has more than ${longestSku} characters`,
      'Give the product a shorter SKU; the long one can stay under "aliases".',
    );
}

function cannot(what: string, hint: string): Error {
  return giveUp('AUTHORIZE_NET_CART_IMPOSSIBLE', `${what}, which Authorize.net cannot sell.`, { hint });
}

function itemOf({ sku, title, quantity, price }: CartLine): object {
  return { itemId: sku, name: cut(title, longestName), quantity: String(quantity), unitPrice: writeDecimal(price) };
}

function describe({ lines }: Cart): string {
  return cut(lines.map(({ title, quantity }) => (quantity === 1 ? title : `${quantity} × ${title}`)).join(', '), 255);
}

function billTo({ buyer }: Cart): object {
  const [first, ...rest] = (buyer.name ?? '').trim().split(/\s+/);
  const names = told({
    firstName: buyer.firstName ?? (rest.length > 0 ? first : undefined),
    lastName: buyer.lastName ?? (rest.length > 0 ? rest.join(' ') : first === '' ? undefined : first),
  });
  const cutNames = Object.entries(names).map(([key, value]) => [key, cut(value, 50)] as const);
  return cutNames.length > 0 ? { billTo: Object.fromEntries(cutNames) } : {};
}

function settingsFor({ returnUrl, cancelUrl }: Cart, name: string, { merchantName }: AuthorizeNetOptions): object[] {
  const url = withQuery(returnUrl, 'order', name);
  const settings: Readonly<Record<string, object>> = {
    hostedPaymentReturnOptions: { showReceipt: false, url, urlText: 'Continue', cancelUrl, cancelUrlText: 'Cancel' },
    hostedPaymentOrderOptions: { show: true, ...(merchantName !== undefined && { merchantName }) },
    hostedPaymentCustomerOptions: { showEmail: true, requiredEmail: true, addPaymentProfile: false },
  };
  return Object.entries(settings).map(([settingName, value]) => ({ settingName, settingValue: JSON.stringify(value) }));
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
