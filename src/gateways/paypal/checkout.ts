import { createHash } from 'node:crypto';
import { giveUp, tryLater } from '../../contract/errors.ts';
import type { Cart, CartLine, Started } from '../../contract/gateway.ts';
import { isEmailAddress } from '../../contract/email-address.ts';
import { formatMoney, type Money } from '../../contract/money.ts';
import { listAt, textAt, type Fields } from '../json-fields.ts';
import { withQuery } from '../signed-name.ts';
import { openApi } from './api.ts';
import { explainRefusal } from './client.ts';
import { needId } from './fields.ts';
import { writeMoney } from './money.ts';
import type { PaypalContext } from './options.ts';

/**
 * Makes an order with our prices and SKUs and sends the buyer to PayPal to approve it. The cart's reference is the request id, so
 * a second attempt finds the same order, and both the custom id and the invoice id, so PayPal's own pages and reports name it.
 */
export async function beginCheckout(cart: Cart, context: PaypalContext): Promise<Started> {
  const requestId = `handover-order-${createHash('sha256').update(cart.reference).digest('hex')}`;
  const answer = await openApi(context).createOrder(requestId, orderOf(cart, context));
  if (answer.status !== 200 && answer.status !== 201) throw explainRefusal(answer, 'a new order');
  const purchase = needId(answer.json, 'id');
  const isApproved = ['APPROVED', 'COMPLETED'].includes(textAt(answer.json, 'status') ?? '');
  const url = isApproved ? withQuery(cart.returnUrl, 'token', purchase) : approvalAddress(answer.json);
  if (url !== undefined) return { kind: 'redirect', purchase, url };
  throw tryLater('PAYPAL_ANSWER_UNREADABLE', `PayPal made order ${purchase}, but names no address to approve it.`);
}

function orderOf(cart: Cart, { options }: PaypalContext): Fields {
  const { total, buyer } = cart;
  const currency = total.currency;
  const items = cart.lines.map((line) => itemOf(line, currency));
  const sum: Money = { amount: cart.lines.reduce((all, { price, quantity }) => all + price.amount * quantity, 0), currency };
  if (sum.amount !== total.amount) {
    throw giveUp('PAYPAL_CART_SUM', `The cart's lines come to ${formatMoney(sum)}, its total is ${formatMoney(total)}.`, {
      hint: 'Report this: prices come from the product files and must add up.',
    });
  }
  const reference = cart.reference.slice(0, 127);
  return {
    intent: 'CAPTURE',
    purchase_units: [
      {
        custom_id: reference,
        invoice_id: reference,
        ...(options.merchantId !== undefined && { payee: { merchant_id: options.merchantId } }),
        amount: { ...writeMoney(total), breakdown: { item_total: writeMoney(total) } },
        items,
      },
    ],
    payment_source: {
      paypal: {
        ...(buyer.email !== undefined && isEmailAddress(buyer.email) && { email_address: buyer.email }),
        experience_context: {
          user_action: 'PAY_NOW',
          shipping_preference: 'NO_SHIPPING',
          return_url: cart.returnUrl,
          cancel_url: cart.cancelUrl,
          ...(isLocale(cart.language) && { locale: cart.language }),
        },
      },
    },
  };
}

function itemOf({ sku, title, quantity, price }: CartLine, currency: string): Fields {
  if (price.currency !== currency) {
    throw giveUp('PAYPAL_CART_SUM', `${sku} is priced in ${price.currency}, the cart in ${currency}.`);
  }
  return {
    name: title.slice(0, 127),
    sku: sku.slice(0, 127),
    quantity: String(quantity),
    unit_amount: writeMoney(price),
    category: 'DIGITAL_GOODS',
  };
}

/** PayPal's form of a locale: `de`, `de-AT`, `zh-Hant-TW`. Others would be refused. */
function isLocale(language: string | undefined): language is string {
  return language !== undefined && language.length <= 10 && /^[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(language);
}

/** Its name depends on how the order was made. */
function approvalAddress(order: Fields): string | undefined {
  const links = listAt(order, 'links');
  const link = links.find((each) => ['payer-action', 'approve'].includes(textAt(each, 'rel') ?? ''));
  const href = textAt(link, 'href');
  return href !== undefined && /^https?:\/\//.test(href) ? href : undefined;
}
