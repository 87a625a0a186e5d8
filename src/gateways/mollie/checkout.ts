import { giveUp } from '../../contract/errors.ts';
import type { Cart, CartLine, GatewayContext, Started } from '../../contract/gateway.ts';
import type { Money } from '../../contract/money.ts';
import { writeDecimal } from '../decimal-amount.ts';
import { textIn } from '../exact-json.ts';
import { nameCart, signName, withQuery } from '../signed-name.ts';
import { told } from '../told.ts';
import { mollieCallbackUrl } from './address.ts';
import { callMollie } from './client.ts';
import { purchaseKey } from './facts.ts';
import type { MollieOptions } from './options.ts';

/** What a name in a return address is signed for. */
export const returnLabel = 'handover mollie return';

/**
 * Creates a payment (https://docs.mollie.com/reference/create-payment). Its address of return has to be told before it has an
 * id, so the purchase has a name of ours, which stands in the metadata.
 */
export async function startCheckout(cart: Cart, context: GatewayContext<MollieOptions>): Promise<Started> {
  const [secret = ''] = context.options.addressSecrets;
  const purchase = nameCart(cart.reference, secret, 'HO-', 24);
  const { email, name, firstName, lastName } = cart.buyer;
  const billing = told({ givenName: firstName, familyName: lastName, email });
  const payment = await callMollie(context, 'POST', 'payments', 'a new payment', {
    idempotencyKey: cart.reference,
    json: {
      amount: amountOf(cart.total),
      description: describe(cart),
      redirectUrl: withQuery(cart.returnUrl, 'order', signName(purchase, returnLabel, secret)),
      cancelUrl: cart.cancelUrl,
      webhookUrl: mollieCallbackUrl(cart.callbackUrl, secret),
      lines: cart.lines.map(lineOf),
      ...(Object.keys(billing).length > 0 && { billingAddress: billing }),
      ...localeFor(cart.language),
      metadata: { [purchaseKey]: purchase, ...told({ email, name }) },
    },
  });
  const url = textIn(payment, '/_links/checkout/href');
  if (url !== undefined) return { kind: 'redirect', purchase, url };
  throw giveUp('MOLLIE_REQUEST_REFUSED', 'Mollie made a payment without a page to pay it on.', {
    hint: 'See in the Mollie dashboard which methods of payment the profile has.',
  });
}

function lineOf({ sku, title, quantity, price }: CartLine): object {
  return {
    type: 'digital',
    description: title.slice(0, 100),
    quantity,
    unitPrice: amountOf(price),
    totalAmount: amountOf({ ...price, amount: price.amount * quantity }),
    sku,
  };
}

function amountOf(money: Money): { currency: string; value: string } {
  return { currency: money.currency, value: writeDecimal(money) };
}

function describe({ lines }: Cart): string {
  return lines
    .map(({ title, quantity }) => (quantity === 1 ? title : `${quantity} × ${title}`))
    .join(', ')
    .slice(0, 255);
}

/** Languages of Mollie's page; in any other it follows the browser. */
const locales =
  'en_US en_GB nl_NL nl_BE de_DE de_AT de_CH fr_FR fr_BE es_ES ca_ES pt_PT it_IT nb_NO sv_SE fi_FI da_DK is_IS hu_HU pl_PL lv_LV lt_LT'.split(
    ' ',
  );

function localeFor(language = ''): { locale?: string } {
  const wanted = language.replace('-', '_');
  const locale =
    locales.find((each) => each === wanted) ?? locales.find((each) => each.startsWith(`${language.split('-')[0] ?? ''}_`));
  return locale === undefined || language === '' ? {} : { locale };
}
