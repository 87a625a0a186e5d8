import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referencesIn } from '../../src/gateways/index.ts';
import { createCheckout } from '../../src/wiring/checkout.ts';
import { CliShop, product, site, type Result } from './command-line.ts';

interface Told {
  readonly order: string;
  readonly status: string;
  readonly result: string;
  readonly holds: readonly { code: string }[];
}

describe('Money by hand', () => {
  let shop: CliShop;

  async function makeShop(options: object = {}): Promise<void> {
    const gateways = { offline: { methods: { transfer: {} }, ...options } };
    shop = await CliShop.make({
      'handover.json': site({ gateways }),
      'products/TS-102.json': product('TS-102', { price: ['2000.00 EUR', '2100.00 USD'] }),
    });
  }

  beforeEach(() => makeShop());
  afterEach(() => shop.remove());

  /** An order by bank transfer, as the cart page places it. */
  async function ordered(sku = 'TS-101', name = 'Ada Byron'): Promise<{ number: string; reference: string }> {
    const app = await shop.open();
    const buyer = { email: 'ada@example.org', name };
    const { order, started } = await createCheckout(app).start({
      gateway: 'offline',
      items: [{ sku, quantity: 1 }],
      buyer,
      metadata: {},
    });
    await app.runner.idle();
    await app.close();
    return { number: order?.number ?? '', reference: started.purchase };
  }

  const confirm = (order: string, amount: string, ...more: string[]): Promise<Result> =>
    shop.run(['confirm', order, '--amount', amount, '--json', ...more]);

  async function worksOff(): Promise<void> {
    const app = await shop.open();
    await app.runner.idle();
    await app.close();
  }

  async function grantsOf(order: string): Promise<string[]> {
    const { json } = await shop.run(['order', order, '--json']);
    return json<{ grants: { wanted: string }[] }>().grants.map(({ wanted }) => wanted);
  }

  it('is delivered when staff say that it has come, and once only', async () => {
    const { number, reference } = await ordered();
    const first = await confirm(reference.toLowerCase(), '49.00 EUR', '--reference', 'BANK-1', '--by', 'Ada');
    expect([first.code, first.json<Told>().status, first.json<Told>().result]).to.deep.equal([0, 'paid', 'counts']);
    const again = await confirm(number, '49.00 EUR', '--reference', 'BANK-1');
    expect(again.json<Told>().result).to.equal('known');
    await worksOff();
    expect(await grantsOf(number)).to.deep.equal(['granted']);
    const other = await confirm(number, '48.00 EUR', '--reference', 'BANK-1');
    expect([other.code, other.err]).to.satisfy(([code, err]: [number, string]) => code === 1 && err.includes('RECEIPT_CONFLICT'));
  });

  it('holds a part and pays the order when the parts add up', async () => {
    const { number } = await ordered();
    const part = await confirm(number, '20.00 EUR', '--reference', 'BANK-1');
    expect([part.code, part.json<Told>().holds.map(({ code }) => code)]).to.deep.equal([1, ['PAID_IN_PART']]);
    expect((await confirm(number, '29.00 EUR', '--reference', 'BANK-2')).json<Told>().status).to.equal('paid');
  });

  it('refuses another currency and a sum that is none', async () => {
    const { number } = await ordered();
    expect((await confirm(number, '49.00 USD')).err).to.include('RECEIPT_SUM');
    expect((await confirm(number, 'much')).code).to.equal(2);
    expect((await shop.run(['confirm', number])).code).to.equal(2);
  });

  it('counts above a sum only when two people have confirmed the same payment', async () => {
    await shop.remove();
    await makeShop({ confirmAbove: '1000.00 EUR' });
    const { number } = await ordered('TS-102');
    const one = await confirm(number, '2000.00 EUR', '--reference', 'B1', '--by', 'Ada');
    expect([one.json<Told>().result, one.json<Told>().status]).to.deep.equal(['waiting', 'pending']);
    expect((await confirm(number, '2000.00 EUR', '--reference', 'B1', '--by', ' ADA ')).json<Told>().result).to.equal('waiting');
    expect((await confirm(number, '1999.00 EUR', '--reference', 'B1', '--by', 'Bob')).err).to.include('RECEIPT_CONFLICT');
    const two = await confirm(number, '2000.00 EUR', '--reference', 'B1', '--by', 'Bob');
    expect([two.json<Told>().result, two.json<Told>().status]).to.deep.equal(['counts', 'paid']);
  });

  it('ends an order that is not paid, and takes late money when staff confirm it', async () => {
    const { number } = await ordered();
    const ended = await shop.run(['cancel', number, '--because', 'The buyer called', '--json']);
    expect(ended.json<Told>().status).to.equal('expired');
    expect((await shop.run(['cancel', number, '--because', 'again'])).out).to.include('was cancelled before');
    expect((await confirm(number, '49.00 EUR')).json<Told>().status).to.equal('paid');
    expect((await shop.run(['cancel', number, '--because', 'no'])).err).to.include('ORDER_PAID');
  });

  it('is only for orders whose money staff confirm', async () => {
    await worksOff();
    const given = await shop.run(['give', 'TS-101', '--to', 'ada@example.org', '--because', 'Press', '--json']);
    expect((await confirm(given.json<Told>().order, '49.00 EUR')).err).to.include('ORDER_NOT_OFFLINE');
  });

  it('gives a product away, once for one reason', async () => {
    await worksOff();
    const first = await shop.run(['give', 'TS-101', '--to', 'ada@example.org', '--name', 'Ada', '--because', 'Press', '--json']);
    expect(first.json<Told>().status).to.equal('paid');
    await worksOff();
    expect(await grantsOf(first.json<Told>().order)).to.deep.equal(['granted']);
    const again = await shop.run(['give', 'TS-101', '--to', 'ADA@example.org', '--because', 'press', '--json']);
    expect(again.json<{ order: string; changed: boolean }>()).to.include({ order: first.json<Told>().order, changed: false });
    expect((await shop.run(['give', 'TS-111', '--to', 'ada@example.org', '--because', 'x'])).err).to.include('Did you mean');
  });

  describe('on a bank statement', () => {
    async function statement(lines: readonly string[], ...options: string[]): Promise<Result> {
      const file = join(shop.folder, 'statement.csv');
      const heading = 'Buchungstag;Auftraggeber;Verwendungszweck;Betrag;Währung';
      await writeFile(file, Buffer.from(['Konto;123', heading, ...lines].join('\r\n'), 'latin1'));
      return shop.run(['statement', file, ...options]);
    }
    const spaced = (reference: string): string => reference.replace(/(.{3})/g, '$1 ').toLowerCase();

    it('is found by reference and sum, and confirmed when asked for; twice changes nothing', async () => {
      const [a, b] = [await ordered(), await ordered()];
      const lines = [
        `15.01.2027;Jürgen Grün;Rechnung ${spaced(a.reference)} danke;49,00;EUR`,
        `15.01.2027;Bob;${b.reference};20,00;EUR`,
        '16.01.2027;Bank;Entgelt;-5,00;EUR',
        '16.01.2027;Eve;no reference;1.049,00;EUR',
        '17.01.2027;Ada Byron;my course;49,00;EUR',
      ];
      const looked = (await statement(lines, '--json')).json<{ skipped: number; entries: { match: string; name: string }[] }>();
      expect(looked.entries.map(({ match }) => match)).to.deep.equal(['exact', 'part', 'none', 'none']);
      expect([looked.skipped, looked.entries[0]?.name]).to.deep.equal([1, 'Jürgen Grün']);
      const shown = await statement(lines);
      expect(shown.out).to.include(`npx handover confirm ${a.number} --amount "49.00 EUR" --reference "csv-`);
      const done = await statement(lines, '--yes', '--by', 'Ada');
      expect(done.out).to.include('confirmed');
      expect((await shop.run(['order', a.number])).out).to.include(`Order ${a.number}: paid`);
      expect((await shop.run(['order', b.number])).out).to.include(`Order ${b.number}: pending`);
      const again = (await statement(lines, '--yes', '--json')).json<{ entries: { match: string; confirmed: unknown }[] }>();
      expect(again.entries[0]).to.include({ match: 'known', confirmed: null });
    });

    it('guesses by name and sum where one order alone fits, and leaves it to a person', async () => {
      const { number } = await ordered();
      const { entries } = (await statement(['17.01.2027;BYRON, ADA;course;49,00;EUR'], '--yes', '--json')).json<{
        entries: { match: string; order: string; confirmed: unknown }[];
      }>();
      expect(entries[0]).to.include({ match: 'guess', order: number, confirmed: null });
    });

    it('takes two payments of one order as one that fits and one too many', async () => {
      const { reference } = await ordered();
      const line = `15.01.2027;Ada;${reference};49,00;EUR`;
      const { entries } = (await statement([line, line], '--json')).json<{ entries: { match: string }[] }>();
      expect(entries.map(({ match }) => match)).to.deep.equal(['exact', 'paid']);
    });

    it('refuses a file it does not understand, whole', async () => {
      await worksOff();
      expect((await statement(['15.01.2027;Ada;x;a lot;EUR'])).err).to.include('STATEMENT_AMOUNT');
      await writeFile(join(shop.folder, 'x.csv'), 'a;b\n1;2');
      expect((await shop.run(['statement', join(shop.folder, 'x.csv')])).err).to.include('STATEMENT_COLUMNS');
      expect((await shop.run(['statement', join(shop.folder, 'none.csv')])).err).to.include('FILE_UNREADABLE');
    });
  });

  it('has a reference that a bank can check', async () => {
    const { reference } = await ordered();
    expect(reference).to.match(/^RF\d{2}[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(referencesIn(`pay ${reference.slice(0, 7)} ${reference.slice(7)}`)).to.deep.equal([reference]);
    const swapped = `${reference.slice(0, -2)}${reference.at(-1) ?? ''}${reference.at(-2) ?? ''}`;
    expect(referencesIn(swapped)).to.deep.equal(swapped === reference ? [reference] : []);
  });
});
