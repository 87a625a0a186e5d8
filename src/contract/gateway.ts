import type { PaymentEvent } from './event.ts';
import type { HttpClient } from './http.ts';
import type { Logger } from './log.ts';
import type { JsonSchema } from './schema.ts';

/** A gateway's request as it arrived: bytes, nothing believed yet. */
export interface Callback {
  readonly gateway: string;
  readonly method: string;
  /** Path and query below the mount. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as sent (after content decoding). */
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

/** A callback that was accepted and kept. */
export interface KeptCallback extends Callback {
  readonly deliveryId: string;
  /** How often its digestion was begun, this time included. */
  readonly attempts: number;
}

/** What `verify` says of a callback. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly deliveryId: string }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'refused'; readonly code: string; readonly message?: string };

/** Genuine, and about money: keep it. `deliveryId` is the same on each repeated delivery. */
export function accepted(deliveryId: string): Verdict {
  return { kind: 'accepted', deliveryId };
}

/** Genuine, but it changes no order. Answered like an accepted one, counted, not kept. */
export function ignored(why: string): Verdict {
  return { kind: 'ignored', why };
}

/** Not proved genuine. Answered with 400, counted and sampled. */
export function refused(code: string, message?: string): Verdict {
  return message === undefined ? { kind: 'refused', code } : { kind: 'refused', code, message };
}

/** What the gateway gets to hear. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What reading a kept callback gave: facts in our terms, or the reason why it changes no order. */
export type Reading = { readonly events: readonly PaymentEvent[] } | { readonly ignored: string };

/** What a gateway is handed: its checked options and the outside world. */
export interface GatewayContext<Options> {
  readonly options: Options;
  /** The name it has in the configuration. */
  readonly name: string;
  /** What the site takes: real money, or only test payments. */
  readonly mode: 'live' | 'test';
  readonly now: () => Date;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The buyer's browser coming back. Query values prove nothing: they only say which order to show. */
export interface ReturnVisit {
  readonly query: Readonly<Record<string, string>>;
}

/** Who tells us about money. One file each; `options` is the JSON Schema of its part of handover.json. */
export interface Gateway<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: JsonSchema;
  /** May only run where `mode` is `test`. */
  readonly testOnly?: boolean;
  /** Proves origin. Talks to nobody; may be async for cryptography. Must not throw on any input. */
  verify(callback: Callback, context: GatewayContext<Options>): Promise<Verdict> | Verdict;
  /** Turns a kept callback into events; may ask the gateway's API. Throw `tryLater`/`giveUp`; anything else is tried later. */
  read(callback: KeptCallback, context: GatewayContext<Options>): Promise<Reading>;
  /** The answer to a verdict. Default, also where it gives undefined: 200 for accepted and ignored, 400 for refused. */
  reply?(verdict: Verdict, callback: Callback, context: GatewayContext<Options>): Reply | undefined;
  /** Which purchase a returning buyer means. Must grant nothing. */
  findReturn?(visit: ReturnVisit, context: GatewayContext<Options>): Promise<{ readonly purchase: string } | undefined>;
  /** Can we reach it, and are the credentials right? For `handover check --online`. */
  check?(context: GatewayContext<Options>): Promise<readonly Finding[]>;
}

/** One result of a self-check. */
export interface Finding {
  readonly ok: boolean;
  readonly message: string;
  readonly hint?: string;
}

/** Gives a gateway its types. */
export function defineGateway<Options>(gateway: Gateway<Options>): Gateway<Options> {
  return gateway;
}
