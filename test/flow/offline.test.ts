import { expect } from 'chai';
import { HandoverError } from '../../src/contract/errors.ts';
import { parseMoney, type Money } from '../../src/contract/money.ts';
import { createCheckout } from '../../src/wiring/checkout.ts';
import { createOfflineDesk } from '../../src/wiring/offline-desk.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { newestMail, openShop, wordsOf } from './shop.ts';

const transfer = { iban: 'DE02 1203 0000 0000 2020 51', holder: 'Example School Ltd', instructions: 'Please transfer the sum.' };

const open = (options: object = {}): Promise<Site> =>
  openShop({ site: { gateways: { offline: { methods: { transfer, cash: { dueDays: 3 } }, ...options } } } });

const buyer = { email: 'ada@example.org', name: 'Ada Byron' };

/** An order by bank transfer, as the cart page places it. */
async function order(site: Site, sku = 'TS-101'): Promise<{ number: string; url: string }> {
  const { order: placed } = await createCheckout(site.app).start({
    gateway: 'offline',
    items: [{ sku, quantity: 1 }],
    buyer,
    metadata: {},
  });
  await site.finishesItsSteps();
  return placed ?? { number: '', url: '' };
}

const money = (text: string): Money => parseMoney(text) ?? { amount: 0, currency: '' };

function deskOf(site: Site) {
  const desk = createOfflineDesk(site.app);
  const word = { by: 'Ada', because: 'Seen on the account.', at: new Date() };
  return {
    confirm: (number: string, sum: string, reference: string, by = 'Ada') =>
      desk.confirm(number, { amount: money(sum), reference, ...word, by }),
    cancel: (number: string) => desk.cancel(number, word),
    refund: (number: string, reference: string, sum?: string) =>
      desk.refund(number, { reference, ...word, ...(sum !== undefined && { amount: money(sum) }) }),
  };
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof HandoverError ? error.code : String(error)),
  );
}

const holdsOf = ({ holds }: { readonly holds: readonly { readonly code: string }[] }): string[] => holds.map(({ code }) => code);
const enrolled = (site: Site): number => site.lms.books.enrolments.length;

