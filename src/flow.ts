import { StepError } from './contract/errors.ts';
import {
  refused,
  type Callback,
  type Gateway,
  type GatewayContext,
  type Missed,
  type Reply,
  type Verdict,
} from './contract/gateway.ts';
import type { PaymentEvent } from './contract/event.ts';
import type { Order } from './contract/order.ts';
import { crashPoint } from './crash-point.ts';
import { applyEvents } from './orders/apply-events.ts';
import type { StockPool } from './contract/stock.ts';
import { matchOrder, type MatchRules } from './orders/match-order.ts';
import { drawsOf } from './orders/stock.ts';
import type { Catalogue } from './processes/find-product.ts';
import type { ShapeOf } from './processes/action-shape.ts';
import { planSteps } from './processes/plan-steps.ts';
import type { ClaimedCallback, Decide, KnownOrder, Store } from './storage/store.ts';

/** A gateway as the configuration has it now, with all it needs. */
export interface OpenGateway {
  readonly name: string;
  readonly gateway: Gateway;
  readonly context: GatewayContext<unknown>;
}

/** What the flow works with. `app.ts` puts it together. */
export interface Parts {
  readonly store: Store;
  /** Undefined: the configuration has no gateway of this name. */
  gateway(name: string): OpenGateway | undefined;
  /** The files as they are now, kept durably by then. */
  catalogue(): Promise<Catalogue>;
  /** The files of an earlier version; undefined when they were never kept. */
  catalogueOf(version: string): Promise<Catalogue | undefined>;
  /** What an order is compared with, by the given files: the first that know a SKU decide. */
  rules(gateway: string, catalogues: readonly Catalogue[]): MatchRules;
  /** What is limited, by the files as they are now. */
  pools(): readonly StockPool[];
  readonly shapeOf: ShapeOf;
  /** Counts what came of a callback. In memory first: a flood of forgeries must not become a flood of writes. */
  count(callback: Callback, verdict: Verdict): void;
  /** Work was left: look for it now. */
  wake(): void;
}

/** One callback, from the gateway's bytes to the reply it waits for. It talks to nobody but the store. */
export async function receive(
  callback: Callback,
  { gateway, context }: OpenGateway,
  parts: Pick<Parts, 'store' | 'count' | 'wake'>,
): Promise<Reply> {
  const verdict = await proofOf(callback, gateway, context);
  if (verdict instanceof StepError) {
    parts.count(callback, refused(verdict.code, verdict.message));
    return sendAgain(verdict);
  }
  if (verdict.kind === 'accepted') {
    await parts.store.keepCallback(callback, verdict.deliveryId);
    crashPoint('callback kept');
    parts.wake();
  }
  parts.count(callback, verdict);
  const answer = gateway.reply?.(verdict, callback, context);
  return (answer instanceof Promise ? await answer : answer) ?? usualReply(verdict);
}

/** A kept callback becomes events, the events an order, the order its steps. Repeated until it succeeds. */
export async function digest(callback: ClaimedCallback, { gateway, context }: OpenGateway, parts: Parts): Promise<void> {
  const reading = await gateway.read(callback, context);
  crashPoint('callback read');
  if ('ignored' in reading) {
    await parts.store.ignoreCallback(callback, reading.ignored);
    return;
  }
  const decide = await decider(reading.events, parts);
  await parts.store.record(callback, reading.events, decide, parts.pools());
  crashPoint('plan recorded');
  parts.wake();
}

/** Decides again about a known order: a product file appeared, or staff released what was held. */
export async function reconsider(order: Order, added: readonly PaymentEvent[], parts: Parts): Promise<void> {
  if (added.length > 0) return recordEvents(added, parts);
  await parts.store.reconsider(order.id, await decider([order], parts), parts.pools());
  parts.wake();
}

/** Facts that came by no callback: a checkout we began, money that staff confirm. Known ones change nothing. */
export async function recordEvents(events: readonly PaymentEvent[], parts: Parts): Promise<void> {
  await parts.store.record(undefined, events, await decider(events, parts), parts.pools());
  parts.wake();
}

/** What a gateway's own list came to. */
export interface SweepCount {
  /** How many the gateway lists. */
  readonly listed: number;
  /** Of these: kept before. */
  readonly known: number;
  /** Of these: never arrived, and kept now. */
  readonly fetched: number;
  /** Of a list of payments: kept now to be compared; whether anything was missing shows when they are read. */
  readonly compared: number;
  /** Delivery ids we have kept since then and the gateway does not list. */
  readonly unlisted: readonly string[];
}

