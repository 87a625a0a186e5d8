import type { DoubleReply, DoubleRequest } from '../double-server.ts';
import { jsonReply } from '../double-server.ts';
import { detailsOf, done, failed, summaryOf } from './answers.ts';
import type { BookedTransaction, Books, SaleItem, SaleTerms } from './books.ts';
import { faultIn } from './schema.ts';

export interface Account {
  readonly login: string;
  readonly transactionKey: string;
  readonly currency: string;
  /** What `GET /rest/v1/webhooks` lists. */
  readonly webhooks: object[];
  /** Whether the Transaction Details API is switched on. */
  mayRead: boolean;
  isTestMode: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Call = (request: Fields, books: Books, account: Account) => DoubleReply;

/** Answers one request: the API itself, or the REST side. */
export function serveApi(books: Books, account: Account): (request: DoubleRequest) => DoubleReply {
  return (request) => {
    if (request.path === '/rest/v1/webhooks' && request.method === 'GET') return listWebhooks(request, account);
    if (request.path !== '/xml/v1/request.api' || request.method !== 'POST') return { status: 404, headers: {}, body: '' };
    return serveCall(request, books, account);
  };
}

function serveCall({ json }: DoubleRequest, books: Books, account: Account): DoubleReply {
  const roots = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const [root] = roots;
  if (!root || roots.length > 1 || typeof root[1] !== 'object' || root[1] === null)
    return failed('E00003', 'Root element is missing.');
  const [name, request] = [root[0], root[1] as Fields];
  const fault = faultIn(name, request);
  if (fault) return failed(fault.code, fault.text);
  const { name: login, transactionKey } = (request['merchantAuthentication'] ?? {}) as Fields;
  if (login !== account.login || transactionKey !== account.transactionKey)
    return failed('E00007', 'User authentication failed due to invalid authentication values.');
  const call = calls[name];
  return call ? call(request, books, account) : failed('E00003', `This double of Authorize.net does not carry out ${name}.`);
}

function listWebhooks({ headers }: DoubleRequest, { login, transactionKey, webhooks }: Account): DoubleReply {
  const wanted = `Basic ${Buffer.from(`${login}:${transactionKey}`).toString('base64')}`;
  return headers.authorization === wanted ? jsonReply(webhooks) : jsonReply({ status: 401, reason: 'UNAUTHORIZED' }, 401);
}

const reporting =
  (call: Call): Call =>
  (request, books, account) =>
    account.mayRead
      ? call(request, books, account)
      : failed('E00011', 'Access denied. You do not have permissions to call the Transaction Details API.');

const calls: Readonly<Record<string, Call>> = {
  authenticateTestRequest: () => done({}),
  getMerchantDetailsRequest: (_request, _books, { currency, isTestMode }) =>
    done({ isTestMode, merchantName: 'Example Training', gatewayId: '123456', currencies: [currency] }),
  getTransactionDetailsRequest: reporting(({ transId }, books) => {
    const found = books.transactions.get(String(transId));
    return found ? done({ transaction: detailsOf(found, books) }) : failed('E00040', 'The record cannot be found.');
  }),
  ARBGetSubscriptionRequest: ({ subscriptionId }, books) => {
    const found = books.subscriptions.get(String(subscriptionId));
    if (!found) return failed('E00040', 'The record cannot be found.');
    const { name, length, unit, amount, status } = found;
    const paymentSchedule = { interval: { length, unit }, startDate: '2026-01-02', totalOccurrences: 9999, trialOccurrences: 0 };
    return done({ subscription: { name, paymentSchedule, amount: Number(amount), trialAmount: 0, status } });
  },
  getSettledBatchListRequest: reporting(listBatches),
  getTransactionListRequest: reporting((request, books) =>
    listTransactions(
      request,
      [...books.transactions.values()].filter(({ batch }) => batch === request['batchId']),
    ),
  ),
  getUnsettledTransactionListRequest: reporting((request, books) =>
    listTransactions(
      request,
      [...books.transactions.values()].filter(({ batch }) => batch === undefined),
    ),
  ),
  getHostedPaymentPageRequest: makeToken,
};

function listBatches({ firstSettlementDate, lastSettlementDate }: Fields, books: Books): DoubleReply {
  const [first, last] = [firstSettlementDate, lastSettlementDate].map((date) => Date.parse(String(date)));
  if (first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last))
    return failed('E00003', "The value 'XX' is invalid according to its datatype 'DateTime'.");
  if (last < first) return failed('E00013', 'Last Settlement Date is invalid.');
  if (last - first > 31 * 86_400_000) return failed('E00004', 'The date range exceeds 31 days.');
  const found = books.batches.filter(({ settledAt }) => settledAt.getTime() >= first && settledAt.getTime() <= last);
  if (found.length === 0) return done({}, { code: 'I00004', text: 'No records found.' });
  const batchList = found.map(({ id, settledAt }) => ({
    batchId: id,
    settlementTimeUTC: settledAt.toISOString(),
    settlementState: 'settledSuccessfully',
    paymentMethod: 'creditCard',
  }));
  return done({ batchList: batchList.toReversed() });
}

