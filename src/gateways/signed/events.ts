import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { Money } from '../../contract/money.ts';
import { readLines } from './lines.ts';
import { entriesAt, recordAt, textAt, textOf, valuesAt, type Scope } from './place.ts';
import { overlay } from './profile-of.ts';
import type { Condition, Fields, Mode, Place, Profile, Rule } from './profile.ts';
import { sumAt, unreadable } from './sum.ts';
import { timeAt } from './times.ts';

/** What a callback is read with, beside its profile. */
export interface Desk {
  readonly gateway: string;
  /** Of the site. */
  readonly mode: 'live' | 'test';
  readonly taxes: 'included' | 'added';
  readonly deliveryId: string;
  readonly receivedAt: Date;
}

/** The events of a callback: one, unless its sender batches. */
export function eventsIn(message: object, { batch }: Profile): unknown[] {
  return batch === undefined ? [message] : (entriesAt({ event: message }, batch) ?? []);
}

/** `*` in `events` is for senders whose bodies name no type. */
export function typeOf(event: unknown, { type }: Profile): string {
  return (type === undefined ? '*' : textAt({ event }, type)) ?? '';
}

/** The rules that hold for an event. None: it changes no order. */
export function rulesFor(event: unknown, profile: Profile): Rule[] {
  const name = typeOf(event, profile);
  const meaning = Object.hasOwn(profile.events, name) ? profile.events[name] : undefined;
  if (meaning === undefined || meaning === 'ignore') return [];
  const rules = typeof meaning === 'string' ? [{ is: meaning }] : meaning;
  return rules.filter(
    (rule) =>
      Object.entries(rule.when ?? {}).every(([pointer, wanted]) => holds(valuesAt({ event }, pointer)[0], wanted)) &&
      hasEntries(event, rule),
  );
}

function hasEntries(event: unknown, { each }: Rule): boolean {
  return each === undefined || (entriesAt({ event }, each) ?? []).length > 0;
}

function holds(value: unknown, wanted: Condition): boolean {
  const text = textOf(value);
  const isThere = value !== undefined && value !== null && value !== '';
  return [wanted].flat().some((one) => (one === null ? !isThere : one === '*' ? isThere : String(one) === text));
}

/** All facts that one event tells. */
export function factsOf(event: unknown, profile: Profile, desk: Desk): PaymentEvent[] {
  return rulesFor(event, profile).flatMap((rule) => {
    const entries = rule.each === undefined ? [undefined] : (entriesAt({ event }, rule.each) ?? []);
    return entries.map((entry) => factOf({ event, entry }, rule, profile, desk));
  });
}

const moneyIn = new Set<Rule['is']>(['payment.completed', 'subscription.renewed']);
/** Money back is about a payment, not about what it bought. */
const tellsLines = new Set<Rule['is']>([...moneyIn, 'payment.pending', 'payment.failed', 'payment.expired']);
const needsAmount = new Set<Rule['is']>([...moneyIn, 'payment.refunded']);

function factOf(scope: Scope, rule: Rule, profile: Profile, desk: Desk): PaymentEvent {
  const fields = overlay(profile.fields, rule.fields);
  const purchase = textAt(scope, fields.purchase);
  if (purchase === undefined) throw unreadable(`there is no purchase at ${told(fields.purchase)}`);
  const payment = textAt(scope, fields.payment) ?? purchase;
  const reversal = textAt(scope, fields.reversal);
  const at = timeAt(scope, fields.at, profile.times);
  const amount = moneyAt(scope, fields.amount, fields, profile);
  if (!amount && needsAmount.has(rule.is))
    throw unreadable(`there is no amount at ${fields.amount ?? '(no place)'} with a currency at ${told(fields.currency)}`);
  const references = (fields.references ?? []).map((place) => textAt(scope, place)).filter((name) => name !== undefined);
  const optional = {
    amount,
    reversal: /refund|dispute/.test(rule.is) ? reversal : undefined,
    cumulative: rule.cumulative === true ? true : undefined,
    lines: amount && tellsLines.has(rule.is) ? linesAt(scope, amount, fields, profile, desk) : undefined,
    shipping: moneyIn.has(rule.is) ? moneyAt(scope, fields.shipping, fields, profile) : undefined,
    buyer: buyerAt(scope, fields.buyer),
    receiver: textAt(scope, fields.receiver),
    language: textAt(scope, fields.language),
    reason: textAt(scope, fields.reason),
    period: periodAt(scope, fields, profile),
    references: references.length > 0 ? references : undefined,
    metadata: recordAt(scope, fields.metadata),
  };
  return {
    kind: rule.is,
    gateway: desk.gateway,
    id: factName({
      is: rule.is,
      payment,
      reversal,
      cumulative: rule.cumulative === true ? amount : undefined,
      at: at ?? desk.deliveryId,
    }),
    at: at ?? desk.receivedAt.toISOString(),
    purchase,
    payment,
    mode: modeOf(scope, rule.mode ?? profile.mode, desk.mode),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<PaymentEvent>),
  };
}

