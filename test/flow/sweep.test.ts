import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import { accepted, defineGateway, type Missed } from '../../src/contract/gateway.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { enrolments, openShop } from './shop.ts';
import { until } from './until.ts';

/** A gateway whose messages are events of ours, with a list of what it has told. */
function ledger() {
  const list: Missed[] = [];
  let isDown = false;
  const asked: Date[] = [];
  const gateway = defineGateway<object>({
    name: 'ledger',
    summary: 'Ledger: a gateway with a list',
    options: { type: 'object', properties: {} },
    verify: ({ body }) => accepted((JSON.parse(Buffer.from(body).toString()) as PaymentEvent).id),
    read: ({ body }) => Promise.resolve({ events: [JSON.parse(Buffer.from(body).toString()) as PaymentEvent] }),
    async *sweep(since) {
      asked.push(since);
      for (const missed of list) {
        await Promise.resolve();
        yield missed;
        if (isDown) throw new Error('The ledger is closed.');
      }
    },
  });
  const sell = (purchase: string): Missed => {
    const amount = { amount: 4900, currency: 'EUR' };
    const event: PaymentEvent = {
      kind: 'payment.completed',
      gateway: 'ledger',
      id: purchase,
      at: new Date().toISOString(),
      purchase,
      payment: purchase,
      mode: 'test',
      amount,
      lines: [{ sku: 'TS-101', title: 'Course', quantity: 1, subtotal: amount, total: amount }],
      buyer: { email: `${purchase}@example.org` },
    };
    return { deliveryId: purchase, body: JSON.stringify(event) };
  };
  return { gateway, list, asked, sell, close: () => (isDown = true) };
}

type Ledger = ReturnType<typeof ledger>;

async function open({ gateway }: Ledger, sweep?: object): Promise<Site> {
  const site = { gateways: { ledger: { ...(sweep && { sweep }) } } };
  return openShop({ site, handover: { gateways: [gateway] } });
}

const tell = (site: Site, { body }: Missed) => site.receives({ body, headers: {} }, 'ledger');
const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

async function sweep(site: Site, since = ago(24)) {
  const gateway = site.app.gateway('ledger');
  if (!gateway) throw new Error('There is no ledger.');
  return site.app.sweep(gateway, since);
}

describe('The comparison with a gateway', () => {
  afterEach(closeSites);

  it('fetches what never arrived, delivers it, and counts both ways', async () => {
    const books = ledger();
    const site = await open(books);
    const [heard, missed, foreign] = ['heard', 'missed', 'only-here'].map((name) => books.sell(name)) as [Missed, Missed, Missed];
    await tell(site, heard);
    await tell(site, foreign);
    books.list.push(heard, missed, missed);
    expect(await sweep(site)).to.deep.equal({ listed: 2, known: 1, fetched: 1, compared: 0, unlisted: ['only-here'] });
    await site.finishesItsSteps();
    expect(enrolments(site)).to.include('missed@example.org: 17');
    expect(await sweep(site)).to.include({ listed: 2, known: 2, fetched: 0 });
    await site.finishesItsSteps();
    expect(enrolments(site)).to.have.length(3);
  });

  it('keeps what it has found when the gateway fails half-way', async () => {
    const books = ledger();
    const site = await open(books);
    books.list.push(books.sell('first'), books.sell('second'));
    books.close();
    const failed = await sweep(site).catch((error: unknown) => String(error));
    expect(failed).to.include('The ledger is closed.');
    site.app.runner.wake();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['first@example.org: 17']);
  });

  it('happens by itself at the start, in one of several processes', async () => {
    const books = ledger();
    books.list.push(books.sell('missed'));
    const site = await open(books, { everyHours: 1, sinceHours: 48 });
    await until('the first comparison', () => Promise.resolve(books.asked.length > 0));
    expect(Math.round((Date.now() - (books.asked[0]?.getTime() ?? 0)) / 3_600_000)).to.equal(48);
    await until('the delivery', async () => {
      await site.finishesItsSteps();
      return enrolments(site).length === 1;
    });
    await site.restart();
    expect(await site.app.store.takeTurn('sweep/ledger', 3_600_000)).to.equal(false);
    await site.finishesItsSteps();
    expect(books.asked).to.have.length(1);
  });

  it('is not asked of a gateway that has no list', async () => {
    const failed = await openShop({ site: { gateways: { offline: { methods: { cash: {} }, sweep: {} } } } }).catch(
      (error: unknown) => String(error),
    );
    expect(failed).to.include('The gateway "offline" has no list to compare with.');
  });
});
