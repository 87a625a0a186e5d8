import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { PaymentEvent } from '../../src/contract/index.ts';
import { movementsOf } from '../../src/cli/movements.ts';
import { orderNumber } from '../../src/orders/order-number.ts';
import { CliShop, sale, site } from './command-line.ts';

type Row = Record<string, string>;

const eur = (amount: number) => ({ amount, currency: 'EUR' });

function later(paid: PaymentEvent, kind: PaymentEvent['kind'], at: string, changes: Partial<PaymentEvent>): PaymentEvent {
  const { gateway, purchase, payment, mode } = paid;
  return { kind, gateway, purchase, payment, mode, at, id: `${kind} ${changes.reversal ?? ''}${at}`, ...changes };
}

describe('handover export', () => {
  let shop: CliShop;

  before('sell something', async () => {
    shop = await CliShop.make({ 'handover.json': site({ site: { name: 'Example School', timeZone: 'Europe/Vienna' } }) });
    const first = sale('first', 'TS-101', {
      at: '2026-01-31T23:30:00.000Z',
      fee: eur(172),
      buyer: { email: 'ada@example.org', country: 'AT' },
    });
    const second = sale('=HYPERLINK("http://evil.example.com")', 'TS-101', {
      at: '2026-02-10T12:00:00.000Z',
      payment: '@SUM(1+1)',
    });
    await shop.takes(
      first,
      later(first, 'payment.refunded', '2026-03-01T08:00:00.000Z', { reversal: 're_1', amount: eur(1000) }),
      later(first, 'payment.refunded', '2026-03-02T08:00:00.000Z', { reversal: '-re_2', amount: eur(500) }),
      second,
      sale('live', 'TS-101', { mode: 'live' }),
    );
  });
  after(() => shop.remove());

  const rowsOf = async (...args: string[]): Promise<Row[]> => {
    const { code, out } = await shop.run(['export', ...args]);
    expect(code).to.equal(0);
    return parse(out, { columns: true });
  };

  it('prints each movement once, in a stable order, with what went out as less than nothing', async () => {
    const rows = await rowsOf();
    expect(rows.map(({ date, kind, amount, currency }) => [date, kind, amount, currency])).to.deep.equal([
      ['2026-02-01', 'payment', '49.00', 'EUR'],
      ['2026-02-01', 'fee', '-1.72', 'EUR'],
      ['2026-03-01', 'refund', '-10.00', 'EUR'],
      ['2026-03-02', 'refund', '-5.00', 'EUR'],
      ['2026-02-10', 'payment', '49.00', 'EUR'],
    ]);
    expect(rows[0]).to.include({ order: orderNumber('paper', 'first'), country: 'AT', items: 'TS-101', mode: 'test' });
    expect(await rowsOf()).to.deep.equal(rows);
  });

  it('counts days in the time zone of the site', async () => {
    expect((await rowsOf('--from', '2026-02-01', '--to', '2026-02-01')).map(({ kind }) => kind)).to.deep.equal([
      'payment',
      'fee',
    ]);
    expect(await rowsOf('--to', '2026-01-31')).to.deep.equal([]);
    expect((await rowsOf('--from', '2026-03-01')).map(({ kind }) => kind)).to.deep.equal(['refund', 'refund']);
  });

  it('lets no text become a formula', async () => {
    const { out } = await shop.run(['export']);
    expect(out).to.include(",'@SUM(1+1),").and.to.include(",'-re_2,");
    expect(out.split(/[,\n]/).filter((cell) => /^[=+@\t\r]/.test(cell))).to.deep.equal([]);
  });

  it('prints objects for programs, says what it left out, and refuses a day that is none', async () => {
    const { out, err } = await shop.run(['export', '--format', 'jsonl']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    expect(lines).to.have.length(5);
    expect(lines[1]).to.deep.include({ kind: 'fee', amount: eur(-172) });
    expect(err).to.include('1 order of the other mode left out');
    expect((await shop.run(['export', '--from', '2026-02-30'])).code).to.equal(2);
  });
});

describe('the movements of an order', () => {
  const paid = sale('x', 'TS-101');
  const amounts = (...events: PaymentEvent[]) => movementsOf({ events }).map(({ kind, amount }) => `${kind} ${amount.amount}`);

  it('are told step by step where a gateway tells running totals, and do not count a refund twice', () => {
    const total = (at: string, cents: number) => later(paid, 'payment.refunded', at, { cumulative: true, amount: eur(cents) });
    const single = later(paid, 'payment.refunded', '2026-03-02T00:00:00Z', { reversal: 're_1', amount: eur(1000) });
    const events = [paid, total('2026-03-02T00:00:01Z', 1000), total('2026-03-03T00:00:00Z', 1500)];
    expect(amounts(...events)).to.deep.equal(['payment 4900', 'refund -1000', 'refund -500']);
    expect(amounts(...events, single)).to.deep.equal(['payment 4900', 'refund -1000', 'refund -500']);
    expect(amounts(...events, single)).to.deep.equal(amounts(...[...events, single].reverse()));
  });

  it('leave out refunds that came back and disputes that were won', () => {
    const refund = later(paid, 'payment.refunded', '2026-03-02T00:00:00Z', { reversal: 're_1', amount: eur(1000) });
    const failed = later(paid, 'payment.refundFailed', '2026-03-03T00:00:00Z', { reversal: 're_1' });
    const opened = later(paid, 'payment.disputed', '2026-03-04T00:00:00Z', { reversal: 'dp_1', amount: eur(4900) });
    const won = later(paid, 'payment.disputeWon', '2026-03-05T00:00:00Z', { reversal: 'dp_1' });
    const lost = later(paid, 'payment.disputeLost', '2026-03-06T00:00:00Z', { reversal: 'dp_1' });
    expect(amounts(paid, refund, failed, opened, won)).to.deep.equal(['payment 4900']);
    expect(amounts(paid, opened, lost)).to.deep.equal(['payment 4900', 'chargeback -4900']);
  });
});
