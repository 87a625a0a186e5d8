import assert from 'node:assert/strict';
import type { PaymentEvent } from '../../../contract/event.ts';
import type { Money } from '../../../contract/money.ts';
import { openBench } from './bench.ts';
import type { GatewayUnderTest } from './terms.ts';

type It = (name: string, body: () => Promise<void>) => void;

/** What is read is complete, and the same however often and in whatever company it arrives. */
export function factTests<Options>(it: It, test: GatewayUnderTest<Options>): void {
  it('gives a repeated callback the same delivery id, one after another and all at once', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const first = await bench.verify(sent);
    assert.deepEqual(await bench.verify(sent), first);
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => bench.verify(sent)));
    for (const verdict of verdicts) assert.deepEqual(verdict, first);
  });

  it('reads the same facts each time, one after another and all at once', async () => {
    const bench = openBench(test);
    const sent = await test.genuine();
    const first = await bench.read(sent);
    assert.deepEqual(await bench.read(sent), first);
    const readings = await Promise.all(Array.from({ length: 5 }, () => bench.read(sent)));
    for (const events of readings) assert.deepEqual(events, first);
  });

  it('reads a completed payment: who, what, how much, under which names', async () => {
    const events = await openBench(test).read(await test.genuine());
    for (const event of events) assertWhole(event, test.name ?? test.gateway.name);
    const paid = events.find(({ kind }) => kind === 'payment.completed');
    assert.ok(paid, `among ${events.map(({ kind }) => kind).join(', ')}`);
    assert.ok(paid.amount, 'how much was paid');
    assert.ok((paid.lines ?? []).length > 0, 'what was bought');
    assert.ok(paid.buyer?.email, 'who bought it');
    assertSum(paid, paid.amount);
    for (const [key, value] of Object.entries(test.expected ?? {}))
      assert.deepEqual(plain(paid[key as keyof PaymentEvent]), plain(value), key);
  });

  it('gives facts that survive being stored', async () => {
    const events = await openBench(test).read(await test.genuine());
    assert.deepEqual(plain(JSON.parse(JSON.stringify(events))), plain(events));
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length, 'each fact has an id of its own');
  });

  if (test.again) {
    const { again } = test;
    it('knows a payment again that it is told of a second time, in another delivery', async () => {
      const bench = openBench(test);
      const [one, other] = [await test.genuine(), await again()];
      const [first, second] = [await bench.verify(one), await bench.verify(other)];
      assert.notDeepEqual(second, first, 'another delivery');
      const names = (events: readonly PaymentEvent[]) => events.map(({ id, purchase, payment }) => ({ id, purchase, payment }));
      assert.deepEqual(names(await bench.read(other)), names(await bench.read(one)));
    });
  }
}

function assertWhole(event: PaymentEvent, gateway: string): void {
  assert.equal(event.gateway, gateway);
  assert.match(event.kind, /^(payment|subscription)\.[a-zA-Z]+$/);
  for (const name of ['id', 'purchase', 'payment'] as const) assert.match(event[name], /^\S(.{0,253}\S)?$/, name);
  assert.equal(new Date(event.at).toISOString().slice(0, 19), event.at.slice(0, 19), 'the time is ISO 8601 in UTC');
  assert.ok(['live', 'test'].includes(event.mode), event.mode);
  const sums = [
    event.amount,
    event.shipping,
    ...(event.lines ?? []).flatMap(({ subtotal, discount, tax, total }) => [subtotal, discount, tax, total]),
  ];
  for (const money of sums) {
    if (money === undefined) continue;
    assert.ok(Number.isSafeInteger(money.amount) && money.amount >= 0, `${money.amount} is no sum in minor units`);
    assert.match(money.currency, /^[A-Z]{3}$/);
  }
  for (const { quantity, title } of event.lines ?? []) {
    assert.ok(Number.isSafeInteger(quantity) && quantity > 0, `quantity ${quantity}`);
    assert.ok(title !== '', 'a line has a title');
  }
}

function assertSum({ lines = [], shipping }: PaymentEvent, amount: Money): void {
  const parts = [...lines.map(({ total }) => total), ...(shipping ? [shipping] : [])];
  assert.ok(
    parts.every(({ currency }) => currency === amount.currency),
    'all in one currency',
  );
  assert.equal(
    parts.reduce((sum, part) => sum + part.amount, 0),
    amount.amount,
    'the items add up to what was paid',
  );
}

/** Records without prototype count as equal to others. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
