import type { GatewayContext, Missed } from '../../contract/gateway.ts';
import { openApi } from './api.ts';
import { textAt, wholeAt, type Fields } from './fields.ts';
import type { StripeOptions } from './options.ts';

/** One list takes so many types, and Stripe keeps events so long (https://docs.stripe.com/api/events/list). */
const [mostTypes, keptDays] = [20, 30];

/**
 * The account's own list of what happened, oldest first. An event is what its callback would have been, under the same id. It
 * is of the mode that the API key is of.
 */
export async function* sweepEvents(
  types: readonly string[],
  since: Date,
  context: GatewayContext<StripeOptions>,
): AsyncGenerator<Missed> {
  const oldestMs = context.now().getTime() - keptDays * 86_400_000 + 60_000;
  const sinceSeconds = Math.floor(Math.max(since.getTime(), oldestMs) / 1000);
  const api = openApi(context, undefined);
  const found: Fields[] = [];
  for (let at = 0; at < types.length; at += mostTypes) {
    const newestFirst = await api.events(types.slice(at, at + mostTypes), sinceSeconds);
    found.push(...newestFirst.reverse());
  }
  for (const event of found.sort((a, b) => (wholeAt(a, 'created') ?? 0) - (wholeAt(b, 'created') ?? 0))) {
    const id = textAt(event, 'id');
    if (id !== undefined) yield { deliveryId: id, body: JSON.stringify(event) };
  }
}