/** How a fact of each kind is named after what it is about. */
const changes: Readonly<Record<Rule['is'], string>> = {
  'payment.pending': 'pending',
  'payment.completed': 'completed',
  'payment.failed': 'failed',
  'payment.expired': 'expired',
  'payment.refunded': 'refunded',
  'payment.refundFailed': 'refundFailed',
  'payment.disputed': 'disputed',
  'payment.disputeWon': 'disputeWon',
  'payment.disputeLost': 'disputeLost',
  'subscription.renewed': 'renewed',
  'subscription.renewalFailed': 'renewalFailed',
  'subscription.changed': 'changed',
  'subscription.paused': 'paused',
  'subscription.resumed': 'resumed',
  'subscription.ended': 'ended',
};

interface Naming {
  readonly is: Rule['is'];
  readonly payment: string;
  readonly reversal: string | undefined;
  readonly cumulative: Money | undefined;
  readonly at: string;
}

const happensAgain = new Set<Rule['is']>([
  'payment.failed',
  'subscription.renewalFailed',
  'subscription.changed',
  'subscription.paused',
  'subscription.resumed',
]);

/** What can happen more than once, and a refund without an id, have no name of their own: their time lends one. */
function factName({ is, payment, reversal, cumulative, at }: Naming): string {
  const change = changes[is];
  if (cumulative) return `${payment}:${change}:${cumulative.amount}`;
  if (is.startsWith('payment.refund') || is.startsWith('payment.dispute'))
    return `${payment}:${reversal ?? (is === 'payment.refunded' ? at : '')}:${change}`;
  return happensAgain.has(is) ? `${payment}:${change}:${at}` : `${payment}:${change}`;
}

/** Live is what is proved to be: with `live` only that value, with `test` any other value that is there. */
function modeOf(scope: Scope, mode: Mode, site: 'live' | 'test'): 'live' | 'test' {
  if (mode === 'site') return site;
  if (typeof mode === 'string') return mode;
  const value = textAt(scope, mode.field);
  const isLive = mode.live === undefined ? value !== undefined && value !== String(mode.test) : value === String(mode.live);
  return isLive ? 'live' : 'test';
}

function moneyAt(scope: Scope, expression: string | undefined, fields: Fields, { amounts }: Profile): Money | undefined {
  const currency = textAt(scope, fields.currency)?.toUpperCase();
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const amount = sumAt(scope, expression, currency, amounts);
  if (amount === undefined) return undefined;
  if (!Number.isSafeInteger(amount) || amount < 0) throw unreadable(`the amount at ${expression ?? ''} is ${amount}`);
  return { amount, currency };
}

function linesAt(
  { event }: Scope,
  { amount, currency }: Money,
  fields: Fields,
  profile: Profile,
  { taxes }: Desk,
): PaymentEvent['lines'] {
  const { lines } = fields;
  return lines && readLines(event, { fields: lines, currency, amount, amounts: profile.amounts, taxes });
}

function buyerAt(scope: Scope, places: Fields['buyer']): Person | undefined {
  const told = Object.entries(places ?? {}).flatMap(([key, place]) => {
    const text = textAt(scope, place);
    return text === undefined ? [] : [[key, text] as const];
  });
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

function periodAt(scope: Scope, { period }: Fields, { times }: Profile): PaymentEvent['period'] {
  const from = timeAt(scope, period?.from, times);
  const until = timeAt(scope, period?.until, times);
  return from !== undefined && until !== undefined ? { from, until } : undefined;
}

function told(place: Place | undefined): string {
  return place === undefined ? '(no place)' : [place].flat().join(' or ');
}
