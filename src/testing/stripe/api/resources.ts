import type { Json, Kind, Kinds } from '../wire.ts';
import type { Call } from './call.ts';
import { ApiError, invalid, missing, required } from './errors.ts';
import { render } from './expand.ts';
import { pageOf, pageParams } from './lists.ts';
import { allowOnly, rangeIn, tableIn, textIn, without } from './params.ts';

/** Looks one object up, or fails as Stripe does: another account's object does not exist for this one. */
export function retrieve<K extends Kind>(call: Call, kind: K, id: string, param = 'id'): Kinds[K] {
  const found = call.books.find(kind, id, call.account);
  if (!found) throw missing(kind, id, param);
  if (!call.sees(found)) {
    const [there, here] = 'livemode' in found && found.livemode ? ['live', 'test'] : ['test', 'live'];
    throw new ApiError(
      404,
      `No such ${kind}: '${id}'; a similar object exists in ${there} mode, but a ${here} mode key was used to make this request.`,
      { code: 'resource_missing', param },
    );
  }
  return found;
}

export function show(call: Call, object: object): Json {
  allowOnly(call.query, ['expand']);
  return render(object, call.query, call);
}

/** Filters of a list: which parameter is compared with which field. */
type Filters<K extends Kind> = Readonly<Record<string, (object: Kinds[K]) => unknown>>;

/** A list of everything of one kind, newest first. */
export function list<K extends Kind>(call: Call, kind: K, filters: Filters<K>): Json {
  allowOnly(call.query, [...pageParams, 'created', ...Object.keys(filters)]);
  const isWithin = rangeIn(call.query, 'created');
  const wanted = Object.entries(filters).flatMap(([name, field]) => {
    const value = textIn(call.query, name);
    return value === undefined ? [] : [{ field, value }];
  });
  return listOf(call, kind, call.books.all(kind, call.account), (object) => {
    const created = 'created' in object && typeof object.created === 'number' ? object.created : 0;
    return call.sees(object) && isWithin(created) && wanted.every(({ field, value }) => field(object) === value);
  });
}

/** A page of these entries, rendered. */
export function listOf<T extends { id: string }>(call: Call, kind: string, all: readonly T[], keep: (entry: T) => boolean): Json {
  const cap = call.books.options.pageSize;
  return render(pageOf(all, call.query, { url: call.path, kind, keep, cap }), call.query, call);
}

/** The parts of something, in their own order. */
export function partsOf(call: Call, kind: string, parts: readonly { id: string }[]): Json {
  allowOnly(call.query, pageParams);
  return listOf(call, kind, parts, () => true);
}

export function listSessions(call: Call): Json {
  const details = tableIn(call.query, 'customer_details');
  if (details) allowOnly(details, ['email'], 'customer_details');
  const query = without(call.query, 'customer_details');
  const email = details?.['email'];
  const sessions = email === undefined ? call : only(call, (object) => emailOf(object) === email);
  return list({ ...sessions, query }, 'checkout.session', {
    payment_intent: (session) => session.payment_intent,
    subscription: (session) => session.subscription,
    customer: (session) => session.customer,
    payment_link: (session) => session.payment_link,
    status: (session) => session.status,
  });
}

export function listInvoicePayments(call: Call): Json {
  const payment = tableIn(call.query, 'payment');
  if (payment) {
    allowOnly(payment, ['type', 'payment_intent'], 'payment');
    if (payment['type'] === undefined) throw required('payment[type]');
    if (payment['type'] !== 'payment_intent') throw invalid('payment[type]', 'Invalid payment[type]: must be payment_intent.');
  }
  const query = without(call.query, 'payment');
  const intent = payment?.['payment_intent'];
  const payments = intent === undefined ? call : only(call, (object) => intentOf(object) === intent);
  return list({ ...payments, query }, 'invoice_payment', {
    invoice: (link) => link.invoice,
    status: (link) => link.status,
  });
}

function only(call: Call, keep: (object: object) => boolean): Call {
  return { ...call, sees: (object) => call.sees(object) && keep(object) };
}

function emailOf(object: object): unknown {
  return (object as Partial<Kinds['checkout.session']>).customer_details?.email;
}

function intentOf(object: object): unknown {
  return (object as Partial<Kinds['invoice_payment']>).payment?.payment_intent;
}
