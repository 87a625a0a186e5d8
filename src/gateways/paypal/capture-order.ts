import { giveUp, tryLater } from '../../contract/errors.ts';
import { fieldsAt, listAt, textAt, type Fields } from '../json-fields.ts';
import { explainRefusal, type ApiAnswer } from './client.ts';
import type { Desk } from './desk.ts';
import { needId, words } from './fields.ts';
import { capturesOf, unitsOf } from './units.ts';

/** Refusals that end this attempt to pay; the buyer may approve again, with the same means or another. */
const declines = new Set([
  'INSTRUMENT_DECLINED',
  'PAYER_ACTION_REQUIRED',
  'REDIRECT_PAYER_FOR_ALTERNATE_FUNDING',
  'TRANSACTION_REFUSED',
  'PAYER_CANNOT_PAY',
  'PAYER_ACCOUNT_RESTRICTED',
  'PAYER_ACCOUNT_LOCKED_OR_CLOSED',
  'PAYEE_BLOCKED_TRANSACTION',
  'TRANSACTION_BLOCKED_BY_PAYEE',
  'COMPLIANCE_VIOLATION',
  'TRANSACTION_LIMIT_EXCEEDED',
  'MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED',
  'CARD_EXPIRED',
]);

/**
 * Captures an approved order, once, whoever asks first: the notice of the approval, or the buyer's return. All of them send the
 * same `PayPal-Request-Id`, and an order that was captured meanwhile is a success. Gives the order with its captures, which may
 * be pending or declined, or why PayPal declined.
 */
export async function captureOrder(
  order: Fields,
  desk: Desk,
): Promise<{ readonly order: Fields } | { readonly declined: string }> {
  const id = needId(order, 'id');
  refuseOtherPayee(order, desk);
  const answer = await desk.api.captureOrder(id, `handover-capture-${id}-${approvalOf(order)}`);
  const done = answer.status === 200 || answer.status === 201;
  if (done) return { order: withCaptures(order, answer.json) ?? (await readBack(id, desk)) };
  if (answer.issues.includes('ORDER_ALREADY_CAPTURED')) return { order: await readBack(id, desk) };
  const decline = answer.issues.find((issue) => declines.has(issue));
  if (decline !== undefined) return { declined: `PayPal declined the payment: ${words(decline)}.` };
  throw explainCapture(answer, id);
}

/**
 * Tells one approval of an order from the next, which follows a decline and changes the order. Each has a request id of its own:
 * what PayPal answers to that of a declined attempt is not documented (https://developer.paypal.com/reference/guidelines/idempotency/).
 */
export function approvalOf(order: Fields): string {
  const changed = Date.parse(textAt(order, 'update_time') ?? textAt(order, 'create_time') ?? '');
  return String(Number.isNaN(changed) ? 0 : changed);
}

/** Nothing is taken from a buyer for somebody else. */
function refuseOtherPayee(order: Fields, { context: { options } }: Desk): void {
  if (options.merchantId === undefined) return;
  const other = unitsOf(order)
    .map(({ fields }) => textAt(fields, 'payee', 'merchant_id'))
    .find((payee) => payee !== options.merchantId);
  if (other === undefined) return;
  throw giveUp(
    'PAYPAL_PAYEE_OTHER',
    `Order ${textAt(order, 'id')} would pay account ${other}, not ${options.merchantId}. It was not captured.`,
    {
      hint: 'Correct "merchantId" of the gateway if the account is yours, then retry the callback. Otherwise leave it: the approval lapses.',
    },
  );
}

/** The answer has the captures but not always the items, so it completes what is known. Undefined when it has no captures. */
function withCaptures(order: Fields, captured: Fields): Fields | undefined {
  const units = listAt(captured, 'purchase_units');
  if (!unitsOf(captured).some((unit) => capturesOf(unit).length > 0)) return undefined;
  const merged = listAt(order, 'purchase_units').map((unit, index) => {
    const same = units.find((each) => textAt(each, 'reference_id') === textAt(unit, 'reference_id')) ?? units[index];
    return { ...unit, payments: fieldsAt(same, 'payments') };
  });
  return { ...order, ...captured, purchase_units: merged };
}

/** The capture was made, by us or by somebody else; until the order shows it, nothing is known about it. */
async function readBack(id: string, { api }: Desk): Promise<Fields> {
  const order = await api.order(id);
  if (unitsOf(order).some((unit) => capturesOf(unit).length > 0)) return order;
  throw tryLater('PAYPAL_CAPTURE_UNDER_WAY', `Order ${id} is captured, but does not show its capture yet.`);
}

function explainCapture(answer: ApiAnswer, id: string): Error {
  const { issues } = answer;
  if (issues.includes('ORDER_NOT_APPROVED') || issues.includes('ORDER_COMPLETION_IN_PROGRESS')) {
    return tryLater('PAYPAL_CAPTURE_UNDER_WAY', `Order ${id} cannot be captured at this moment: ${words(issues.at(-1))}.`);
  }
  if (issues.includes('DUPLICATE_INVOICE_ID')) {
    return giveUp(
      'PAYPAL_INVOICE_TWICE',
      `Order ${id} carries an invoice id that was paid before, so PayPal does not capture it.`,
      {
        hint: 'Let the shop give each order an invoice id of its own. The buyer has not been charged for this one.',
      },
    );
  }
  return explainRefusal(answer, `the capture of order ${id}`);
}
