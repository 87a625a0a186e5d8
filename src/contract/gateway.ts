import type { PaymentEvent, Person } from './event.ts';
import type { HttpClient } from './http.ts';
import type { Logger } from './log.ts';
import type { Money } from './money.ts';
import type { Order } from './order.ts';
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
  /**
   * What the product files say of a SKU, before money moves. Undefined: none of them has it. `purchase`: the one that is about
   * to be paid, where it was begun here: what is reserved for it is there for it.
   */
  offer(sku: string, quantity: number, purchase?: string): Promise<Offer | undefined>;
}

/** A product as it is sold now. */
export interface Offer {
  readonly sku: string;
  readonly title: string;
  /** One per currency, for one piece. */
  readonly prices: readonly Money[];
  /** Why it cannot be sold in this quantity just now, in words for the buyer; undefined: it can. */
  readonly soldOut?: string;
}

/** A purchase to be started, with prices from the product files. */
export interface Cart {
  /** The same for every attempt to start this very cart: the idempotency key towards the gateway. */
  readonly reference: string;
  readonly lines: readonly CartLine[];
  readonly total: Money;
  readonly buyer: Person;
  /** Which of the gateway's `methods` was chosen. */
  readonly method?: string;
  /** BCP 47. */
  readonly language?: string;
  /** Campaign, seller reference and what else the shop attached. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the gateway sends the buyer back to: our return page, and where the buyer gave up. */
  readonly returnUrl: string;
  readonly cancelUrl: string;
  /** Where the gateway sends its callbacks. */
  readonly callbackUrl: string;
}

export interface CartLine {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  /** For one piece. */
  readonly price: Money;
  readonly learner?: Person;
}

/** How a started purchase goes on: the browser follows a redirect, posts a form, or the order is placed without either. */
export type Started = {
  /** The gateway's name of the purchase, as its events will carry it. */
  readonly purchase: string;
  readonly events?: readonly PaymentEvent[];
} & (
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'form'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'placed' }
);

/** A way to pay that one gateway offers beside others, e.g. transfer and cash; `name` comes back in `cart.method`. */
export interface PaymentMethod {
  readonly name: string;
  /** What its button says. */
  readonly label: string;
}

/** How the buyer pays, where the gateway leaves that to the buyer. */
export interface PaymentInstructions {
  readonly title: string;
  readonly text?: string;
  readonly amount: Money;
  /** What the buyer writes with the payment. */
  readonly reference?: string;
  /** ISO 8601, UTC. */
  readonly due?: string;
  /** Accounts and the like, in the order they are shown. */
  readonly rows: readonly { readonly label: string; readonly value: string }[];
}

/**
 * What a callback would have brought, got from the gateway itself: kept under the same delivery id, it is never read twice.
 * News that no callback brings (a buyer's return) has a delivery id that begins with `return:`.
 */
export interface Missed {
  readonly deliveryId: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
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
  /**
   * Proves origin. Asks nobody but for what proves, such as a certificate: within seconds, seldom, and never more because
   * forgeries come. Must not throw on any input; where the proof cannot be had just now, `tryLater`: answered with 503.
   */
  verify(callback: Callback, context: GatewayContext<Options>): Promise<Verdict> | Verdict;
  /** Turns a kept callback into events; may ask the gateway's API. Throw `tryLater`/`giveUp`; anything else is tried later. */
  read(callback: KeptCallback, context: GatewayContext<Options>): Promise<Reading>;
  /** The answer to a verdict. Default, also where it gives undefined: 200 for accepted and ignored, 400 for refused. */
  reply?(verdict: Verdict, callback: Callback, context: GatewayContext<Options>): Reply | undefined | Promise<Reply | undefined>;
  /**
   * Which purchase a returning buyer means. Must grant nothing. `missed`: kept as a callback of this gateway would be, where
   * the return is itself the news (PayPal waits for us to capture).
   */
  findReturn?(
    visit: ReturnVisit,
    context: GatewayContext<Options>,
  ): Promise<{ readonly purchase: string; readonly missed?: Missed } | undefined>;
  /** Starts a payment. Idempotent by `cart.reference`. Throw `tryLater`/`giveUp`. */
  checkout?(cart: Cart, context: GatewayContext<Options>): Promise<Started>;
  /** The buyer's e-mail address must be in the cart, because nobody asks for it later. */
  readonly needsBuyer?: boolean;
  /** The ways to pay it offers at `checkout`. Default: one, without a name. */
  methods?(context: GatewayContext<Options>): readonly PaymentMethod[];
  /** What the page and the mail of a waiting order say about how to pay. Undefined: the buyer has nothing to do. */
  instructions?(order: Order, context: GatewayContext<Options>): PaymentInstructions | undefined;
  /** What `sweep` lists: the deliveries themselves, or payments, whose names no delivery has. @default 'deliveries' */
  readonly lists?: 'deliveries' | 'payments';
  /** The gateway's own list of what it told us or should have told us since then, oldest first. */
  sweep?(since: Date, context: GatewayContext<Options>): AsyncIterable<Missed>;
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
