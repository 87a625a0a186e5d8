import type { ActionContext, KeyPools } from '../contract/connector.ts';
import type { Person } from '../contract/event.ts';
import type { Logger } from '../contract/log.ts';
import type { Order, OrderLine } from '../contract/order.ts';
import { createHttpClient } from '../outgoing/axios-http.ts';
import { createTestActivations, createTestShelf, createTestTasks } from './desks.ts';

/** One line an action logged. */
export interface LoggedLine {
  readonly level: keyof Logger;
  readonly fields: object;
  readonly message: string;
}

/** What the attempts of one step share. */
export interface StepRecord {
  memo: Readonly<Record<string, unknown>> | undefined;
  readonly logged: LoggedLine[];
}

export interface TestContext<Options> extends ActionContext<Options> {
  readonly logged: readonly LoggedLine[];
  /** What the attempts so far remembered. */
  readonly remembered: Readonly<Record<string, unknown>> | undefined;
  /** The context of the same step's next attempt: all as before, with what was remembered. */
  again(changes?: Partial<ActionContext<Options>>): TestContext<Options>;
}

/**
 * A context to call an action with: a paid order of one line by Ada Byron, the real HTTP client, a memory, a log to read. What
 * is given replaces its part; an order that is given brings line and learner.
 */
export function testContext<Options>(
  given: Partial<ActionContext<Options>> & { readonly options: Options },
  record: StepRecord = { memo: given.memo, logged: [] },
): TestContext<Options> {
  const now = given.now ?? (() => new Date());
  const since = given.since ?? now();
  const order = given.order ?? testOrder({ at: since, ...(given.line && { lines: [given.line] }) });
  const line = given.line ?? order.lines[0] ?? testLine();
  const unit = given.unit ?? 1;
  const grantId = given.grantId ?? `${order.id}/${line.line}/${unit}/access`;
  return {
    stepKey: `${grantId}/grant/1`,
    learner: order.buyer,
    http: createHttpClient(),
    keys: createKeyPools({}),
    files: createTestShelf(),
    activations: createTestActivations(),
    tasks: createTestTasks(),
    alsoGivenBy: [],
    signal: new AbortController().signal,
    log: createLog(record.logged),
    ...given,
    now,
    since,
    order,
    line,
    unit,
    grantId,
    memo: record.memo,
    async remember(memo) {
      record.memo = structuredClone(memo);
      await given.remember?.(memo);
    },
    logged: record.logged,
    get remembered() {
      return record.memo;
    },
    again: (changes = {}) => testContext({ ...given, since, order, line, ...changes }, record),
  };
}

export interface TestOrder {
  readonly id?: string;
  readonly at?: Date;
  readonly buyer?: Person;
  readonly lines?: readonly OrderLine[];
  readonly metadata?: Readonly<Record<string, string>>;
}

let orders = 0;

/** A paid order with a number of its own. */
export function testOrder({ id, at = new Date(), buyer = ada, lines = [testLine()], metadata = {} }: TestOrder = {}): Order {
  orders += 1;
  const [moment, number] = [at.toISOString(), String(orders).padStart(4, '0')];
  return {
    id: id ?? `TEST-2QXT-${number}`,
    gateway: 'offline',
    purchase: `purchase-${number}`,
    status: 'paid',
    mode: 'test',
    lines,
    buyer,
    holds: [],
    refunds: [],
    payments: [],
    configVersion: 'test',
    createdAt: moment,
    paidAt: moment,
    references: [],
    metadata,
    events: [],
  };
}

export const ada: Person = { email: 'ada@example.org', name: 'Ada Byron', firstName: 'Ada', lastName: 'Byron' };

/** One line of SKU `TS-101`, 49.00 EUR. */
export function testLine(changes: Partial<OrderLine> = {}): OrderLine {
  const price = { amount: 4900, currency: 'EUR' };
  return {
    line: 1,
    state: 'open',
    sku: 'TS-101',
    title: 'TypeScript in a week',
    quantity: 1,
    subtotal: price,
    total: price,
    ...changes,
  };
}

/** Stocks in memory, with the promises of the real ones. */
export function createKeyPools(stocks: Readonly<Record<string, readonly string[]>>): KeyPools {
  const free = new Map(Object.entries(stocks).map(([pool, keys]) => [pool, [...keys]]));
  const held = new Map<string, string>();
  return {
    async take(pool, holder) {
      const name = `${pool}\n${holder}`;
      const key = held.get(name) ?? free.get(pool)?.shift();
      if (key !== undefined) held.set(name, key);
      return key;
    },
    left: async (pool) => free.get(pool)?.length ?? 0,
    revoke: async (pool, holder) => held.has(`${pool}\n${holder}`),
  };
}

function createLog(logged: LoggedLine[]): Logger {
  const at = (level: keyof Logger) => (fields: object, message: string) => void logged.push({ level, fields, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
