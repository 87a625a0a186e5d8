import { giveUp } from '../../contract/errors.ts';
import { entriesAt } from '../signed/place.ts';
import { textIn } from '../exact-json.ts';
import { callApi, type Line } from './client.ts';
import { isoOf } from './notice.ts';

/** A transaction as the account has it now. */
export interface Transaction {
  readonly id: string;
  readonly type: string;
  readonly state: TransactionState;
  /** In Authorize.net's words. */
  readonly status: string;
  /** What a refund refunds. */
  readonly original: string | undefined;
  readonly submittedAt: string;
  readonly invoice: string | undefined;
  readonly subscription: { readonly id: string; readonly number: number } | undefined;
  /** All of it, numbers as texts. */
  readonly whole: object;
}

/** `money`: taken or on its way. `refund`: given back. `gone`: voided. `returned`: the bank took it back. */
export type TransactionState = 'money' | 'pending' | 'failed' | 'expired' | 'gone' | 'returned' | 'refund' | 'unknown';

/** Statuses of https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details. */
const states: Readonly<Record<string, TransactionState>> = {
  capturedpendingsettlement: 'money',
  settledsuccessfully: 'money',
  pendingfinalsettlement: 'money',
  pendingsettlement: 'money',
  updatingsettlement: 'money',
  authorizedpendingcapture: 'pending',
  authorizedpendingrelease: 'pending',
  underreview: 'pending',
  fdspendingreview: 'pending',
  fdsauthorizedpendingreview: 'pending',
  approvedreview: 'pending',
  declined: 'failed',
  failedreview: 'failed',
  generalerror: 'failed',
  communicationerror: 'failed',
  settlementerror: 'failed',
  expired: 'expired',
  voided: 'gone',
  returneditem: 'returned',
  refundpendingsettlement: 'refund',
  refundsettledsuccessfully: 'refund',
};

export function stateOf(status: string): TransactionState {
  const known = status.toLowerCase();
  return Object.hasOwn(states, known) ? (states[known] ?? 'unknown') : 'unknown';
}

/** Undefined when the account does not know it. */
export async function getTransaction(line: Line, id: string): Promise<Transaction | undefined> {
  const answer = await callApi(line, 'getTransactionDetailsRequest', { transId: id }, `transaction ${id}`);
  return answer && readTransaction(answer, id);
}

function readTransaction(answer: object, id: string): Transaction {
  const whole = 'transaction' in answer ? answer.transaction : undefined;
  const status = textIn(whole, '/transactionStatus');
  const submittedAt = isoOf(textIn(whole, '/submitTimeUTC'));
  if (typeof whole !== 'object' || whole === null || status === undefined || submittedAt === undefined)
    throw unreadable(`transaction ${id} has no status or no time`);
  const subscription = textIn(whole, '/subscription/id');
  return {
    id,
    type: textIn(whole, '/transactionType') ?? '',
    state: stateOf(status),
    status,
    original: textIn(whole, '/refTransId'),
    submittedAt,
    invoice: textIn(whole, '/order/invoiceNumber')?.trim(),
    subscription:
      subscription === undefined ? undefined : { id: subscription, number: Number(textIn(whole, '/subscription/payNum')) },
    whole,
  };
}

/** Lists come bare, or in one more element named after their entries. */
export function entriesIn(value: unknown, pointer: string, entry: string): unknown[] {
  const scope = { event: value };
  const inner = entriesAt(scope, `${pointer}/${entry}`);
  const one = inner ? undefined : objectIn(value, `${pointer}/${entry}`);
  return entriesAt(scope, pointer) ?? inner ?? (one === undefined ? [] : [one]);
}

function objectIn(value: unknown, pointer: string): object | undefined {
  let at: unknown = value;
  for (const key of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}

/** To throw: the answer lacks something that belongs in it. */
export function unreadable(what: string): Error {
  return giveUp('AUTHORIZE_NET_TRANSACTION_UNREADABLE', `What Authorize.net tells cannot be read: ${what}.`, {
    hint: 'Look the transaction up in the Merchant Interface; if it is whole there, report it to the makers of handover.',
  });
}
