import type { Callback, KeptCallback, Verdict } from '../contract/gateway.ts';
import type { PaymentEvent } from '../contract/event.ts';
import type { Grant, Order } from '../contract/order.ts';
import type { ClaimedStep, PlannedStep, Step, StepProblem, StepState } from '../contract/plan.ts';
import type { ActivationStore, FileStore } from './sold-things.ts';
import type { StockDraw, StockLevel, StockPool, StockStore } from './stock.ts';
import type { RefusedSample, Upkeep } from './upkeep.ts';

export type * from './sold-things.ts';
export type * from './stock.ts';
export type * from './upkeep.ts';

/**
 * Where everything is kept, in the words of the domain. Each operation is one transaction; when a promise resolves, its
 * change is committed and synced. Operations that take a claim return false when the claim was lost (its lease lapsed and
 * another worker has it, or it was cancelled): then nothing was recorded. One suite checks every store.
 */
export interface Store extends FileStore, ActivationStore, StockStore, Upkeep {
  /** Opens and migrates. Throws `STORE_…` errors that say what to do. */
  open(): Promise<void>;
  close(): Promise<void>;
  /** Calls back when other processes may have left work. A hint only: polling must suffice. Returns an unsubscriber. */
  onWork(listener: () => void): () => void;

  /** Keeps an accepted callback once per (gateway, delivery id). `known`: it was kept before; that too is certain by then. */
  keepCallback(callback: Callback, deliveryId: string): Promise<'kept' | 'known'>;
  /** Counts verdicts; of refusals the newest 100 per gateway are sampled (first 2 KB of the body). */
  countVerdict(gateway: string, verdict: Verdict['kind'], code: string, count: number, sample?: Callback): Promise<void>;
  /** The newest samples of refused callbacks, without headers that carry credentials. */
  refusedSamples(gateway: string, limit: number): Promise<readonly RefusedSample[]>;

  claimCallbacks(worker: string, limit: number, leaseMs: number): Promise<ClaimedCallback[]>;
  /**
   * Commits "this attempt may never settle either", before work that was cut short is tried once more: if it is cut short
   * again, the next claim's `cutShort` counts this attempt too. Once it settles in any way the count is back at nothing.
   */
  beginAgain(claim: ClaimedCallback | StepClaim): Promise<boolean>;
  /** Workers that hold claims. */
  workers(): Promise<string[]>;
  /** This worker has ended: what it holds is claimable now, as if its leases had lapsed. */
  endLeases(worker: string): Promise<void>;
  /**
   * The answer to a claim got lost: what this worker holds and does not know of is due again at once, and the attempt that never
   * was does not count. Gives how many. `known`: all it has under way.
   */
  giveBackLost(worker: string, known: readonly (ClaimedCallback | StepClaim)[]): Promise<number>;
  postponeCallback(claim: ClaimedCallback, problem: StepProblem, delayMs: number): Promise<boolean>;
  /** A person's task: `notices` are planned with it. */
  parkCallback(claim: ClaimedCallback, problem: StepProblem, notices?: readonly PlannedStep[]): Promise<boolean>;
  ignoreCallback(claim: ClaimedCallback, why: string): Promise<boolean>;

  /**
   * Adds events to their orders and stores what `decide` makes of each order, all in one transaction, and settles the
   * callback they came from. Events already known (same gateway and id) are dropped; `decide` is still called. Of `pools`, the
   * ones an order draws on are locked and counted for its decision.
   */
  record(
    claim: ClaimedCallback | undefined,
    events: readonly PaymentEvent[],
    decide: Decide,
    pools?: readonly StockPool[],
  ): Promise<boolean>;
  /** Decides again about a known order (a product file appeared, staff released it). False when there is no such order. */
  reconsider(orderId: string, decide: Decide, pools?: readonly StockPool[]): Promise<boolean>;
  /** Orders that wait for a product file of one of these SKUs; at most `limit`. */
  ordersWaitingForSkus(skus: readonly string[], limit: number): Promise<string[]>;

