import { startDouble, type DoubleRequest, type FaultQueue } from '../double-server.ts';
import { serveApi, type Account } from './api.ts';
import { Books, type BookedSubscription, type BookedTransaction, type SaleTerms } from './books.ts';
import { payPage } from './pay-page.ts';
import { postOf } from './posts.ts';
import {
  makeSale,
  makeSubscription,
  noticeOf,
  type AuthorizeNetCallback,
  type AuthorizeNetSale,
  type AuthorizeNetSubscription,
} from './sale.ts';
import { webhookHeaders } from './sign.ts';

export interface AuthorizeNetDoubleOptions {
  /** @default 'loginDouble' */
  readonly login?: string;
  /** @default 'transactionKeyDouble' */
  readonly transactionKey?: string;
  /** Hexadecimal digits, as the Merchant Interface shows them. @default 128 of them */
  readonly signatureKey?: string;
  /** @default 'USD' */
  readonly currency?: string;
  /** @default a free one */
  readonly port?: number;
  /** @default the machine's */
  readonly now?: () => Date;
}

/** Authorize.net on this machine: its API over real HTTP, strict about the order of elements, and callbacks that are really signed. */
export interface AuthorizeNetDouble {
  /** `http://127.0.0.1:PORT`: API, REST side and payment page. */
  readonly url: string;
  readonly login: string;
  readonly transactionKey: string;
  readonly signatureKey: string;
  sale(terms: SaleTerms): AuthorizeNetSale;
  subscription(
    about: Omit<BookedSubscription, 'id' | 'status' | 'payments'> & { readonly email?: string },
  ): AuthorizeNetSubscription;
  /** The form post of a relay response or silent post. */
  post(transaction: BookedTransaction, how?: Parameters<typeof postOf>[2]): AuthorizeNetCallback;
  /** Any webhook, e.g. about a customer profile. */
  notice(type: string, payload: object): AuthorizeNetCallback;
  /** Headers with a signature over exactly these bytes. */
  sign(body: string | Uint8Array, key?: string): Record<string, string>;
  /** Settles everything that waits, as the account does once a day: into one batch. */
  settle(): void;
  /** Where webhooks go when somebody pays on the double's own page. Undefined: nowhere. */
  deliverTo: string | undefined;
  /** What the account is set to: webhooks it lists, permissions, test mode. */
  readonly account: Account;
  readonly requests: readonly DoubleRequest[];
  readonly faults: FaultQueue;
  close(): Promise<void>;
}

/** Starts a double of Authorize.net on 127.0.0.1. Close it when the test is over. */
export async function startAuthorizeNet(options: AuthorizeNetDoubleOptions = {}): Promise<AuthorizeNetDouble> {
  const { signatureKey = '0123456789ABCDEF'.repeat(8), now = () => new Date() } = options;
  const { login = 'loginDouble', transactionKey = 'transactionKeyDouble' } = options;
  const books = new Books(now);
  const account: Account = {
    login,
    transactionKey,
    currency: options.currency ?? 'USD',
    webhooks: [],
    mayRead: true,
    isTestMode: false,
  };
  const underWay = new Set<Promise<unknown>>();
  const server = await startDouble({
    port: options.port,
    now,
    handle: serveApi(books, account),
    pages: payPage(books, signatureKey, deliver),
  });

  function deliver({ body, headers }: AuthorizeNetCallback): void {
    if (double.deliverTo === undefined) return;
    const delivery = fetch(double.deliverTo, { method: 'POST', body, headers, signal: AbortSignal.timeout(20_000) }).catch(
      () => undefined,
    );
    underWay.add(delivery);
    void delivery.finally(() => underWay.delete(delivery));
  }

  const double: AuthorizeNetDouble = {
    url: server.origin,
    login,
    transactionKey,
    signatureKey,
    sale: (terms) => makeSale(books, terms, signatureKey),
    subscription: (about) => makeSubscription(books, about, signatureKey),
    post: (transaction, how) => postOf(transaction, signatureKey, how),
    notice: (type, payload) => noticeOf(type, payload, now(), signatureKey),
    sign: (body, key = signatureKey) => webhookHeaders(body, key),
    settle() {
      const batch = { id: books.nextBatch(), settledAt: now() };
      const settled: Readonly<Record<string, string>> = {
        capturedPendingSettlement: 'settledSuccessfully',
        refundPendingSettlement: 'refundSettledSuccessfully',
      };
      for (const transaction of books.transactions.values()) {
        if (transaction.batch !== undefined || /^(FDS|authorizedPending)/.test(transaction.status)) continue;
        transaction.status = settled[transaction.status] ?? transaction.status;
        transaction.batch = batch.id;
      }
      books.batches.push(batch);
    },
    deliverTo: undefined,
    account,
    requests: server.requests,
    faults: server.faults,
    async close() {
      await Promise.all(underWay);
      await server.close();
    },
  };
  return double;
}
