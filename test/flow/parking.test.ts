import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  buyer,
  enrolments,
  newestMail,
  openShop,
  owner,
  pageJson,
  pageWords,
  recordOf,
  sell,
  takes,
  timesEnrolled,
} from './shop.ts';
import type { Sale, SaleTerms, ShopOptions } from './shop.ts';
import { until } from './until.ts';

const newCourse = {
  sku: 'TS-900',
  title: 'The new course',
  price: '10.00 EUR',
  grants: { course: { action: 'axis-lms.enrol', with: { course: '900', days: 30 } } },
};

function sellNew(site: Site): Sale {
  site.lms.addCourse({ id: '900', name: 'The new course' });
  return site.stripe.sale({
    lines: [
      { sku: 'TS-101', unitAmount: 4900 },
      { sku: 'TS-900', unitAmount: 1000, title: 'Course 900' },
    ],
  });
}

describe('A paid SKU without a product file', () => {
  afterEach(closeSites);

  it('waits, while the rest of the purchase is delivered and the owner is told what to do', async () => {
    const site = await openShop();
    const sale = sellNew(site);
    await takes(site, sale.completed());

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    const page = await pageJson(site, sale);
    expect(page.outcome).to.equal('partly');
    expect(page.items.map(({ state }) => state)).to.deep.equal(['ready', 'parked']);
    expect(await pageWords(site, sale))
      .to.contain('Course 900')
      .and.contain('your payment has arrived');
    expect(newestMail(site).subject).to.contain('paid, and almost complete');
    expect(newestMail(site).text).to.contain('Sign in:').and.contain('Course 900: being prepared');
    const notice = site.mailbox.messagesFor(owner).find(({ parsed }) => parsed.subject?.includes('no product file'));
    expect(notice?.parsed.subject).to.equal('[Test] Needs you: no product file for SKU TS-900');
    expect(notice?.parsed.text).to.contain('"sku": "TS-900"');
    expect((await site.app.store.status()).orders.waitingForProduct).to.equal(1);
  });

  it('is delivered by itself when its file appears and the files are taken up', async () => {
    const site = await openShop();
    const sale = sellNew(site);
    await takes(site, sale.completed());
    await site.writes('products/TS-900.json', newCourse);
    await site.app.reload();
    await site.finishesItsSteps();

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'ada@example.org: 900']);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(timesEnrolled(site)).to.equal(2);
    const mail = newestMail(site);
    expect(mail.text).to.contain('The new course');
    expect((await site.app.store.status()).orders.waitingForProduct).to.equal(0);
  });

  it('is delivered within a moment of its file being saved, while the site runs', async () => {
    const site = await openShop({ handover: { watch: true } });
    const sale = sellNew(site);
    await takes(site, sale.completed());
    await writeFile(join(site.folder, 'products', 'anything.json'), JSON.stringify(newCourse));

    await until('the seat in the new course', () => enrolments(site).includes('ada@example.org: 900'));
    await until('the mail about it', () => newestMail(site).text.includes('The new course'));
  });

  it('is delivered after a restart with the file in place', async () => {
    const site = await openShop();
    const sale = sellNew(site);
    await takes(site, sale.completed());
    await site.writes('products/TS-900.json', newCourse);
    await site.restart();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'ada@example.org: 900']);
  });

  it('keeps nobody else from being served when the files of its order can no longer be read', async () => {
    const site = await openShop();
    const [broken, whole] = [sellNew(site), site.stripe.sale({ lines: [{ sku: 'TS-900', unitAmount: 1000 }] })];
    await takes(site, broken.completed());
    const database = new DatabaseSync(join(site.folder, 'handover.db'));
    database.prepare("UPDATE configurations SET text = '{'").run();
    database.close();
    await site.writes('products/TS-102.json', { sku: 'TS-102', title: 'Changed', price: '59.00 EUR', grants: {} });
    await site.restart();
    await takes(site, whole.completed());

    await site.writes('products/TS-900.json', newCourse);
    await site.restart();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'ada@example.org: 900']);
    expect(site.log.some(({ level, message }) => level === 'error' && message.includes('could not be released'))).to.equal(true);
  });

  it('is not delivered when the money went back before its file came', async () => {
    const site = await openShop();
    const sale = sellNew(site);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    await site.writes('products/TS-900.json', newCourse);
    await site.app.reload();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal([]);
    expect(timesEnrolled(site)).to.equal(1);
  });

  it('holds nobody else up when another system on the same account delivers it', async () => {
    const site = await openShop({ gateway: { ignoreSkus: ['MUG-*'] } });
    const mugs = site.stripe.sale({ lines: [{ sku: 'MUG-1', unitAmount: 900 }] });
    const both = site.stripe.sale({
      lines: [
        { sku: 'MUG-2', unitAmount: 900 },
        { sku: 'TS-101', unitAmount: 4900 },
      ],
    });
    await takes(site, mugs.completed());
    expect(site.mailbox.messages).to.have.length(0);
    await takes(site, both.completed());
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(newestMail(site).text).not.to.contain('MUG-2');
  });

  it('with a name that means something to JavaScript is a SKU like any other', async () => {
    const site = await openShop();
    const lines = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((sku) => ({ sku, unitAmount: 100 }));
    const metadata = { ['__proto__']: 'polluted', constructor: 'x' };
    const sale = site.stripe.sale({ lines, metadata });
    await takes(site, sale.completed());
    expect((await pageJson(site, sale)).items.map(({ sku, state }) => `${sku} ${state}`)).to.deep.equal([
      '__proto__ parked',
      'constructor parked',
      'toString parked',
      'hasOwnProperty parked',
    ]);
    expect(Object.keys({}).concat(Object.getOwnPropertyNames(Object.prototype))).not.to.include('polluted');
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});

