import type { Callback } from '../contract/gateway.ts';
import type { Grant } from '../contract/order.ts';

/** Staying small over the years, and what is kept about persons. */
export interface Upkeep {
  /**
   * Takes out what is older than it need be kept, at most `limit` rows of a kind: bodies of settled callbacks, what finished
   * steps of settled orders were given and returned unless a standing grant needs it, single attempts in their history, samples.
   */
  thinOut(retention: Retention, limit: number): Promise<Thinned>;
  /** Orders with this address as the buyer's or a learner's, by number. */
  ordersOfPerson(email: string): Promise<readonly string[]>;
  /**
   * Puts a stand-in for a person in all of their orders, with events, steps and history, in one transaction; sums, dates, SKUs,
   * references and numbers stay, and each order is still what its events say. What a standing grant returned stays, so that it can
   * be taken back. What a gateway tells later does not bring the person back. Nothing happens while something is open, unless forced.
   */
  erasePerson(request: ErasureRequest): Promise<Erasure>;
  /** What callbacks brought that was not emptied yet, page by page. */
  callbackBodies(list: 'settled' | 'parked' | 'open', limit: number, after?: CallbackBody): Promise<readonly CallbackBody[]>;
  /** Numbers of the callbacks that told the events of these orders. */
  callbacksOfOrders(orderIds: readonly string[]): Promise<readonly number[]>;
  /** Empties settled callbacks: address, headers and body. They stay known. Gives how many held something. */
  emptyCallbacks(ids: readonly number[]): Promise<number>;
  /** Deletes samples of refused callbacks. Gives how many. */
  dropSamples(unwanted: (sample: RefusedSample) => boolean): Promise<number>;
}

/** For how long things are kept, in milliseconds; undefined: for ever. */
export interface Retention {
  /** Bodies and headers of callbacks, since they were settled. */
  readonly callbackMs?: number | undefined;
  /** What finished steps were given and returned, since the order changed last. */
  readonly stepMs?: number | undefined;
  /** Samples of refused callbacks. */
  readonly sampleMs?: number | undefined;
}

/** How many rows were dealt with; a number below the limit: there are no more of that kind now. */
export interface Thinned {
  readonly callbacks: number;
  readonly orders: number;
  readonly samples: number;
}

export interface ErasureRequest {
  readonly email: string;
  /** The address that stands for the person from now on. */
  readonly as: string;
  readonly by: string;
  readonly because: string;
  /** Also while something is open: what would give or tell the person something is cancelled. Never while a step runs. */
  readonly force: boolean;
}

/** `erased` is empty when something is open that kept it from happening, and when there is no such order. */
export interface Erasure {
  readonly erased: readonly ErasedOrder[];
  readonly open: readonly OpenMatter[];
}

export interface ErasedOrder {
  readonly orderId: string;
  /** Keys of steps that were cancelled for it. */
  readonly cancelled: readonly string[];
  /** Numbers of the callbacks that told its events. */
  readonly callbacks: readonly number[];
  /** What stands at other systems, where only they can erase. */
  readonly grants: readonly Grant[];
}

/** Why a person's data may still be needed. */
export interface OpenMatter {
  readonly orderId: string;
  /** In words, e.g. `the order is held`. */
  readonly what: string;
  readonly isRunning: boolean;
}

/** What a callback brought. Times are milliseconds since 1970. */
export interface CallbackBody {
  readonly id: number;
  readonly gateway: string;
  readonly deliveryId: string;
  readonly receivedAt: number;
  /** Its place in the list. */
  readonly at: number;
  readonly url: string;
  readonly body: Uint8Array;
}

/** A refused callback as it arrived, shortened. */
export interface RefusedSample {
  readonly code: string;
  readonly receivedAt: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Callback['headers'];
  readonly body: Uint8Array;
}
