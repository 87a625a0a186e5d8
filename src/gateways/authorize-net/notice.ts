import { readExactJson, textIn } from '../exact-json.ts';

/** A webhook, or what a sweep found in its place: which thing to ask about. */
export interface Notice {
  readonly id: string;
  /** Without the `net.authorize.` in front. */
  readonly type: string;
  /** ISO 8601, UTC; undefined where it is not told. */
  readonly at: string | undefined;
  /** Of the transaction or the subscription. */
  readonly about: string;
  readonly status: string | undefined;
}

/** Transactions: whatever happened, it is read from the transaction as it is now. */
export const paymentTypes: ReadonlySet<string> = new Set([
  'payment.authorization.created',
  'payment.authcapture.created',
  'payment.capture.created',
  'payment.priorAuthCapture.created',
  'payment.refund.created',
  'payment.void.created',
  'payment.fraud.held',
  'payment.fraud.approved',
  'payment.fraud.declined',
]);

/** Undefined when it is not a notice as Authorize.net words them. */
export function readNotice(body: Uint8Array): Notice | undefined {
  const notice = readExactJson(body);
  const [id, event, about] = ['/notificationId', '/eventType', '/payload/id'].map((place) => textIn(notice, place));
  if (id === undefined || id.length > 200 || event === undefined || about === undefined) return undefined;
  if (!event.startsWith(prefix) || !/^\d{1,30}$/.test(about)) return undefined;
  return {
    id,
    type: event.slice(prefix.length),
    at: isoOf(textIn(notice, '/eventDate')),
    about,
    status: textIn(notice, '/payload/status'),
  };
}

const prefix = 'net.authorize.';

/** Times with seven decimals, and without a zone, occur; all are UTC. */
export function isoOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const ms = Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** What a sweep keeps of a transaction: nothing but its number, since the rest is asked for. */
export function sweptBody(transaction: string): string {
  return JSON.stringify({ sweptTransaction: transaction });
}

export function sweptTransaction(body: Uint8Array): string | undefined {
  const id = textIn(readExactJson(body), '/sweptTransaction');
  return id !== undefined && /^\d{1,30}$/.test(id) ? id : undefined;
}