interface Mismatch {
  readonly what: string;
  readonly code: string;
  readonly terms?: Partial<SaleTerms>;
  readonly options?: ShopOptions;
}

const mismatches: readonly Mismatch[] = [
  { what: 'a lower price', code: 'AMOUNT_MISMATCH', terms: { lines: [{ sku: 'TS-101', unitAmount: 100 }] } },
  { what: 'a higher price', code: 'AMOUNT_MISMATCH', terms: { lines: [{ sku: 'TS-101', unitAmount: 490_000 }] } },
  { what: 'another currency', code: 'CURRENCY_MISMATCH', terms: { currency: 'huf' } },
  {
    what: 'a discount nobody agreed to',
    code: 'DISCOUNT_NOT_ACCEPTED',
    terms: { lines: [{ sku: 'TS-101', unitAmount: 4900, discount: 4899 }] },
  },
  { what: 'nothing to pay', code: 'AMOUNT_MISMATCH', terms: { lines: [{ sku: 'TS-101', unitAmount: 0 }] } },
  { what: 'live money on a test site', code: 'MODE_MISMATCH', options: { stripe: { apiKey: 'sk_live_double' } } },
  { what: 'the money of another account', code: 'RECEIVER_MISMATCH', options: { gateway: { receiver: 'acct_ours' } } },
  { what: 'no address to give access to', code: 'BUYER_UNKNOWN', terms: { buyer: { name: 'Ada Example' } } },
  {
    what: 'an address that could be read as two',
    code: 'BUYER_EMAIL_INVALID',
    terms: { buyer: { email: 'ada@example.org,eve@example.org' } },
  },
];

describe('A payment that does not add up', () => {
  afterEach(closeSites);

  for (const { what, code, terms, options } of mismatches) {
    it(`is held with a reason when it brings ${what}`, async () => {
      const site = await openShop(options);
      const sale = sell(site, ['TS-101'], terms);
      await takes(site, sale.completed());

      const { order } = await recordOf(site, sale);
      expect([order.status, ...order.holds.map((hold) => hold.code)]).to.include.members(['held', code]);
      expect(timesEnrolled(site)).to.equal(0);
      expect(site.lms.books.users).to.have.length(0);
      const notice = site.mailbox.messagesFor(owner).find(({ parsed }) => parsed.subject?.endsWith(`order ${order.id} is held`));
      expect(notice?.parsed.text).to.contain(code).and.contain('handover release');
    });
  }

  it('is explained to the buyer on the page and by mail, without a word of suspicion', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { lines: [{ sku: 'TS-101', unitAmount: 100 }] });
    await takes(site, sale.completed());
    expect(await pageWords(site, sale))
      .to.contain('We are checking your order')
      .and.not.contain('AMOUNT_MISMATCH');
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(newestMail(site).subject).to.match(/^We are checking your order/);
  });

  it('is delivered once staff have released it, however often they do', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { lines: [{ sku: 'TS-101', unitAmount: 100 }] });
    await takes(site, sale.completed());
    const { order } = await recordOf(site, sale);
    const release = {
      kind: 'order.released' as const,
      gateway: order.gateway,
      id: `${order.id}:released`,
      at: new Date().toISOString(),
      purchase: order.purchase,
      payment: order.purchase,
      mode: order.mode,
      staff: { by: 'ada', because: 'Agreed by phone.', codes: order.holds.map(({ code }) => code) },
    };
    await site.app.reconsider(order.id, [release]);
    await site.app.reconsider(order.id, [release]);
    await site.finishesItsSteps();

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(site.mailbox.subjectsFor(buyer).map((subject) => subject.replace(order.id, '…'))).to.deep.equal([
      'We are checking your order …',
      'Your order … is ready',
    ]);
    const notes = (await site.app.store.history(order.id)).map(({ text }) => text).join('\n');
    expect(notes).to.contain('The order went from held to paid.');
  });

  it('stays held for what was not released', async () => {
    const site = await openShop({ stripe: { apiKey: 'sk_live_double' } });
    const sale = sell(site, ['TS-101'], { lines: [{ sku: 'TS-101', unitAmount: 100 }] });
    await takes(site, sale.completed());
    const { order } = await recordOf(site, sale);
    const { gateway, purchase, mode } = order;
    const event = {
      kind: 'order.released' as const,
      gateway,
      id: 'r1',
      at: new Date().toISOString(),
      purchase,
      payment: purchase,
      mode,
      staff: { by: 'ada', because: 'Agreed by phone.', codes: ['AMOUNT_MISMATCH'] },
    };
    await site.app.reconsider(order.id, [event]);
    await site.finishesItsSteps();
    expect((await recordOf(site, sale)).order.holds.map(({ code }) => code)).to.deep.equal(['MODE_MISMATCH']);
    expect(timesEnrolled(site)).to.equal(0);
  });

  it('that was refunded while it was held is over, and was never granted', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { lines: [{ sku: 'TS-101', unitAmount: 3900 }] });
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    expect((await recordOf(site, sale)).order.status).to.equal('refunded');
    expect(timesEnrolled(site)).to.equal(0);
  });

  it('is parked as a callback, and told to the owner, when Stripe does not know what it is about', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { livemode: true });
    await takes(site, sale.completed());
    const [parked] = await site.app.store.parkedCallbacks(10);
    expect(parked?.problem.code).to.equal('STRIPE_OBJECT_UNKNOWN');
    expect(site.mailbox.subjectsFor(owner)).to.deep.equal(['[Test] Needs you: a callback from stripe could not be read']);
  });
});
