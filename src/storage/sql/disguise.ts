import { erasedName, isErased } from '../../contract/erased.ts';
import type { PaymentEvent, Person } from '../../contract/event.ts';
import type { Order } from '../../contract/order.ts';

/** Who is to be forgotten, as one order knows them. */
export interface Disguise {
  /** Their addresses in small letters, and what stands for each: two that differed still do, as plans compare them. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The order is theirs: its buyer, whatever the buyer is called, and what the shop attached to the payment. */
  readonly isBuyer: boolean;
  /** Addresses, whole names and phone numbers: taken out wherever they stand. */
  readonly wholes: readonly string[];
  /** First and last names: taken out of sentences, and where one stands alone. */
  readonly parts: readonly string[];
  /** What the shop or staff attached that decides something, by name: it stays. */
  readonly keptMetadata: ReadonlySet<string>;
}

/** Where an order names its buyer. */
const buyerKeys = new Set(['buyer', 'buyerAsTold']);

/** Sentences of people and gateways. */
const sentences = new Set(['reason', 'because', 'message', 'note', 'hint']);

/** Gives every address of a person its stand-in, the same in all of their orders. */
export function standIns(email: string, as: string): (address: string) => string {
  const known = new Map([[normal(email), as]]);
  const [name, domain] = [as.slice(0, as.lastIndexOf('@')), as.slice(as.lastIndexOf('@'))];
  return (address) => {
    const standIn = known.get(address) ?? `${name}-${known.size + 1}${domain}`;
    known.set(address, standIn);
    return standIn;
  };
}

/** What the documents of one order say of the person with this address. */
export function disguiseFor(email: string, standInFor: (address: string) => string, order: Order): Disguise {
  const wanted = normal(email);
  const isBuyer = normal(order.buyer.email) === wanted;
  const persons = personsIn(order).filter(
    ({ person, isBuyersOwn }) => normal(person.email) === wanted || (isBuyer && isBuyersOwn),
  );
  return make(
    persons.map(({ person }) => person),
    { isBuyer, standInFor, events: order.events },
  );
}

/** For what a gateway tells of an order whose buyer or learner was erased before. Undefined: nobody was. */
export function disguiseAgain(event: PaymentEvent, order: Order): PaymentEvent {
  const buyer = order.buyerAsTold ?? order.buyer;
  const isBuyer = isErased(buyer);
  const erased = new Map(order.lines.flatMap(({ line, learner }) => (learner && isErased(learner) ? [[line, learner]] : [])));
  if ((!isBuyer && erased.size === 0) || isOwn(event)) return event;
  const learners = (event.lines ?? []).flatMap(({ learner }, index) => (learner && erased.has(index + 1) ? [learner] : []));
  const as = (isBuyer ? buyer : [...erased.values()][0])?.email ?? '';
  const persons = [...(isBuyer && event.buyer ? [event.buyer] : []), ...learners];
  return hide(event, make(persons, { isBuyer, standInFor: () => as, events: [] }));
}

/** An event, an order or what hangs on it, with the person taken out. Sums, dates, SKUs, references and numbers stay. */
export function hide<T>(document: T, disguise: Disguise): T {
  return walk(document, '', disguise) as T;
}

/** What a step was given, returned or remembered. */
export function hideInValues<T>(value: T, disguise: Disguise): T {
  return walkValues(value, disguise) as T;
}

/** A text for people. */
export function hideInText(text: string, { addresses, wholes, parts }: Disguise): string {
  return replaceNames(replaceNames(text, wholes, addresses), parts, addresses);
}

/** A decision of staff or of our clock: its metadata name holds and the like, nobody's name. */
function isOwn({ kind }: PaymentEvent): boolean {
  return !/^(payment|subscription|checkout)\./.test(kind);
}

interface Making {
  readonly isBuyer: boolean;
  readonly standInFor: (address: string) => string;
  readonly events: readonly PaymentEvent[];
}

