import type { PaymentEvent } from '../../../contract/event.ts';
import type { Callback } from '../../../contract/gateway.ts';
import type { Grant, Order } from '../../../contract/order.ts';
import type { PlannedStep, StepProblem } from '../../../contract/plan.ts';
import type { ClaimedCallback, Decide, Decision, KnownOrder, StepClaim, Store } from '../../../storage/store.ts';

export const minute = 60_000;
export const problem: StepProblem = { code: 'MOODLE_SILENT', message: 'Moodle did not answer.' };

export function callback(changes: Partial<Callback> = {}): Callback {
  return {
    gateway: 'stripe',
    method: 'POST',
    url: '/callbacks/stripe',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"id":"evt_1"}'),
    receivedAt: new Date('2027-01-15T08:00:00Z'),
    ...changes,
  };
}

export function paid(purchase: string, changes: Partial<PaymentEvent> = {}): PaymentEvent {
  return {
    kind: 'payment.completed',
    gateway: 'stripe',
    id: `paid ${purchase}`,
    at: '2027-01-15T08:00:00Z',
    purchase,
    payment: `payment of ${purchase}`,
    mode: 'live',
    amount: { amount: 4900, currency: 'EUR' },
    ...changes,
  };
}

export function orderId(purchase: string): string {
  return `ORDER-${purchase.toUpperCase()}`;
}

export function order(known: Pick<KnownOrder, 'gateway' | 'purchase' | 'events'>, changes: Partial<Order> = {}): Order {
  return {
    id: orderId(known.purchase),
    gateway: known.gateway,
    purchase: known.purchase,
    status: 'paid',
    mode: 'live',
    lines: [],
    buyer: { email: 'Ada@Example.org' },
    holds: [],
    refunds: [],
    payments: [],
    configVersion: 'v1',
    createdAt: '2027-01-15T08:00:00.000Z',
    references: [],
    metadata: {},
    events: known.events,
    ...changes,
  };
}

export function line(sku: string, state: Order['lines'][number]['state']): Order['lines'][number] {
  const price = { amount: 4900, currency: 'EUR' };
  return { line: 1, sku, title: sku, quantity: 1, subtotal: price, total: price, state };
}

export function grant(purchase: string, changes: Partial<Grant> = {}): Grant {
  const id = `${orderId(purchase)}/1/1/course`;
  const reasons: Grant['reasons'] = [{ kind: 'payment', reference: 'pi_1', since: '2027-01-15T08:00:00Z' }];
  return {
    id,
    orderId: orderId(purchase),
    line: 1,
    unit: 1,
    name: 'course',
    action: 'moodle.enrol',
    reasons,
    wanted: 'granted',
    ...changes,
  };
}

export function step(key: string, changes: Partial<PlannedStep> = {}): PlannedStep {
  return {
    key,
    orderId: orderId('a'),
    verb: 'grant',
    line: 1,
    unit: 1,
    action: 'moodle.enrol',
    account: 'moodle',
    input: { course: 'ts-101' },
    after: [],
    configVersion: 'v1',
    ...changes,
  };
}

/** A decision that takes the order in and adds what is given. */
export function decideOn(parts: Partial<Omit<Decision, 'order'>> & { readonly order?: Partial<Order> } = {}): Decide {
  return (known) => ({
    order: order(known, parts.order),
    grants: parts.grants ?? [],
    steps: parts.steps ?? [],
    cancel: parts.cancel ?? [],
    notes: parts.notes ?? [],
  });
}

/** Takes in order "a" with these steps. */
export async function plan(store: Store, ...steps: PlannedStep[]): Promise<void> {
  await store.record(undefined, [paid('a')], decideOn({ steps }));
}

export async function cancel(store: Store, ...keys: string[]): Promise<void> {
  await store.reconsider(orderId('a'), decideOn({ cancel: keys }));
}

export function claimAll(store: Store, worker = 'w1', leaseMs = minute): Promise<StepClaim[]> {
  const room = new Map(['moodle', 'other', 'mail'].map((account) => [account, 1000]));
  return store.claimSteps(worker, room, leaseMs);
}

/** Claims the one step that is due. */
export async function claimOne(store: Store, worker = 'w1', leaseMs = minute): Promise<StepClaim> {
  const claims = await claimAll(store, worker, leaseMs);
  return only(claims, 'claimed steps');
}

/** Claims the one callback that is due. */
export async function claimCallback(store: Store, worker = 'w1', leaseMs = minute): Promise<ClaimedCallback> {
  return only(await store.claimCallbacks(worker, 10, leaseMs), 'claimed callbacks');
}

export function only<T>(list: readonly T[], what: string): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`There are ${list.length} ${what} instead of one.`);
  return first;
}

export async function stateOf(store: Store, key: string): Promise<string | undefined> {
  const record = await store.findOrder(orderId('a'));
  return record?.steps.find((each) => each.key === key)?.state;
}

/** The code of the error a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'no error';
}
