import { expect } from 'chai';
import { orderNumber } from '../../src/orders/order-number.ts';
import { orderNumberIn } from '../../src/cli/find-order.ts';
import { CliShop, product, sale } from './command-line.ts';

describe('handover orders, order and status', () => {
  let shop: CliShop;
  const good = orderNumber('paper', 'good');
  const stuck = orderNumber('paper', 'stuck');
  const held = orderNumber('paper', 'held');
  const unknown = orderNumber('paper', 'unknown');

  before('sell something', async () => {
    shop = await CliShop.make({ 'products/closed.json': product('CLOSED') });
    await shop.takes(
      sale('good', 'TS-101', { references: ['charge_1'] }),
      sale('stuck', 'CLOSED'),
      sale('held', 'TS-101', { buyer: { email: 'bob@example.org', name: 'Bob \u001b[31mRed\u202E' } }, 1000),
      sale('unknown', 'TS-999'),
    );
  });
  after(() => shop.remove());

  it('lists orders newest first, with what needs a person', async () => {
    const { code, out, err } = await shop.run(['orders']);
    expect(code).to.equal(0);
    expect(err).to.equal('');
    const rows = out.trimEnd().split('\n');
    expect(rows[0]).to.match(/^ORDER +CREATED \(UTC\) +STATUS +TOTAL +BUYER +ITEMS +NEEDS A PERSON$/);
    expect(rows.slice(1).map((row) => row.slice(0, 14))).to.deep.equal([unknown, held, stuck, good]);
    expect(rows[1]).to.match(/paid \(test\) +49\.00 EUR +ada@example\.org +TS-999 +no product file for TS-999$/);
    expect(rows[2]).to.match(/held \(test\) +10\.00 EUR +bob@example\.org +TS-101 +AMOUNT_MISMATCH$/);
    expect(rows[3]).to.match(/CLOSED +1 parked$/);
    expect(rows[4]).to.match(/TS-101$/);
  });

  const selections: readonly (readonly [string[], () => string[]])[] = [
    [['--status', 'held'], () => [held]],
    [['--parked'], () => [stuck]],
    [['--waiting'], () => [unknown]],
    [['--find', 'bob@example.org'], () => [held]],
    [['--find', 'charge_1'], () => [good]],
    [['--find', 'ada@example.org', '--parked'], () => [stuck]],
    [['--find', 'nobody@example.org'], () => []],
    [['--limit', '2'], () => [unknown, held]],
  ];
  for (const [args, expected] of selections) {
    it(`finds the right orders by "${args.join(' ')}"`, async () => {
      const { code, json } = await shop.run(['orders', '--json', ...args]);
      expect(code).to.equal(0);
      expect(json<{ id: string }[]>().map(({ id }) => id)).to.deep.equal(expected());
    });
  }

  it('says when there are more orders than it shows', async () => {
    expect((await shop.run(['orders', '--limit', '3'])).err).to.contain('There are more');
    expect((await shop.run(['orders', '--limit', '4'])).err).to.equal('');
  });

  const spellings = (): string[] => [good, good.toLowerCase(), good.replaceAll('-', ''), 'good', 'pay-good', 'charge_1'];
  it('shows one order by its number in any spelling, or by what the gateway calls it', async () => {
    for (const spelling of spellings()) {
      const { code, out } = await shop.run(['order', spelling]);
      expect(code, spelling).to.equal(0);
      expect(out).to.contain(`Order ${good}: paid, a test order`);
    }
  });

  it('tells what was given, why, and how it came about', async () => {
    const { out } = await shop.run(['order', good]);
    expect(out).to.contain('Ada Byron <ada@example.org>');
    expect(out).to.contain('course, line 1, unit 1 (desk.enrol): stands\n    because of payment pay-good, since 2026-03-01 12:');
    expect(out).to.match(
      /^ {2}✓ grant desk\.enrol, line 1, unit 1: done [\d-]+ [\d:]+, 1 attempt\n {4}\S+\/1\/1\/course\/grant\/1$/m,
    );
    expect(out).to.match(/^ {2}2026-03-01 12:\d\d:00 {2}payment\.completed {2}49\.00 EUR {2}slip-good$/m);
    expect(out).to.match(/✓ mail paid: done .*, 1 attempt, nothing was sent: handover\.json names no mail server\.$/m);
    expect(out).to.match(/^History \(times in UTC\)$/m);
    expect(out).to.match(/^ {2}[\d-]+ [\d:]+ +note +The order was taken in as paid, 49\.00 EUR\.$/m);
  });

  it('shows times in the time zone of the machine', async () => {
    const { out } = await shop.run(['order', good], { env: { TZ: 'Asia/Tokyo' } });
    expect(out).to.contain('since 2026-03-01 21:');
    expect(out).to.contain('History (times in Asia/Tokyo)');
  });

  it('says of a parked step why and what to do', async () => {
    const { out } = await shop.run(['order', stuck]);
    expect(out).to.match(/^ {2}✗ grant desk\.enrol, line 1, unit 1: parked, waits for a person, 1 attempt$/m);
    expect(out).to.contain('COURSE_CLOSED  The course closed is closed.');
    expect(out).to.contain(`npx handover retry "${stuck}/1/1/course/grant/1"`);
    expect(out).to.contain(`npx handover done "${stuck}/1/1/course/grant/1" --because "..."`);
  });

  it('says why an order is held and how to accept it', async () => {
    const { out } = await shop.run(['order', held]);
    expect(out).to.match(/AMOUNT_MISMATCH {2}Line 1 \(TS-101\) cost 10\.00 EUR; by its product file it costs 49\.00 EUR\./);
    expect(out).to.contain(`npx handover release ${held} --because "..."`);
  });

  it('lets no name of a buyer steer the terminal', async () => {
    const shown = await shop.run(['order', held]);
    expect(shown.out)
      .to.contain('Bob')
      .and.to.not.match(/[\u001b\u202e]/);
    const raw = await shop.run(['order', held, '--json']);
    expect(raw.out).to.not.match(/[\u001b\u202e]/);
    expect(raw.json<{ order: { buyer: { name: string } } }>().order.buyer.name).to.equal('Bob \u001b[31mRed\u202E');
  });

  it('lists the orders of a buyer who has several', async () => {
    const { code, out } = await shop.run(['order', 'ADA@example.org']);
    expect(code).to.equal(0);
    expect([good, stuck, unknown].every((id) => out.includes(id)) && !out.includes(held)).to.equal(true);
  });

  it('gives an order with grants, steps and history to machines', async () => {
    const { json } = await shop.run(['order', good, '--json']);
    const found = json<{ order: { id: string }; grants: object[]; steps: { key: string; state: string }[]; history: object[] }>();
    expect(found.order.id).to.equal(good);
    expect(found.grants).to.have.length(1);
    expect(found.steps[0]).to.include({ key: `${good}/1/1/course/grant/1`, state: 'done' });
    expect(found.history.length).to.be.greaterThan(1);
  });

  it('fails for an order nobody knows', async () => {
    const { code, out, err } = await shop.run(['order', 'K3M9-2QXT-7BHD']);
    expect(code).to.equal(1);
    expect(out).to.equal('');
    expect(err).to.match(/^ORDER_UNKNOWN {2}No order fits "K3M9-2QXT-7BHD"\./);
  });

  it('counts what is open, parked and held, and says how to find it', async () => {
    const { code, out } = await shop.run(['status']);
    expect(code).to.equal(0);
    expect(out).to.match(/^Callbacks +0 open, 0 parked$/m);
    expect(out).to.match(/^Steps +0 ready, 0 waiting, 0 running, 1 parked$/m);
    expect(out).to.match(/^Orders +1 held, 1 waiting for a product file$/m);
    expect(out).to.match(/^Oldest open +nothing is open$/m);
    expect(out).to.match(/^ {2}pro-keys {2}0 free {2}0 taken {2}0 revoked {2}SOLD OUT$/m);
    expect(out).to.contain('npx handover orders --status held').and.to.contain('npx handover orders --parked');
    const { json } = await shop.run(['status', '--json']);
    expect(json<{ orders: object }>().orders).to.deep.equal({ held: 1, waitingForProduct: 1 });
  });

  it('shows the alarms that stand, and what the owner is mailed about', async () => {
    const before = await shop.run(['status']);
    expect(before.out).to.match(/^The owner is mailed about: work older than 60 min, a wrong clock\.$/m);
    expect(before.out).not.to.contain('Alarms that stand');
    const app = await shop.open();
    await app.store.raiseAlarm('silence/paper', 1000, ({ name }) => ({
      ...{ key: `notice/${name}`, orderId: '', verb: 'notice', action: 'alarm', account: 'mail', input: {}, after: [] },
      configVersion: app.configuration().version,
    }));
    await app.close();
    const { out } = await shop.run(['status']);
    expect(out).to.match(/^Alarms that stand\n {2}silence\/paper {2}nothing is heard from paper {2}since \d+ s$/m);
  });

  it('still shows orders and status while the configuration is wrong', async () => {
    await shop.write('products/broken.json', { sku: 5 });
    const status = await shop.run(['status']);
    const order = await shop.run(['order', good]);
    await shop.write('products/broken.json', product('TS-500'));
    expect(status.code).to.equal(0);
    expect(status.err).to.contain('The configuration cannot be read (CONFIG_INVALID)');
    expect(status.out).to.match(/^Orders +1 held/m);
    expect(order.code).to.equal(0);
    expect(order.err).to.equal('');
  });

  it('reads a number the way people misread it', () => {
    expect(orderNumberIn('k3m92qxt7bhd')).to.equal('K3M9-2QXT-7BHD');
    expect(orderNumberIn(' K3M9 2QXT 7BHD ')).to.equal('K3M9-2QXT-7BHD');
    expect(orderNumberIn('OI3L-2QXT-7BHD')).to.equal('0131-2QXT-7BHD');
    expect(orderNumberIn('K3M9-2QXT-7BH')).to.equal(undefined);
    expect(orderNumberIn('U3M9-2QXT-7BHD')).to.equal(undefined);
  });
});
