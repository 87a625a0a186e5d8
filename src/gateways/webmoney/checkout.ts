import { giveUp } from '../../contract/errors.ts';
import type { Cart, GatewayContext, Started } from '../../contract/gateway.ts';
import { formatMoney } from '../../contract/money.ts';
import { numberCart } from '../signed-name.ts';
import { signCart } from './cart.ts';
import { defaultCurrencies, defaultPayUrl, type WebmoneyOptions } from './options.ts';

/**
 * The form that the buyer's browser posts to WebMoney. The payment number is made from the cart's name, so a second attempt is
 * the same payment; WebMoney takes numbers of at most fifteen digits. The purse is the first one of the cart's currency.
 */
export async function startCheckout(cart: Cart, { options, mode }: GatewayContext<WebmoneyOptions>): Promise<Started> {
  const { email } = cart.buyer;
  if (email === undefined)
    throw giveUp('WEBMONEY_CART_INVALID', 'The buyer has no e-mail address, and WebMoney asks for none.', {
      hint: 'Ask for it before the payment is begun.',
    });
  const [secret = ''] = options.cartSecrets;
  const number = numberCart(cart.reference, secret, 15);
  const { fields, returnQuery } = signCart(
    {
      number,
      items: cart.lines.map(({ price, ...item }) => ({ ...item, price: formatMoney(price) })),
      buyer: { ...cart.buyer, email },
      ...(cart.language !== undefined && { language: cart.language }),
    },
    secret,
  );
  return {
    kind: 'form',
    purchase: number,
    action: options.payUrl ?? defaultPayUrl,
    fields: {
      LMI_PAYEE_PURSE: purseFor(cart.total.currency, options),
      ...fields,
      LMI_PAYMENT_DESC_BASE64: describe(cart),
      LMI_SUCCESS_URL: `${cart.returnUrl}${cart.returnUrl.includes('?') ? '&' : '?'}${returnQuery}`,
      LMI_SUCCESS_METHOD: '0',
      LMI_FAIL_URL: cart.cancelUrl,
      LMI_FAIL_METHOD: '0',
      ...(mode === 'test' && { LMI_SIM_MODE: '0' }),
    },
  };
}

function purseFor(currency: string, { purses, currencies = defaultCurrencies }: WebmoneyOptions): string {
  const found = purses.find((purse) => Object.hasOwn(currencies, purse.charAt(0)) && currencies[purse.charAt(0)] === currency);
  if (found !== undefined) return found;
  throw giveUp('WEBMONEY_CURRENCY_UNKNOWN', `No purse under "purses" takes ${currency}.`, {
    hint: 'Add a purse of that currency, or give the products a price in another.',
  });
}

/** Shown to the buyer; WebMoney has room for 255 characters. Base64 keeps the letters whatever the page's encoding is. */
function describe({ lines }: Cart): string {
  const text = lines.map(({ title, quantity }) => (quantity === 1 ? title : `${quantity} × ${title}`)).join(', ');
  return Buffer.from(text.slice(0, 200), 'utf8').toString('base64');
}