describe('An order by bank transfer', () => {
  afterEach(closeSites);

  it('tells page and mail how to pay, and neither that a bank is waited for', async () => {
    const site = await open();
    const { url } = await order(site);
    const page = wordsOf(await (await site.get(url, { accept: 'text/html' })).text());
    expect(page).to.include('Thank you, your order is placed').and.not.include('your bank');
    expect(page)
      .to.include('Bank transfer')
      .and.include('€49.00')
      .and.include('DE02 1203 0000 0000 2020 51')
      .and.match(/RF\d{2} /);
    const { subject, text } = newestMail(site);
    expect(subject).to.match(/^How to pay for your order /);
    expect(text)
      .to.include('DE02 1203 0000 0000 2020 51')
      .and.include('Please transfer the sum.')
      .and.match(/Reference: RF\d{2} /);
    expect(enrolled(site)).to.equal(0);
  });

  it('is delivered when staff say that the money has come, and once only', async () => {
    const site = await open();
    const { number, url } = await order(site);
    const desk = deskOf(site);
    expect((await desk.confirm(number, '49.00 EUR', 'BANK-1')).kind).to.equal('counts');
    expect((await desk.confirm(number, '49.00 EUR', 'BANK-1')).kind).to.equal('known');
    await site.finishesItsSteps();
    expect(enrolled(site)).to.equal(1);
    const page = wordsOf(await (await site.get(url, { accept: 'text/html' })).text());
    expect(page).to.include('everything is ready').and.not.include('IBAN');
  });

  it('is held while a part is missing, and paid when the parts add up', async () => {
    const site = await open();
    const { number } = await order(site);
    const desk = deskOf(site);
    expect(holdsOf((await desk.confirm(number, '20.00 EUR', 'B1')).order)).to.deep.equal(['PAID_IN_PART']);
    await site.finishesItsSteps();
    expect(enrolled(site)).to.equal(0);
    expect((await desk.confirm(number, '29.00 EUR', 'B2')).order.status).to.equal('paid');
    await site.finishesItsSteps();
    expect(enrolled(site)).to.equal(1);
  });

  it('is paid whichever part was entered first, and by whomever at the same moment', async () => {
    const site = await open();
    const { number } = await order(site);
    const desk = deskOf(site);
    await Promise.all([desk.confirm(number, '29.00 EUR', 'B2', 'Bob'), desk.confirm(number, '20.00 EUR', 'B1')]);
    expect((await site.app.store.findOrder(number))?.order.status).to.equal('paid');
  });

  it('is held when too much came', async () => {
    const site = await open();
    const { number } = await order(site);
    expect(holdsOf((await deskOf(site).confirm(number, '50.00 EUR', 'B1')).order)).to.deep.equal(['PAID_TOO_MUCH']);
  });

  it('takes no other currency, no sum that is none, and one payment with one sum', async () => {
    const site = await open();
    const { number } = await order(site);
    const desk = deskOf(site);
    expect(await codeOf(desk.confirm(number, '49.00 USD', 'B1'))).to.equal('RECEIPT_SUM');
    expect(await codeOf(desk.confirm(number, '0.00 EUR', 'B1'))).to.equal('RECEIPT_SUM');
    await desk.confirm(number, '20.00 EUR', 'B1');
    expect(await codeOf(desk.confirm(number, '29.00 EUR', 'B1'))).to.equal('RECEIPT_CONFLICT');
  });

  it('counts above a sum only when two people have confirmed the same payment, parts included', async () => {
    const site = await open({ confirmAbove: '40.00 EUR' });
    const { number } = await order(site);
    const desk = deskOf(site);
    const first = await desk.confirm(number, '20.00 EUR', 'B1');
    expect([first.kind, first.order.status]).to.deep.equal(['waiting', 'pending']);
    expect((await desk.confirm(number, '20.00 EUR', 'B1', ' ADA ')).kind).to.equal('waiting');
    expect(await codeOf(desk.confirm(number, '19.00 EUR', 'B1', 'Bob'))).to.equal('RECEIPT_CONFLICT');
    expect((await desk.confirm(number, '20.00 EUR', 'B1', 'Bob')).kind).to.equal('counts');
    const both = await Promise.all([desk.confirm(number, '29.00 EUR', 'B2'), desk.confirm(number, '29.00 EUR', 'B2', 'Bob')]);
    expect(both.map(({ kind }) => kind)).to.include('counts');
    expect((await site.app.store.findOrder(number))?.order.status).to.equal('paid');
  });

  it('believes no confirmation that a buyer smuggles in', async () => {
    const site = await open({ confirmAbove: '40.00 EUR' });
    const { order: placed } = await createCheckout(site.app).start({
      gateway: 'offline',
      items: [{ sku: 'TS-101', quantity: 1 }],
      buyer,
      metadata: { confirmed: 'B1', method: 'gold', resume: 'https://evil.example.org' },
    });
    expect((await deskOf(site).confirm(placed?.number ?? '', '49.00 EUR', 'B1')).kind).to.equal('waiting');
  });

  it('ends when it is cancelled, and takes late money all the same', async () => {
    const site = await open();
    const { number } = await order(site);
    const desk = deskOf(site);
    expect((await desk.cancel(number)).order.status).to.equal('expired');
    expect((await desk.cancel(number)).isNew).to.equal(false);
    expect((await desk.confirm(number, '49.00 EUR', 'B1')).order.status).to.equal('paid');
    expect(await codeOf(desk.cancel(number))).to.equal('ORDER_PAID');
  });

  it('reminds the buyer on the due day, and expires some days later', async () => {
    let ms = Date.now();
    const dayMs = 24 * 60 * 60 * 1000;
    const gateways = { offline: { methods: { transfer: { ...transfer, dueDays: 5, graceDays: 2 } } } };
    const site = await openShop({ site: { gateways }, handover: { now: () => new Date(ms) } });
    const { number } = await order(site);
    const passes = async (days: number): Promise<string | undefined> => {
      ms += days * dayMs;
      site.app.runner.wake();
      await site.finishesItsSteps();
      return (await site.app.store.findOrder(number))?.order.status;
    };
    expect(await passes(4)).to.equal('pending');
    expect(site.mailbox.subjectsFor(buyer.email)).to.have.length(1);
    expect(await passes(1.01)).to.equal('pending');
    expect(newestMail(site).subject).to.match(/^Reminder: your order .* is not paid yet$/);
    expect(newestMail(site).text).to.include('DE02 1203 0000 0000 2020 51');
    expect(await passes(2)).to.equal('expired');
    expect((await deskOf(site).confirm(number, '49.00 EUR', 'B1')).order.status).to.equal('paid');
  });

  it('is taken back when the money was sent back, newest payment first', async () => {
    const site = await open();
    const { number } = await order(site);
    const desk = deskOf(site);
    await desk.confirm(number, '20.00 EUR', 'B1');
    await desk.confirm(number, '29.00 EUR', 'B2');
    await site.finishesItsSteps();
    expect(await codeOf(desk.refund(number, 'OUT-0', '99.00 EUR'))).to.equal('REFUND_IMPOSSIBLE');
    const { returned, order: after } = await desk.refund(number, 'OUT-1');
    expect([returned, after.status]).to.deep.equal([money('49.00 EUR'), 'refunded']);
    expect((await desk.refund(number, 'OUT-1')).returned).to.equal(undefined);
    expect(await codeOf(desk.refund(number, 'OUT-2'))).to.equal('REFUND_IMPOSSIBLE');
    await site.finishesItsSteps();
    const record = await site.app.store.findOrder(number);
    expect(record?.grants.map(({ wanted }) => wanted)).to.deep.equal(['revoked']);
  });

  it('believes no callback', async () => {
    const site = await open();
    const body = JSON.stringify({ kind: 'payment.completed' });
    const { status, text } = await site.receives({ body, headers: {} }, 'offline');
    expect([status, text.startsWith('NO_CALLBACKS')]).to.deep.equal([400, true]);
    expect((await site.receives({ body, headers: {} }, 'hand')).status).to.equal(404);
  });
});
