import type { GatewayEventKind, Person } from '../../contract/event.ts';

/** How a request is signed. Everything is fixed by the configuration: nothing of it is taken from the request. */
export interface Scheme {
  /** Header with the signature. */
  readonly header?: string;
  /** Instead of a header: where in each event its own signature stands. Every event of a callback has to be proved then. */
  readonly field?: string;
  /** What stands before the signature itself, such as `sha256=` or `v1,`. */
  readonly prefix?: string;
  /** `bare`: the whole header is one signature. `list`: several, separated by spaces. `pairs`: `name=value` between separators. */
  readonly grammar?: 'bare' | 'list' | 'pairs';
  /** `pairs`: the name that signatures have. */
  readonly pair?: string;
  /** `pairs`: what separates them. */
  readonly separator?: ',' | ';';
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly digest?: 'hex' | 'base64' | 'base64url';
  /** How a secret becomes the key. `whsec`: base64 behind an optional `whsec_`. */
  readonly key?: 'text' | 'hex' | 'base64' | 'whsec';
  /**
   * What is signed: a text with {body} and, where they are part of it, {id}, {timestamp} and {url}. Where each event is signed for
   * itself, a text with JSON pointers into it, such as {/order/id}; what is not there counts as empty.
   */
  readonly signed?: string;
  /** What {url} stands for: the address as it is registered at the sender. */
  readonly url?: string;
  /** Header with what {id} stands for. */
  readonly idHeader?: string;
  readonly timestamp?: Stamp;
}

/** Where the time of signing stands: in a header, in a pair of the signature's header, or in the body at a JSON pointer. */
export interface Stamp {
  readonly header?: string;
  readonly pair?: string;
  readonly field?: string;
  readonly unit?: TimeUnit;
}

export type TimeUnit = 'iso' | 'seconds' | 'milliseconds';

/** A JSON pointer into the event, or behind `@` into the entry at hand. Of a list the first one that leads to a value counts. */
export type Place = string | readonly string[];

/** Where things stand in an event. Sums are pointers joined by ` + ` and ` - `; `*` in a pointer adds up a list. */
export interface Fields {
  readonly at?: Place;
  readonly purchase?: Place;
  readonly payment?: Place;
  readonly reversal?: Place;
  readonly receiver?: Place;
  readonly amount?: string;
  readonly shipping?: string;
  readonly currency?: Place;
  readonly language?: Place;
  readonly reason?: Place;
  readonly metadata?: Place;
  readonly references?: readonly string[];
  readonly buyer?: { readonly [Key in keyof Person]?: Place };
  readonly period?: { readonly from?: Place; readonly until?: Place };
  readonly lines?: LineFields;
}

export interface LineFields {
  /** The list of items; without it the event itself is the one item. */
  readonly each?: string;
  readonly sku?: Place;
  readonly title?: Place;
  readonly quantity?: Place;
  /** Of one unit. */
  readonly price?: string;
  /** Of the whole quantity, like those below. */
  readonly subtotal?: string;
  readonly discount?: string;
  readonly tax?: string;
  readonly total?: string;
}

/** What a value has to be for a rule to count: one of these; `*` is any value, null is none. */
export type Condition = string | number | boolean | null | readonly (string | number | boolean | null)[];

/** What an event of a type means. */
export interface Rule {
  readonly is: GatewayEventKind;
  /** By JSON pointer; all of them have to hold. */
  readonly when?: Readonly<Record<string, Condition>>;
  /** One fact for each entry of this list. */
  readonly each?: string;
  /** The amount is all that was refunded so far. */
  readonly cumulative?: boolean;
  /** Another mode than the event's: `site` where this kind of event does not tell. */
  readonly mode?: Mode;
  /** Other places than those of all events. */
  readonly fields?: Fields;
}

/** `site`: the events do not tell, so they are of the mode the site runs in. Else where it stands, and what proves it. */
export type Mode =
  'live' | 'test' | 'site' | { readonly field: string; readonly live?: string | boolean; readonly test?: string | boolean };

/** Without `events` a type changes no order; `ignore` takes a preset's meaning away. */
export type Meaning = Rule['is'] | 'ignore' | readonly Rule[];

export interface ReplyRule {
  /** To accepted and ignored callbacks. @default 200 */
  readonly status?: number;
  readonly body?: string;
}

/** All that is known of a sender's callbacks: what a preset says, and the configuration over it. */
export interface Profile {
  readonly schemes: readonly Scheme[];
  /** A request without signature that a sender tries an address out with. */
  readonly ping?: RegExp;
  /** Where the list of events stands in a callback with several. */
  readonly batch?: string;
  /** What, taken together, names a delivery: part of the signed body and the same on each repetition. */
  readonly id?: readonly string[];
  /** Where the type stands. Without it every event is of the type `*`. */
  readonly type?: Place;
  readonly mode: Mode;
  /** `minor`: whole numbers of the smallest unit. `decimal`: 19.90, as text or number. */
  readonly amounts: 'minor' | 'decimal';
  readonly times: TimeUnit;
  readonly fields: Fields;
  readonly events: Readonly<Record<string, Meaning>>;
  readonly reply: ReplyRule;
  /** `user:password` of HTTP's basic authentication, beside the signature. */
  readonly basicAuth?: readonly string[];
  /** What is read is not all signed, so the sender has to know a password as well. */
  readonly needsBasicAuth?: boolean;
  /** The status that says: only the events named in the answer, one id a line, were taken. */
  readonly partlyStatus?: number;
}

/** What a preset leaves out is what `profileOf` fills in. */
export type Preset = Pick<Profile, 'schemes' | 'fields' | 'events'> & Partial<Profile>;