function listTransactions(request: Fields, all: readonly BookedTransaction[]): DoubleReply {
  const { limit = 1000, offset = 1 } = (request['paging'] ?? {}) as { limit?: number; offset?: number };
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1000 || !Number.isSafeInteger(offset) || offset < 1)
    return failed('E00003', "The 'paging' element is invalid.");
  const { orderDescending = true } = (request['sorting'] ?? {}) as { orderDescending?: boolean };
  const sorted = [...all].sort((a, b) => (a.at.getTime() - b.at.getTime()) * (orderDescending ? -1 : 1));
  const page = sorted.slice((offset - 1) * limit, offset * limit);
  if (page.length === 0) return done({ totalNumInResultSet: 0 }, { code: 'I00004', text: 'No records found.' });
  return done({ transactions: page.map(summaryOf), totalNumInResultSet: page.length });
}

/** A token for the payment page: an amount and a type are needed, and addresses that can be reached. */
function makeToken(request: Fields, books: Books, { currency }: Account): DoubleReply {
  const asked = request['transactionRequest'] as Fields | undefined;
  const amount = textOf(asked?.['amount']);
  if (asked?.['transactionType'] === undefined || !/^\d+(\.\d{1,4})?$/.test(amount))
    return failed('E00003', "The element 'transactionRequest' is incomplete.");
  if (asked['currencyCode'] !== undefined && asked['currencyCode'] !== currency)
    return failed('E00027', 'The transaction was unsuccessful. The supplied currency code is not supported by this account.');
  const settings = settingsIn(request['hostedPaymentSettings']);
  const { url, cancelUrl } = settings['hostedPaymentReturnOptions'] ?? {};
  for (const address of [url, cancelUrl]) {
    if (address !== undefined && !URL.canParse(textOf(address)))
      return failed('E00013', 'hostedPaymentReturnOptions is invalid: Url must begin with http:// or https://.');
  }
  const items = itemsIn(asked['lineItems']);
  if (items.length > 30) return failed('E00055', 'LineItems cannot exceed 30.');
  const token = `token${books.nextId()}${'x'.repeat(40)}`;
  const terms = termsOf(asked, amount, items);
  books.tokens.set(token, {
    request: { terms, returnUrl: textOf(url), cancelUrl: textOf(cancelUrl) },
    madeAt: books.now(),
  });
  return done({ token });
}

function settingsIn(settings: unknown): Record<string, Fields> {
  const listed = [(settings as { setting?: unknown } | undefined)?.setting ?? []].flat() as Fields[];
  return Object.fromEntries(
    listed.map(({ settingName, settingValue }) => [String(settingName), JSON.parse(String(settingValue)) as Fields]),
  );
}

function itemsIn(items: unknown): SaleItem[] {
  return [(items as { lineItem?: unknown } | undefined)?.lineItem ?? []].flat() as SaleItem[];
}

function termsOf(asked: Fields, amount: string, items: readonly SaleItem[]): SaleTerms {
  const { invoiceNumber, description } = (asked['order'] ?? {}) as { invoiceNumber?: string; description?: string };
  const { email } = (asked['customer'] ?? {}) as { email?: string };
  const { firstName, lastName } = (asked['billTo'] ?? {}) as { firstName?: string; lastName?: string };
  return {
    amount,
    ...(items.length > 0 && { items }),
    ...(invoiceNumber !== undefined && { invoice: invoiceNumber }),
    ...(description !== undefined && { description }),
    ...(email !== undefined && { email }),
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