/** Asks a gateway for what it told us or should have, and keeps what never arrived like any callback. Throws what the gateway throws. */
export async function sweep(
  { name, gateway, context }: OpenGateway,
  since: Date,
  parts: Pick<Parts, 'store' | 'wake'>,
): Promise<SweepCount> {
  const kept = await parts.store.deliveriesSince(name, since);
  const listed = new Set<string>();
  let fetched = 0;
  for await (const missed of gateway.sweep?.(since, context) ?? []) {
    if (listed.has(missed.deliveryId)) continue;
    listed.add(missed.deliveryId);
    if ((await keepMissed({ name, context }, missed, parts.store)) === 'kept') fetched += 1;
  }
  if (fetched > 0) parts.wake();
  const known = listed.size - fetched;
  if (gateway.lists === 'payments') return { listed: listed.size, known, fetched: 0, compared: fetched, unlisted: [] };
  const unlisted = kept.filter((id) => !listed.has(id) && !id.startsWith('return:'));
  return { listed: listed.size, known, fetched, compared: 0, unlisted };
}

/** Keeps what a callback would have brought, as that callback would have been kept. */
export function keepMissed(
  { name, context }: Pick<OpenGateway, 'name' | 'context'>,
  { deliveryId, body, headers = {} }: Missed,
  store: Pick<Store, 'keepCallback'>,
): Promise<'kept' | 'known'> {
  const callback = {
    gateway: name,
    method: 'POST',
    url: `/callbacks/${name}`,
    headers,
    body: Buffer.from(body),
    receivedAt: context.now(),
  };
  return store.keepCallback(callback, deliveryId);
}

/** Pure once made: the files an order was accepted under are looked up before the transaction begins. */
async function decider(purchases: readonly { gateway: string; purchase: string }[], parts: Parts): Promise<Decide> {
  const newest = await parts.catalogue();
  const accepted = new Map<string, Catalogue>();
  for (const { gateway, purchase } of purchases) {
    const version = (await parts.store.findPurchase(gateway, purchase))?.order.configVersion;
    const catalogue = version === undefined || version === newest.version ? undefined : await parts.catalogueOf(version);
    if (catalogue) accepted.set(catalogue.version, catalogue);
  }
  return (known) => decide(known, accepted.get(known.order?.configVersion ?? ''), newest, parts);
}

/**
 * By the files the order was accepted under. One that was held and given nothing may be settled by a corrected file: when it
 * still does not add up by the old ones, the files as they are now decide.
 */
function decide(
  known: KnownOrder,
  accepted: Catalogue | undefined,
  newest: Catalogue,
  parts: Pick<Parts, 'rules' | 'shapeOf'>,
): ReturnType<Decide> {
  const applied = applyEvents(known.gateway, known.purchase, known.events);
  const decideBy = (first: Catalogue, ...others: Catalogue[]) => {
    const catalogues = [first, ...others];
    const { stock = [] } = known;
    const order = { ...matchOrder(applied, { ...parts.rules(known.gateway, catalogues), stock }), configVersion: first.version };
    const plan = () => ({ ...planSteps(order, known, catalogues, parts.shapeOf), stock: drawsOf(order, stock) });
    return { order, plan };
  };
  const isUndecided = known.order?.status === 'held' && known.grants.length === 0;
  const decision = accepted ? decideBy(accepted, newest) : decideBy(newest);
  return accepted && isUndecided && decision.order.status === 'held' ? decideBy(newest).plan() : decision.plan();
}

/** The verdict, or why there is none just now: what would prove the callback, such as a certificate, could not be fetched. */
async function proofOf(callback: Callback, gateway: Gateway, context: GatewayContext<unknown>): Promise<Verdict | StepError> {
  try {
    return await gateway.verify(callback, context);
  } catch (error) {
    if (error instanceof StepError && error.retry === 'later') return error;
    throw error;
  }
}

/** Neither believed nor refused: gateways repeat what is answered with 503. */
function sendAgain({ code, retryAfterMs = 30_000 }: StepError): Reply {
  return {
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
    body: `${code}: The callback could not be proved just now. Please send it again.\n`,
  };
}

function usualReply(verdict: Verdict): Reply {
  if (verdict.kind !== 'refused') return { status: 200 };
  return {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: verdict.message ? `${verdict.code}: ${verdict.message}\n` : `${verdict.code}\n`,
  };
}
