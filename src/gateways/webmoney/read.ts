import { giveUp } from '../../contract/errors.ts';
import type { EventLine, PaymentEvent } from '../../contract/event.ts';
import type { GatewayContext } from '../../contract/gateway.ts';
import type { Money } from '../../contract/money.ts';
import { readDecimalMoney } from '../decimal-amount.ts';
import { openCart, type OpenCart } from './cart.ts';
import type { Form } from './form.ts';
import { deliveryOf, type WebmoneyNotice } from './notice.ts';
import { defaultCurrencies, defaultUtcOffset, type WebmoneyOptions } from './options.ts';

/** The payment that a proved notice tells of. What it bought is told by our own cart, and by it alone. */
export function paidEvent(notice: WebmoneyNotice, form: Form, { options, name }: GatewayContext<WebmoneyOptions>): PaymentEvent {
  const purse = notice.payeePurse.toUpperCase();
  if (!options.purses.includes(purse)) {
    throw giveUp('WEBMONEY_PURSE_UNKNOWN', `Payment ${notice.number} came to purse ${purse}, which "purses" does not list.`, {
      hint: 'If the purse is yours, add it to "purses" of the gateway, then retry the callback.',
    });
  }
  if ((notice.hold ?? '') !== '' && options.holds !== 'accept') {
    throw giveUp(
      'WEBMONEY_ON_HOLD',
      `WebMoney holds the money of payment ${notice.number} back (LMI_HOLD ${notice.hold ?? ''}).`,
      {
        hint: 'Confirm or reject the payment at WebMoney. If confirmed, set "holds": "accept", retry the callback, and set it back.',
      },
    );
  }
  const amount = amountOf(notice, purse, options);
  const cart = openCart(form.get('HANDOVER_CART') ?? '', options.cartSecrets);
  const isOurs = cart !== undefined && cart.number === notice.number;
  const payment = deliveryOf(notice);
  return {
    kind: 'payment.completed',
    gateway: name,
    id: `${payment}:completed`,
    at: timeOf(notice.date, options.utcOffset ?? defaultUtcOffset),
    purchase: notice.number,
    payment,
    mode: notice.mode === '0' ? 'live' : 'test',
    receiver: purse,
    amount,
    references: [notice.transaction, notice.invoice],
    ...(isOurs && { lines: cart.items.map((item) => lineOf(item, cart.currency)), buyer: cart.buyer }),
    ...(isOurs && cart.language !== undefined && { language: cart.language }),
  };
}

function lineOf({ sku, quantity, price, title, learner }: OpenCart['items'][number], currency: string): EventLine {
  const sum = { amount: price * quantity, currency };
  return { sku, title, quantity, subtotal: sum, total: sum, ...(learner && { learner }) };
}

function amountOf({ amount, number }: WebmoneyNotice, purse: string, { currencies = defaultCurrencies }: WebmoneyOptions): Money {
  const letter = purse.charAt(0);
  const currency = Object.hasOwn(currencies, letter) ? currencies[letter] : undefined;
  if (currency === undefined) {
    throw giveUp(
      'WEBMONEY_CURRENCY_UNKNOWN',
      `Payment ${number} came to a purse of the letter ${letter}, which stands for no currency here.`,
      {
        hint: 'Add the letter to "currencies" of the gateway, then retry the callback.',
      },
    );
  }
  const money = readDecimalMoney(amount, currency);
  if (money) return money;
  throw giveUp('WEBMONEY_AMOUNT_UNREADABLE', `Payment ${number} is over ${amount}, which is no sum in ${currency}.`, {
    hint: 'Compare with the purse at WebMoney; correct "currencies" if the letter stands for another currency.',
  });
}

/** `20260102 03:04:05` */
function timeOf(date: string, utcOffset: string): string {
  const text = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${date.slice(9)}${utcOffset}`;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw giveUp('WEBMONEY_DATE_UNREADABLE', `"${date}" is no date and time.`, {
    hint: 'Look the payment up at WebMoney and report the notice.',
  });
}
