import { parseMoney } from '../../contract/money.ts';
import { ignored, refused, type GatewayContext, type Verdict } from '../../contract/gateway.ts';
import { openCart } from './cart.ts';
import type { Form } from './form.ts';
import { defaultCurrencies, type WebmoneyOptions } from './options.ts';

/** Whether the form asks before the payment is made. Such a form is signed by nobody and never counts as paid. */
export function isPrerequest(form: Form): boolean {
  return form.has('LMI_PREREQUEST');
}

/**
 * May this payment be made? Only for a cart that we signed, over this number and this sum, into one of our purses. Nothing
 * is kept: `ignored` is answered YES, `refused` with words for the buyer.
 */
export function judgePrerequest(form: Form, { options, mode }: GatewayContext<WebmoneyOptions>): Verdict {
  const purse = (form.get('LMI_PAYEE_PURSE') ?? '').toUpperCase();
  if (!options.purses.includes(purse)) {
    return refused('WEBMONEY_PURSE_UNKNOWN', 'A payment was about to be made to a purse that "purses" does not list.');
  }
  const asked = form.get('LMI_MODE');
  if (asked !== undefined && asked !== (mode === 'live' ? '0' : '1')) {
    return refused(
      'WEBMONEY_MODE_MISMATCH',
      `A payment was about to be made in LMI_MODE ${asked === '1' ? 1 : 0}, but this site runs in ${mode} mode.`,
    );
  }
  if ((form.get('LMI_HOLD') ?? '') !== '' && options.holds !== 'accept') {
    return refused('WEBMONEY_ON_HOLD', 'A payment was about to be made with LMI_HOLD, and "holds" is "refuse".');
  }
  const field = form.get('HANDOVER_CART') ?? '';
  if (field === '')
    return refused(
      'WEBMONEY_CART_MISSING',
      'The payment form has no field HANDOVER_CART, so nobody can tell what is being bought.',
    );
  const cart = openCart(field, options.cartSecrets);
  if (!cart) return refused('WEBMONEY_CART_FORGED', 'None of the "cartSecrets" signed the field HANDOVER_CART.');
  const currency = (options.currencies ?? defaultCurrencies)[purse.charAt(0)];
  const amount = parseMoney(`${form.get('LMI_PAYMENT_AMOUNT') ?? ''} ${cart.currency}`)?.amount;
  const fits = cart.currency === currency && cart.total === amount && cart.number === form.get('LMI_PAYMENT_NO');
  return fits
    ? ignored('A pre-request: the payment may be made')
    : refused('WEBMONEY_CART_MISMATCH', 'Number, sum or currency of the payment form differ from the cart that was signed.');
}

/** Why a payment that may be made all the same should not be. */
export interface Objection {
  readonly code: string;
  /** For the log of the site. */
  readonly message: string;
  /** For the buyer; without them the general words. */
  readonly words?: string;
}

/**
 * What the product files say against a cart of ours, before any money moves: an item that nobody sells, at another price than
 * was signed, or sold out. Undefined: nothing. The form has been judged before.
 */
export async function findObjection(form: Form, context: GatewayContext<WebmoneyOptions>): Promise<Objection | undefined> {
  const cart = openCart(form.get('HANDOVER_CART') ?? '', context.options.cartSecrets);
  if (!cart) return { code: 'WEBMONEY_CART_FORGED', message: 'The cart cannot be opened.' };
  const wanted = new Map<string, number>();
  for (const { sku, quantity } of cart.items) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  for (const { sku, price } of cart.items) {
    const offered = await context.offer(sku, wanted.get(sku) ?? 1, cart.number);
    if (!offered) return { code: 'WEBMONEY_SKU_UNKNOWN', message: `No product file has the SKU ${sku}.` };
    if (offered.soldOut !== undefined)
      return { code: 'WEBMONEY_SOLD_OUT', message: `${sku} cannot be sold just now.`, words: offered.soldOut };
    const known = offered.prices.find(({ currency }) => currency === cart.currency);
    if (known?.amount !== price)
      return { code: 'WEBMONEY_PRICE_MISMATCH', message: `The cart has another price for ${sku} than its product file.` };
  }
  return undefined;
}
