import type { GatewayContext, Missed } from '../../contract/gateway.ts';
import { textIn } from '../exact-json.ts';
import { callApi } from './client.ts';
import { sweptBody } from './notice.ts';
import type { AuthorizeNetOptions } from './options.ts';
import { entriesIn, stateOf } from './transaction.ts';

type Context = GatewayContext<AuthorizeNetOptions>;

/** One call may ask for 31 days of batches and 1000 transactions; smaller pages stay well within the limit on answers. */
const [windowDays, pageSize, mostPages] = [30, 250, 400];
const dayMs = 86_400_000;

/**
 * The account's own books: the batches settled since then, oldest first, then what is not settled yet. A transaction is told
 * once for each state it is found in; what it amounts to is read from the transaction itself.
 */
export async function* sweepTransactions(since: Date, context: Context): AsyncGenerator<Missed> {
  for await (const batch of batchesSince(since, context)) {
    yield* missedIn('getTransactionListRequest', { batchId: batch }, context);
  }
  yield* missedIn('getUnsettledTransactionListRequest', {}, context);
}

async function* batchesSince(since: Date, context: Context): AsyncGenerator<string> {
  const now = context.now().getTime();
  for (let from = since.getTime(); from < now; from += windowDays * dayMs) {
    const request = {
      includeStatistics: false,
      firstSettlementDate: dateOf(from),
      lastSettlementDate: dateOf(Math.min(from + windowDays * dayMs, now)),
    };
    const answer = await callApi(context, 'getSettledBatchListRequest', request, 'the settled batches');
    const batches = entriesIn(answer, '/batchList', 'batch').sort((a, b) => settledAt(a).localeCompare(settledAt(b)));
    for (const batch of batches) {
      const id = textIn(batch, '/batchId');
      if (id !== undefined) yield id;
    }
  }
}

async function* missedIn(call: string, about: object, context: Context): AsyncGenerator<Missed> {
  for (let page = 1; page <= mostPages; page++) {
    const request = {
      ...about,
      sorting: { orderBy: 'submitTimeUTC', orderDescending: false },
      paging: { limit: pageSize, offset: page },
    };
    const answer = await callApi(context, call, request, 'a list of transactions');
    const found = entriesIn(answer, '/transactions', 'transaction');
    for (const each of found) {
      const missed = missedOf(each);
      if (missed) yield missed;
    }
    if (found.length < pageSize) return;
  }
}

/** A status that means nothing to an order is not worth a question. */
function missedOf(summary: unknown): Missed | undefined {
  const id = textIn(summary, '/transId');
  const state = stateOf(textIn(summary, '/transactionStatus') ?? '');
  if (id === undefined || !/^[1-9]\d{0,29}$/.test(id) || state === 'unknown') return undefined;
  return { deliveryId: `transaction:${id}:${state}`, body: sweptBody(id) };
}

function settledAt(batch: unknown): string {
  return textIn(batch, '/settlementTimeUTC') ?? '';
}

/** Without fractions of a second. */
function dateOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
