import type { Missed } from '../../contract/gateway.ts';
import { listAt, textAt, type Fields } from '../json-fields.ts';
import { openApi, type PaypalApi } from './api.ts';
import { timeAt } from './fields.ts';
import type { PaypalContext } from './options.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** More pages than any day has; a list that never ends must not keep us for ever. */
const mostPages = 200;

/**
 * What PayPal says it told this app since then, oldest first (`GET /v1/notifications/webhooks-events`). It is asked day by day:
 * in which order it lists, and how far back, is not documented. Events of types that change no order are left out.
 */
export async function* sweep(since: Date, context: PaypalContext, isWanted: (type: string) => boolean): AsyncGenerator<Missed> {
  const api = openApi(context);
  const end = context.now().getTime();
  for (let from = since.getTime(); from < end; from += dayMs) {
    const events = await eventsBetween(new Date(from), new Date(Math.min(from + dayMs, end)), api);
    for (const event of events.toSorted((a, b) => createdMs(a) - createdMs(b))) {
      const deliveryId = textAt(event, 'id');
      if (deliveryId === undefined || !isWanted(textAt(event, 'event_type') ?? '')) continue;
      yield { deliveryId, body: JSON.stringify(event) };
    }
  }
}

async function eventsBetween(from: Date, until: Date, api: PaypalApi): Promise<Fields[]> {
  const events: Fields[] = [];
  let query: Record<string, string> | undefined = {
    page_size: '100',
    start_time: from.toISOString(),
    end_time: until.toISOString(),
  };
  for (let page = 0; query && page < mostPages; page += 1) {
    const list = await api.events(query);
    events.push(...listAt(list, 'events'));
    query = nextPage(list);
  }
  return events;
}

/** Of the link to the next page only the query is taken: the request goes to the API and nowhere else. */
function nextPage(list: Fields): Record<string, string> | undefined {
  const next = listAt(list, 'links').find((link) => textAt(link, 'rel') === 'next');
  const href = textAt(next, 'href');
  if (href === undefined || !URL.canParse(href, 'https://api.paypal.com')) return undefined;
  return Object.fromEntries(new URL(href, 'https://api.paypal.com').searchParams);
}

function createdMs(event: Fields): number {
  return Date.parse(timeAt(event, 'create_time') ?? '') || 0;
}
