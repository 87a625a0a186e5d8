import type { GatewayContext, Missed } from '../../contract/gateway.ts';
import { listIn, textIn } from '../exact-json.ts';
import { callMollie } from './client.ts';
import { isPayment, sweptBody } from './notice.ts';
import type { MollieOptions } from './options.ts';

type Context = GatewayContext<MollieOptions>;

/** One page, and all that one sweep looks through. */
const [pageSize, mostPages] = [250, 80];

interface Found {
  readonly payment: string;
  readonly at: string;
  /** What makes this state of the payment another than the one before. */
  readonly state: string;
}

/**
 * Payments, refunds and chargebacks made since then, oldest first, by the payments they belong to. A payment is told once for each
 * state it is found in; what it amounts to is read from the payment itself.
 */
export async function* sweepPayments(since: Date, context: Context): AsyncGenerator<Missed> {
  const found: Found[] = [];
  for (const list of ['payments', 'refunds', 'chargebacks'] as const) {
    for await (const entry of entriesSince(list, since, context)) found.push(entry);
  }
  for (const { payment, state } of found.sort((a, b) => a.at.localeCompare(b.at))) {
    yield { deliveryId: `payment:${payment}:${state}`, body: sweptBody(payment) };
  }
}

/** Mollie lists newest first; an entry that is older than wanted ends it. */
async function* entriesSince(list: string, since: Date, context: Context): AsyncGenerator<Found> {
  let from: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = { limit: String(pageSize), ...(from !== undefined && { from }) };
    const answer = await callMollie(context, 'GET', list, `the list of ${list}`, { query });
    for (const entry of listIn(answer, `/_embedded/${list}`)) {
      const at = new Date(Date.parse(textIn(entry, '/createdAt') ?? ''));
      if (!(at >= since)) return;
      const payment = textIn(entry, list === 'payments' ? '/id' : '/paymentId') ?? '';
      if (isPayment(payment)) yield { payment, at: at.toISOString(), state: stateOf(entry, list) };
    }
    from = nextOf(textIn(answer, '/_links/next/href'));
    if (from === undefined) return;
  }
}

function stateOf(entry: unknown, list: string): string {
  const told = ['/status', '/amountRefunded/value', '/amountChargedBack/value'].map((place) => textIn(entry, place) ?? '');
  const own = list === 'payments' ? [] : [textIn(entry, '/id') ?? '', textIn(entry, '/reversedAt') ?? ''];
  return [...told, ...own].join('/');
}

function nextOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? (new URL(address).searchParams.get('from') ?? undefined) : undefined;
}