function make(persons: readonly Person[], { isBuyer, standInFor, events }: Making): Disguise {
  const emails = persons.map(({ email }) => normal(email)).filter((email) => email !== '');
  const wholes = persons.flatMap(({ name, firstName, lastName, phone }) => [
    name,
    phone,
    firstName !== undefined && lastName !== undefined ? `${firstName} ${lastName}` : undefined,
  ]);
  return {
    addresses: new Map(emails.map((email) => [email, standInFor(email)])),
    isBuyer,
    wholes: longestFirst([...emails, ...wholes]),
    parts: longestFirst(persons.flatMap(({ firstName, lastName }) => [firstName, lastName])),
    keptMetadata: new Set(events.filter(isOwn).flatMap(({ metadata }) => Object.keys(metadata ?? {}))),
  };
}

/** Persons named in events and orders. `isBuyersOwn`: it stands where the buyer stands. */
function personsIn(value: unknown, key = ''): { person: Person; isBuyersOwn: boolean }[] {
  if (Array.isArray(value)) return value.flatMap((each) => personsIn(each, key));
  if (!isObject(value) || key === 'metadata') return [];
  const isBuyersOwn = buyerKeys.has(key);
  const own = isBuyersOwn || typeof value['email'] === 'string' ? [{ person: value as Person, isBuyersOwn }] : [];
  return [...own, ...Object.entries(value).flatMap(([name, each]) => personsIn(each, name))];
}

function walk(value: unknown, key: string, disguise: Disguise): unknown {
  if (typeof value === 'string') return sentences.has(key) ? hideInText(value, disguise) : value;
  if (Array.isArray(value)) return value.map((each) => walk(each, key, disguise));
  if (!isObject(value)) return value;
  if (key === 'metadata') return disguise.isBuyer ? hideMetadata(value, disguise) : value;
  if (isThem(value, key, disguise)) return disguisePerson(value, disguise);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name, disguise)]));
}

function walkValues(value: unknown, disguise: Disguise): unknown {
  if (typeof value === 'string') return hideInValue(value, disguise);
  if (Array.isArray(value)) return value.map((each) => walkValues(each, disguise));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walkValues(each, disguise)]));
}

function hideInValue(text: string, { addresses, wholes, parts }: Disguise): string {
  const alone = text.trim().toLowerCase();
  if (parts.some((part) => part.toLowerCase() === alone)) return erasedName;
  return replaceNames(text, wholes, addresses);
}

function hideMetadata(metadata: Readonly<Record<string, unknown>>, { keptMetadata }: Disguise): Record<string, unknown> {
  const hidden = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(metadata)) hidden[name] = keptMetadata.has(name) || value === '' ? value : 'erased';
  return hidden;
}

function isThem(value: Readonly<Record<string, unknown>>, key: string, { addresses, isBuyer }: Disguise): boolean {
  const email = typeof value['email'] === 'string' ? normal(value['email']) : '';
  return (isBuyer && buyerKeys.has(key)) || addresses.has(email);
}

/** Field by field, so that persons put together from several events come out the same. The country stays: taxes hang on it. */
function disguisePerson(person: Readonly<Record<string, unknown>>, { addresses }: Disguise): Record<string, unknown> {
  const hidden: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(person)) {
    if (field === 'country' || value === undefined || value === '') hidden[field] = value;
    else if (field === 'email' && typeof value === 'string') hidden[field] = addresses.get(normal(value));
    else if (field === 'name') hidden[field] = erasedName;
  }
  return hidden;
}

function replaceNames(text: string, names: readonly string[], addresses: ReadonlyMap<string, string>): string {
  let replaced = text;
  for (const name of names) {
    const found = new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(name)}(?![\\p{L}\\p{N}])`, 'giu');
    replaced = replaced.replace(found, () => addresses.get(name) ?? erasedName);
  }
  return replaced;
}

function escapePattern(text: string): string {
  return text.replace(/[\^$.*+?()[\]{}|/]/g, '\\$&');
}

function longestFirst(names: readonly (string | undefined)[]): string[] {
  const worth = names.flatMap((name) => (name !== undefined && name.trim().length >= 3 ? [name.trim()] : []));
  return [...new Set(worth)].sort((a, b) => b.length - a.length);
}

function normal(email: string | undefined): string {
  return (email ?? '').trim().toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
