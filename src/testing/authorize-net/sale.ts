import { randomUUID } from 'node:crypto';
import type { BookedSubscription, BookedTransaction, Books, SaleTerms } from './books.ts';
import { webhookHeaders } from './sign.ts';

/** A callback ready to be sent: exact bytes and headers. */
export interface AuthorizeNetCallback {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** Makes webhooks as Authorize.net words and signs them. */
export function noticeOf(type: string, payload: object, at: Date, key: string, id: string = randomUUID()): AuthorizeNetCallback {
  const body = JSON.stringify({
    notificationId: id,
    eventType: `net.authorize.${type}`,
    eventDate: `${at.toISOString().slice(0, -1)}0000Z`,
    webhookId: 'b6a8c4d2-1111-4222-8333-444455556666',
    payload,
  });
  return { id, type, body, headers: webhookHeaders(body, key) };
}

/** One sale. Each method makes something happen in the account's books and gives the webhook that tells it. */
export interface AuthorizeNetSale {
  readonly transaction: BookedTransaction;
  readonly refunds: readonly BookedTransaction[];
  /** Authorized and captured in one. */
  charged(): AuthorizeNetCallback;
  /** Authorized only; `captured` takes the money. */
  authorized(): AuthorizeNetCallback;
  captured(): AuthorizeNetCallback;
  /** Held by the fraud filters until a person decides. */
  held(): AuthorizeNetCallback;
  approved(): AuthorizeNetCallback;
  rejected(): AuthorizeNetCallback;
  /** The card was refused. Authorize.net sends no webhook for it; a sweep finds it. */
  declined(reason?: string): void;
  voided(): AuthorizeNetCallback;
  /** A linked refund; all of it unless told. */
  refunded(amount?: string): AuthorizeNetCallback;
  /** The latest refund is voided before it is settled. */
  refundVoided(): AuthorizeNetCallback;
  /** Any status, for what no method makes. */
  becomes(status: string): void;
}

export function makeSale(
  books: Books,
  terms: SaleTerms,
  key: string,
  subscription?: { readonly id: string; readonly payNum: number },
): AuthorizeNetSale {
  const refunds: BookedTransaction[] = [];
  let transaction: BookedTransaction | undefined;

  function book(type: BookedTransaction['type'], status: string, amount = terms.amount, original?: string): BookedTransaction {
    const made: BookedTransaction = {
      id: books.nextId(),
      type,
      status,
      at: books.now(),
      original,
      amount,
      terms,
      batch: undefined,
      subscription,
      reason: 'Approval',
    };
    books.transactions.set(made.id, made);
    return made;
  }
  function begin(type: BookedTransaction['type'], status: string): void {
    transaction ??= book(type, status);
  }
  function current(): BookedTransaction {
    if (!transaction) throw new Error('Nothing was paid yet: call charged(), authorized(), held() or declined() first.');
    return transaction;
  }
  function tell(type: string, about: BookedTransaction): AuthorizeNetCallback {
    return noticeOf(
      `payment.${type}`,
      {
        responseCode: /^FDS/.test(about.status) ? 4 : 1,
        authCode: 'ABC123',
        avsResponse: 'Y',
        authAmount: Number(about.amount),
        ...(terms.invoice !== undefined && { merchantReferenceId: terms.invoice, invoiceNumber: terms.invoice }),
        entityName: 'transaction',
        id: about.id,
      },
      books.now(),
      key,
    );
  }

  return {
    get transaction() {
      return current();
    },
    refunds,
    charged() {
      begin('authCaptureTransaction', 'capturedPendingSettlement');
      return tell('authcapture.created', current());
    },
    authorized() {
      begin('authOnlyTransaction', 'authorizedPendingCapture');
      return tell('authorization.created', current());
    },
    captured() {
      current().status = 'capturedPendingSettlement';
      return tell('priorAuthCapture.created', current());
    },
    held() {
      begin('authCaptureTransaction', 'FDSPendingReview');
      return tell('fraud.held', current());
    },
    approved() {
      current().status = 'capturedPendingSettlement';
      return tell('fraud.approved', current());
    },
    rejected() {
      const about = current();
      about.status = 'failedReview';
      about.reason = 'The transaction was declined on review.';
      return tell('fraud.declined', about);
    },
    declined(reason = 'This transaction has been declined.') {
      begin('authCaptureTransaction', 'declined');
      current().reason = reason;
    },
    voided() {
      current().status = 'voided';
      return tell('void.created', current());
    },
    refunded(amount = terms.amount) {
      const refund = book('refundTransaction', 'refundPendingSettlement', amount, current().id);
      refunds.push(refund);
      return tell('refund.created', refund);
    },
    refundVoided() {
      const refund = refunds.at(-1);
      if (!refund) throw new Error('There is no refund yet: call refunded() first.');
      refund.status = 'voided';
      return tell('void.created', refund);
    },
    becomes(status) {
      current().status = status;
    },
  };
}

/** A running contract; each of its payments is a sale. */
export interface AuthorizeNetSubscription {
  readonly id: string;
  /** The next payment of it. */
  pays(): AuthorizeNetSale;
  /** `created`, `updated`, `suspended`, `terminated`, `cancelled`, `expiring`, `expired` or `failed`. */
  tells(change: string): AuthorizeNetCallback;
}

export function makeSubscription(
  books: Books,
  about: Omit<BookedSubscription, 'id' | 'status' | 'payments'> & { readonly email?: string },
  key: string,
): AuthorizeNetSubscription {
  const { email = 'ada@example.org', ...terms } = about;
  const booked: BookedSubscription = {
    ...terms,
    id: String(5_000_000 + books.subscriptions.size),
    status: 'active',
    payments: 0,
  };
  books.subscriptions.set(booked.id, booked);
  const statuses: Readonly<Record<string, BookedSubscription['status']>> = {
    suspended: 'suspended',
    terminated: 'terminated',
    cancelled: 'canceled',
    expired: 'expired',
    updated: 'active',
  };
  return {
    id: booked.id,
    pays() {
      booked.payments += 1;
      const { id, amount, payments } = booked;
      return makeSale(books, { amount, description: booked.name, email }, key, { id, payNum: payments });
    },
    tells(change) {
      booked.status = statuses[change] ?? booked.status;
      const { id, name, amount, status } = booked;
      const profile = { customerProfileId: 348, customerPaymentProfileId: 644 };
      const payload = { entityName: 'subscription', id, name, amount: Number(amount), status, profile };
      return noticeOf(`customer.subscription.${change}`, payload, books.now(), key);
    },
  };
}
