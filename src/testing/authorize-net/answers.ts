import type { DoubleReply } from '../double-server.ts';
import type { BookedTransaction, Books } from './books.ts';

/** JSON as the API sends it: with a byte order mark in front, and with status 200 also when it is an error. */
export function answer(value: object): DoubleReply {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: `\uFEFF${JSON.stringify(value)}` };
}

const fine = { resultCode: 'Ok', message: [{ code: 'I00001', text: 'Successful.' }] };

export function done(value: object, note?: { code: string; text: string }): DoubleReply {
  return answer({ ...value, messages: note ? { resultCode: 'Ok', message: [note] } : fine });
}

export function failed(code: string, text: string): DoubleReply {
  return answer({ messages: { resultCode: 'Error', message: [{ code, text }] } });
}

/** The details of a transaction. Amounts are JSON numbers here. */
export function detailsOf(transaction: BookedTransaction, books: Books): object {
  const { id, original, at, type, status, amount, terms, subscription, batch, reason } = transaction;
  const isTaken = !/^(voided|declined|expired|failedReview|authorizedPendingCapture|FDS.*)$/.test(status);
  const settledAt = books.batches.find((each) => each.id === batch)?.settledAt;
  return {
    transId: id,
    ...(original !== undefined && { refTransId: original }),
    submitTimeUTC: at.toISOString(),
    submitTimeLocal: at.toISOString().replace('Z', ''),
    transactionType: type,
    transactionStatus: status,
    responseCode: status === 'declined' ? 2 : /^FDS/.test(status) ? 4 : 1,
    responseReasonCode: 1,
    ...(subscription && { subscription: { id: Number(subscription.id), payNum: subscription.payNum } }),
    responseReasonDescription: reason,
    authCode: 'ABC123',
    AVSResponse: 'Y',
    ...(batch !== undefined && settledAt && { batch: { batchId: batch, settlementTimeUTC: settledAt.toISOString() } }),
    order: {
      invoiceNumber: terms.invoice ?? '',
      description: terms.description ?? '',
      discountAmount: 0,
      taxIsAfterDiscount: false,
    },
    authAmount: Number(amount),
    settleAmount: isTaken ? Number(amount) : 0,
    ...(terms.tax !== undefined && { tax: { amount: Number(terms.tax) } }),
    ...(terms.shipping !== undefined && { shipping: { amount: Number(terms.shipping) } }),
    ...(terms.items && {
      lineItems: terms.items.map(({ itemId, name = itemId, quantity = '1', unitPrice }) => ({
        itemId,
        name,
        quantity: Number(quantity),
        unitPrice: Number(unitPrice),
        taxable: false,
      })),
    }),
    taxExempt: false,
    payment: { creditCard: { cardNumber: 'XXXX1111', expirationDate: 'XXXX', cardType: 'Visa' } },
    ...(terms.email !== undefined && { customer: { email: terms.email } }),
    billTo: { firstName: terms.firstName ?? '', lastName: terms.lastName ?? '', country: 'US' },
    recurringBilling: subscription !== undefined,
    product: 'Card Not Present',
    marketType: 'eCommerce',
  };
}

export function summaryOf({ id, at, status, terms, amount, subscription }: BookedTransaction): object {
  return {
    transId: id,
    submitTimeUTC: at.toISOString(),
    submitTimeLocal: at.toISOString().replace('Z', ''),
    transactionStatus: status,
    invoiceNumber: terms.invoice ?? '',
    firstName: terms.firstName ?? '',
    lastName: terms.lastName ?? '',
    accountType: 'Visa',
    accountNumber: 'XXXX1111',
    settleAmount: Number(amount),
    ...(subscription && { subscription: { id: Number(subscription.id), payNum: subscription.payNum } }),
    hasReturnedItems: false,
  };
}
