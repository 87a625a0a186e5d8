import { latestInstant, type PaymentEvent, type Person } from '../contract/event.ts';
import { learnerOf, namedLearner, type GrantState, type Order, type OrderLine, type Reason } from '../contract/order.ts';
import { endingOf, type Ending } from './endings.ts';
import type { FoundProduct } from './find-product.ts';

/** What a grant's reasons, and staff, ask for. */
export interface Wanted {
  readonly state: GrantState;
  /** Who gets it, where it is not the buyer as the gateway told it. */
  readonly learner?: Person;
  /** One of several that the buyer hands out. */
  readonly isSeat?: boolean;
  /** How often it was issued anew. */
  readonly edition: number;
  /** When access ends, milliseconds since 1970; `same`: whatever was said last. Undefined: never. */
  readonly until: number | 'same' | undefined;
  /** A person has to decide what becomes of it, since this. */
  readonly question?: NonNullable<Reason['withdrawn']>;
  /** Instants at which the answer may change, milliseconds since 1970. */
  readonly deadlines: readonly number[];
}

const words = { revoke: 'revoked', suspend: 'suspended', keep: 'granted', task: 'granted' } as const;

/** A seat that the buyer has not handed to anybody is nobody's, whatever pays for it. */
export function wantedOf(
  order: Order,
  grant: WantedGrant,
  line: OrderLine,
  reasons: readonly Reason[],
  found: FoundProduct,
): Wanted {
  const { isSeat = false } = grant;
  const { question, ...rest } = wantedByReasons(order, grant, line, reasons, found);
  const wanted = { ...rest, isSeat };
  if (isSeat && !namedLearner(order, line, grant.unit)) return { ...wanted, state: 'revoked', until: 'same' };
  return { ...wanted, ...(question && { question }) };
}

interface WantedGrant {
  readonly id: string;
  readonly name: string;
  readonly unit: number;
  /** The buyer hands it out. */
  readonly isSeat?: boolean;
}

function wantedByReasons(
  order: Order,
  grant: WantedGrant,
  line: OrderLine,
  reasons: readonly Reason[],
  found: FoundProduct,
): Wanted {
  const isWhole = found.product.seats === 'assign' && grant.isSeat !== true;
  const learner = isWhole ? correctedBuyer(order) : learnerOf(order, line, grant.unit);
  const decided = { ...(learner && { learner }), edition: editionOf(order.events, grant.id) };
  const standing = reasons.filter(({ withdrawn }) => !withdrawn);
  const deadlines = standing.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]));
  const decision = decisionOn(order.events, grant.id, standing);
  if (decision) return { state: words[decision], ...decided, until: 'same', deadlines };
  const last = reasons
    .flatMap(({ withdrawn }) => withdrawn ?? [])
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .at(-1);
  if (standing.length === 0 && last)
    return { ...decided, ...afterEnding(last, endingOf(found, grant.name, last.rule), order), until: 'same' };
  if (standing.length === 0) return { state: 'revoked', ...decided, until: 'same', deadlines };
  const until = untilOf(standing);
  const interruption = interruptionOf(standing);
  if (interruption === undefined) return { state: 'granted', ...decided, until, deadlines };
  if (interruption === 'paused') return { state: 'suspended', ...decided, until, deadlines };
  const opened = order.events.findLast(({ kind }) => kind === 'payment.disputed');
  const since = { by: opened?.id ?? 'payment.disputed', at: opened?.at ?? order.createdAt, rule: 'refunded' as const };
  const after = afterEnding(since, endingOf(found, grant.name, 'disputed'), order);
  return { ...decided, ...after, until, deadlines: [...deadlines, ...after.deadlines] };
}

/** What is given once for all seats stays the buyer's, whoever has a seat. */
function correctedBuyer({ buyer, buyerAsTold }: Order): Person | undefined {
  return buyerAsTold && buyerAsTold.email?.toLowerCase() !== buyer.email?.toLowerCase() ? buyer : undefined;
}

/** The end of all reasons together; undefined where one of them has none. */
function untilOf(standing: readonly Reason[]): number | undefined {
  const ends = standing.map(({ until }) => (until === undefined ? Infinity : Date.parse(until)));
  const end = Math.max(...ends);
  return end === Infinity ? undefined : end;
}

/** Why none of the reasons counts for access just now. One that counts is enough. */
function interruptionOf(standing: readonly Reason[]): Reason['suspended'] {
  if (standing.some(({ suspended }) => suspended === undefined)) return undefined;
  return standing.some(({ suspended }) => suspended === 'disputed') ? 'disputed' : 'paused';
}

function afterEnding(
  since: NonNullable<Reason['withdrawn']>,
  { then, afterMs }: Ending,
  order: Order,
): Pick<Wanted, 'state' | 'question' | 'deadlines'> {
  const due = Date.parse(since.at) + afterMs;
  if (afterMs > 0 && then !== 'keep' && latestInstant(order.events) < due) return { state: 'granted', deadlines: [due] };
  return { state: words[then], ...(then === 'task' && { question: since }), deadlines: [] };
}

/** The latest word of staff, unless money came in or staff gave it since. */
function decisionOn(
  events: readonly PaymentEvent[],
  grantId: string,
  standing: readonly Reason[],
): 'revoke' | 'suspend' | 'keep' | undefined {
  const last = events.findLast(({ kind, staff }) => kind === 'grant.decided' && staff?.grantId === grantId);
  return last && standing.every(({ since }) => since <= last.at) ? last.staff?.decision : undefined;
}

function editionOf(events: readonly PaymentEvent[], grantId: string): number {
  return events.filter(({ kind, staff }) => kind === 'grant.reissued' && staff?.grantId === grantId).length;
}