  /**
   * Claims due steps, oldest first. `room` says how many of each account. Two workers never hold one step; a claim lapses
   * after `leaseMs`, and the step is then claimable again with `interrupted` telling whether `beginCall` was recorded.
   * `attempts` of a claim counts this one too. A key in `after` that nobody planned holds nothing up.
   */
  claimSteps(worker: string, room: ReadonlyMap<string, number>, leaseMs: number): Promise<StepClaim[]>;
  /** The clock and what is due by it, as one moment has them: what has to be known before a claim. */
  dueTimes(): Promise<DueTimes>;
  /** Accounts that have open steps. */
  accountsWithWork(): Promise<string[]>;
  /** Commits "the call goes out now", for steps that must not be repeated blindly. */
  beginCall(claim: StepClaim): Promise<boolean>;
  renewLease(claim: StepClaim | ClaimedCallback, leaseMs: number): Promise<boolean>;
  rememberStep(claim: StepClaim, memo: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Done. Steps that waited for it become ready when all they wait for is settled; `then` is planned with it. */
  finishStep(claim: StepClaim, outcome: Readonly<Record<string, unknown>>, then?: readonly PlannedStep[]): Promise<boolean>;
  /**
   * Not yet. With a problem it counts as a failed attempt; without, it only waits. Without a delay it is due when it was, so it
   * keeps its place before those that came later. A step marked for cancelling is cancelled.
   */
  postponeStep(claim: StepClaim, problem: StepProblem | undefined, delayMs: number | undefined): Promise<boolean>;
  /** A person's task: `notices` are planned with it. Steps that wait for it with patience become ready. */
  parkStep(claim: StepClaim, problem: StepProblem, notices?: readonly PlannedStep[]): Promise<boolean>;
  /** Gives claims back, due at once (the process is stopping). The attempt counts: its call may have gone out. */
  release(claims: readonly (StepClaim | ClaimedCallback)[]): Promise<void>;
  /** Plans steps that belong to no decision about an order: notices. Known keys are dropped. */
  addSteps(steps: readonly PlannedStep[]): Promise<void>;
  /**
   * Milliseconds until the next callback or step is due: 0 when one is due now, undefined when none will be by itself.
   * `busy`: accounts that take nothing more for now; their steps do not count.
   */
  nextDueInMs(busy?: ReadonlySet<string>): Promise<number | undefined>;

  /** Puts a parked step back on the schedule, attempts counted from zero. False when it is not parked. */
  retryStep(key: string, by: string, changes?: StepChanges): Promise<boolean>;
  /** A person did what a parked step was for, or says what became of it. False when it is not parked. */
  markDone(key: string, by: string, outcome?: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Puts a parked callback back. */
  retryCallback(id: number, by: string): Promise<boolean>;

  /** The clock of leases and due times, milliseconds since 1970. */
  clock(): Promise<number>;
  /**
   * The store's clock was set: by `byMs` forwards, or back where that is negative (undefined: perhaps, while nobody watched).
   * What is claimed and not lapsed but by that stays claimed for `leaseMs` from now; what was put off while the clock was ahead
   * is due as long from now as was meant. Every worker that notices may ask for it.
   */
  mendClock(byMs: number | undefined, leaseMs: number): Promise<void>;

  findOrder(id: string): Promise<OrderRecord | undefined>;
  /** By order number, buyer's e-mail, or any reference the gateway gave. Newest first, at most `limit`. */
  findOrders(query: OrderQuery): Promise<Order[]>;
  findPurchase(gateway: string, purchase: string): Promise<OrderRecord | undefined>;
  /** Grants of any order that give the same thing to the same person at the other side. */
  grantsOfResource(resource: string): Promise<Grant[]>;
  history(orderId: string): Promise<HistoryEntry[]>;
  /** Newest first. */
  parkedSteps(limit: number): Promise<Step[]>;
  /** Newest first. */
  parkedCallbacks(limit: number): Promise<ParkedCallback[]>;
  status(): Promise<StoreStatus>;

  /** Writes and commits something tiny: whether the store takes changes just now. Throws `STORE_…` when it does not. */
  touch(): Promise<void>;
  /** Alarms that stand, the oldest first. */
  alarms(): Promise<readonly Alarm[]>;
  /**
   * There is cause for an alarm: `notice` is planned when it begins, and again `againMs` after it was last told; once, however
   * many processes see the cause. True when it was told now. `notice` is pure and called inside the transaction.
   */
  raiseAlarm(name: string, againMs: number, notice: (alarm: Alarm) => PlannedStep): Promise<boolean>;
  /** The cause is gone. When it has been for `calmMs` the alarm ends, and `notice`, if any, is planned with it. True when it ended now. */
  calmAlarm(name: string, calmMs: number, notice?: (alarm: Alarm) => PlannedStep): Promise<boolean>;

  /** True for one caller per name, and for nobody again before `everyMs` have passed. */
  takeTurn(name: string, everyMs: number): Promise<boolean>;
  /** Delivery ids of a gateway's callbacks that were kept since then, the newest first. */
  deliveriesSince(gateway: string, since: Date): Promise<string[]>;

  /** Whoever has this fingerprint gets no follow-up mails any more. Idempotent. */
  spareAddress(fingerprint: string): Promise<void>;
  isSpared(fingerprint: string): Promise<boolean>;

  /** Keeps the configuration an order was accepted under. Idempotent. */
  keepConfiguration(version: string, text: string): Promise<void>;
  configuration(version: string): Promise<string | undefined>;

  /** Adds keys to a pool, all or none. Fingerprints known in any state are refused. */
  importKeys(pool: string, keys: readonly SealedKey[]): Promise<{ added: number; duplicates: readonly string[] }>;
  /** Takes the next free key for `holder`; the same holder always gets the same, until it is revoked. Sealed as imported. */
  takeKey(pool: string, holder: string): Promise<string | undefined>;
  /** True when the holder's key is revoked now, also when it was before. */
  revokeKey(pool: string, holder: string): Promise<boolean>;
  keyCounts(): Promise<readonly KeyPoolCount[]>;
  /** Newest import first. */
  listKeys(pool: string, limit: number): Promise<readonly KeyRow[]>;
  /** Who holds a key: staff type it in, the caller makes the fingerprint. */
  findKeys(fingerprint: string): Promise<readonly (KeyRow & { readonly pool: string })[]>;
  /** Keys of any pool that these hold or held. */
  keysHeldBy(holders: readonly string[]): Promise<readonly (KeyRow & { readonly pool: string })[]>;
}

/** Milliseconds from now, negative for what has been due for a while. What is under a lease is due when that lapses. */
export interface DueTimes {
  /** As `clock()` tells it. */
  readonly clock: number;
  /** The next callback. Undefined: none is open. */
  readonly callbackInMs?: number;
  /** The next step of each account that has open ones. */
  readonly stepInMs: ReadonlyMap<string, number>;
}

export type ClaimedCallback = KeptCallback & Claim & { readonly id: number; readonly fence: number };

export type StepClaim = ClaimedStep &
  Claim & {
    /** An earlier attempt began its call and never told how it ended. */
    readonly interrupted: boolean;
  };

export interface Claim {
  readonly worker: string;
  /** How many attempts before this one, in a row, never told how they ended: their process died, or lost its lease. */
  readonly cutShort: number;
}

/** What is known about an order when a decision is due; `events` already holds the new ones. */
export interface KnownOrder {
  readonly gateway: string;
  readonly purchase: string;
  readonly order?: Order;
  readonly events: readonly PaymentEvent[];
  readonly grants: readonly Grant[];
  readonly steps: readonly Step[];
  /** The limited stock it draws on. */
  readonly stock?: readonly StockLevel[];
}

/** What to store about it. `cancel`: keys of steps to cancel when they are not running, else to mark for cancelling. */
export interface Decision {
  readonly order: Order;
  readonly grants: readonly Grant[];
  readonly steps: readonly PlannedStep[];
  readonly cancel: readonly string[];
  /** What happened, in words for the history. */
  readonly notes: readonly string[];
  /** All it holds of stocks, limited or not. Undefined: as before. */
  readonly stock?: readonly StockDraw[];
}

/** Pure: called inside the transaction, perhaps more than once. */
export type Decide = (known: KnownOrder) => Decision;

/** What a retry by hand takes from the newest product file. What earlier attempts remembered is forgotten with it. */
export interface StepChanges {
  readonly action: string;
  readonly account: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly configVersion: string;
  readonly resource?: string;
}

export interface OrderRecord {
  readonly order: Order;
  readonly grants: readonly Grant[];
  readonly steps: readonly Step[];
}

export interface OrderQuery {
  readonly text?: string;
  readonly status?: Order['status'];
  /** Only orders with a step in this state. There is no list of finished steps: it would be as long as the history. */
  readonly stepState?: Exclude<StepState, 'done' | 'cancelled'>;
  readonly limit: number;
  /** Keyset paging: orders created before this one. */
  readonly before?: { readonly createdAt: string; readonly id: string };
  /** Keyset paging the other way: orders created after this one, oldest first. */
  readonly after?: { readonly createdAt: string; readonly id: string };
}

export interface HistoryEntry {
  readonly at: number;
  /** `event`, `note`, `attempt`, `parked`, `retried` … */
  readonly kind: string;
  readonly stepKey?: string;
  readonly text: string;
}

export interface ParkedCallback {
  readonly id: number;
  readonly gateway: string;
  readonly deliveryId: string;
  readonly receivedAt: number;
  readonly attempts: number;
  readonly problem: StepProblem;
}

export interface StoreStatus {
  readonly callbacks: { readonly open: number; readonly parked: number };
  readonly steps: { readonly ready: number; readonly waiting: number; readonly running: number; readonly parked: number };
  readonly orders: { readonly held: number; readonly waitingForProduct: number };
  readonly verdicts: readonly {
    readonly gateway: string;
    readonly verdict: string;
    readonly code: string;
    readonly count: number;
  }[];
  /** Gateways that were heard: how many genuine callbacks, and when the last one of them. */
  readonly gateways: readonly { readonly gateway: string; readonly taken: number; readonly heardAt: number }[];
  /** Age in milliseconds of the oldest callback or step that is neither finished nor parked nor planned for later. */
  readonly oldestOpenMs?: number;
  /** Which one that is. A step that waits for a parked one does not count, as that is a person's task. */
  readonly oldestOpen?: OpenItem;
}

/** A kept callback or a step that is not finished. */
export interface OpenItem {
  readonly kind: 'callback' | 'step';
  /** The callback's number or the step's key. */
  readonly name: string;
  /** The gateway, or the step's account. */
  readonly of: string;
  /** Why the last attempt failed. */
  readonly code?: string;
}

/** Something the owner is told of while it lasts. Times are milliseconds since 1970. */
export interface Alarm {
  /** What it is about, e.g. `oldest` or `silence/stripe`. */
  readonly name: string;
  readonly since: number;
  readonly toldAt: number;
  /** How often it was told. */
  readonly times: number;
  /** Its cause is gone since then, for too short a time to say so. */
  readonly calmSince?: number;
}

/** A key as the store sees it: sealed, with a fingerprint that tells duplicates without telling the key. */
export interface SealedKey {
  readonly fingerprint: string;
  readonly sealed: string;
}

export interface KeyRow extends SealedKey {
  readonly state: 'free' | 'taken' | 'revoked';
  readonly holder?: string;
  readonly takenAt?: number;
}

export interface KeyPoolCount {
  readonly pool: string;
  readonly free: number;
  readonly taken: number;
  readonly revoked: number;
}
