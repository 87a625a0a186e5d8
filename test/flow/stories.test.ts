import { expect } from 'chai';
import { closeSites } from '../support/open-site.ts';
import {
  buyer,
  enrolments,
  keysOf,
  newestMail,
  openShop,
  owner,
  pageJson,
  pageWords,
  recordOf,
  sell,
  takes,
  timesEnrolled,
  wordsOf,
  pageAddress,
  returnAddress,
} from './shop.ts';
import { until } from './until.ts';

describe('A payment that goes well', () => {
  afterEach(closeSites);

  it('gives the buyer of one course the seat, a page and a mail, and tells the owner', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(await pageWords(site, sale)).to.contain('Thank you, everything is ready');
    const { id } = (await recordOf(site, sale)).order;
    expect(site.mailbox.subjectsFor(buyer)).to.deep.equal([`Your order ${id} is ready`]);
    expect(site.mailbox.subjectsFor(owner)).to.deep.equal(['[Test] Sold: TypeScript in a week for €49.00']);
  });

  it('gives two courses of one purchase together, and says so in one mail', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TS-102']);
    await takes(site, sale.completed());

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'ada@example.org: 18']);
    expect(site.lms.books.users).to.have.length(1);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
    expect(newestMail(site).text).to.contain('TypeScript in a week').and.contain('Types in depth').and.contain('€108.00');
  });

  it('gives a course, a key and a bundle of both from one purchase, all on one page and in one mail', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7', 'KIT']);
    await takes(site, sale.completed());

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'ada@example.org: 20']);
    const page = await pageJson(site, sale);
    expect(page.outcome).to.equal('paid');
    expect(page.items.map(({ sku, state }) => `${sku} ${state}`)).to.deep.equal(['TS-101 ready', 'TP-7 ready', 'KIT ready']);
    const keys = await keysOf(site, sale);
    expect(new Set(keys)).to.have.length(2);
    const words = await pageWords(site, sale);
    for (const key of keys) {
      expect(words).to.contain(key);
      expect(newestMail(site).text).to.contain(key);
    }
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(site.mailbox.subjectsFor(owner)).to.have.length(1);
  });

  it('gives three keys for a quantity of three', async () => {
    const site = await openShop();
    const sale = sell(site, [['TP-7', 3]]);
    await takes(site, sale.completed());

    const keys = await keysOf(site, sale);
    expect(keys).to.have.length(3);
    expect(new Set(keys)).to.have.length(3);
    expect(newestMail(site).text).to.satisfy((text: string) => keys.every((key) => text.includes(key)));
  });

  it('counts a payment once when its callback is repeated, by itself and after everything is done', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7']);
    const paid = sale.completed();
    await takes(site, paid, paid);
    await takes(site, paid);

    expect(timesEnrolled(site)).to.equal(1);
    expect(await keysOf(site, sale)).to.have.length(1);
    expect(site.mailbox.messages).to.have.length(2);
  });

  it('counts a payment once when twenty copies of its callback come at the same moment', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7']);
    const paid = sale.completed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.receives(paid)));
    await site.finishesItsSteps();

    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(timesEnrolled(site)).to.equal(1);
    expect(await keysOf(site, sale)).to.have.length(1);
    expect(site.mailbox.messages).to.have.length(2);
  });

  it('counts a payment once when snapshot, thin notification and payment intent all tell of it', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7']);
    const thin = sale.completed({ family: 'thin' });
    const snapshot = thin.snapshot!;
    await Promise.all(
      [thin, snapshot, sale.paymentIntentSucceeded(), sale.paymentIntentSucceeded({ family: 'thin' })].map((each) =>
        takes(site, each),
      ),
    );

    expect(timesEnrolled(site)).to.equal(1);
    expect(await keysOf(site, sale)).to.have.length(1);
    expect(site.mailbox.messages).to.have.length(2);
    expect((await recordOf(site, sale)).order.payments).to.have.length(1);
  });

  it('keeps two buyers apart who pay at the same moment', async () => {
    const site = await openShop();
    const people = Array.from({ length: 8 }, (_, index) => `buyer${index}@example.org`);
    const sales = people.map((email) => sell(site, ['TS-101', 'TP-7'], { buyer: { email, name: 'Buyer Example' } }));
    await Promise.all(sales.map((sale) => takes(site, sale.completed())));

    expect(enrolments(site)).to.deep.equal(people.map((email) => `${email}: 17`));
    const keys = await Promise.all(sales.map((sale) => keysOf(site, sale)));
    expect(new Set(keys.flat())).to.have.length(8);
    for (const [index, email] of people.entries()) {
      expect(site.mailbox.messagesFor(email)).to.have.length(1);
      expect(newestMail(site, email).text).to.contain(keys[index]![0]);
    }
  });

  it('gives a subscriber access with the first invoice, once', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { mode: 'subscription' });
    const completed = sale.completed();
    await takes(site, completed, sale.event('invoice.paid', sale.invoice));
    expect(timesEnrolled(site)).to.equal(1);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
  });
});

describe('A payment that takes its time', () => {
  afterEach(closeSites);

  it('shows a page that waits for the bank, and becomes the result when the money has come', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    const early = await site.get(returnAddress(sale), { accept: 'text/html' });
    expect([early.status, wordsOf(await early.text())].join(' ')).to.match(/^200 .*We are waiting for your bank/);

    await takes(site, sale.completedUnpaid());
    expect(await pageWords(site, sale)).to.contain('We are waiting for your bank');
    expect(enrolments(site)).to.deep.equal([]);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(newestMail(site).subject).to.match(/^We have your order .* and wait for your bank$/);
    const address = await pageAddress(site, sale);

    await takes(site, sale.asyncSucceeded());
    expect(wordsOf(await (await site.get(address)).text())).to.contain('Thank you, everything is ready');
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(newestMail(site).subject).to.match(/is ready$/);
  });

  it('says that the bank declined in the end, and grants nothing', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completedUnpaid(), sale.asyncFailed({}));

    expect(await pageWords(site, sale)).to.contain('The payment did not go through');
    expect(enrolments(site)).to.deep.equal([]);
    expect(newestMail(site).subject).to.match(/did not go through$/);
  });

  it('forgets a refused card once the buyer has paid with another', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.declinedAttempt({}));
    expect((await recordOf(site, sale)).order.status).to.equal('declined');
    expect(await pageWords(site, sale)).to.contain('The payment did not go through');
    await takes(site, sale.completed());

    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(newestMail(site).subject).to.match(/is ready$/);
  });

  it('stays paid when the news of the refused card comes late', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    const declined = sale.declinedAttempt({ at: new Date(Date.now() - 60_000) });
    await takes(site, sale.completed());
    await takes(site, declined);

    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(timesEnrolled(site)).to.equal(1);
  });

  it('takes "paid" before "pending" as paid, and mails only that', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    const pending = sale.completedUnpaid();
    await takes(site, sale.asyncSucceeded());
    await takes(site, pending);

    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(newestMail(site).subject).to.match(/is ready$/);
  });

  it('says that a session nobody paid has run out, without a mail', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.expired());

    expect((await pageJson(site, sale)).outcome).to.equal('abandoned');
    expect(await pageWords(site, sale)).to.contain('Nothing was charged');
    expect(enrolments(site)).to.deep.equal([]);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(0);
  });
});

describe('Money that goes back', () => {
  afterEach(closeSites);

  it('takes the course back after a full refund, and tells the buyer once', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7']);
    await takes(site, sale.completed());
    const [key] = await keysOf(site, sale);
    await takes(site, ...sale.refunded());

    expect(enrolments(site)).to.deep.equal([]);
    const page = await pageJson(site, sale);
    expect(page.outcome).to.equal('refunded');
    expect(page.items.map(({ state }) => state)).to.deep.equal(['takenBack', 'takenBack']);
    const words = await pageWords(site, sale);
    expect(words).to.contain('Your money has been returned');
    expect(words).not.to.contain(key);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(2);
    expect(newestMail(site).subject).to.match(/was returned$/);
  });

  it('leaves everything as it was after a part of the money went back', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded({ amount: 1000 }));

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, sale)).outcome).to.equal('partlyRefunded');
    expect(await pageWords(site, sale))
      .to.contain('Part of your money has been returned')
      .and.contain('€10.00');
  });

  it('revokes once two partial refunds add up to the whole', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded({ amount: 1900 }));
    await takes(site, ...sale.refunded({ amount: 3000 }));

    expect(enrolments(site)).to.deep.equal([]);
    expect((await pageJson(site, sale)).outcome).to.equal('refunded');
  });

  it('grants nothing when the refund is known before the payment', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TP-7']);
    const paid = sale.completed();
    const refunds = sale.refunded();
    await takes(site, ...refunds);
    expect(site.mailbox.messages).to.have.length(0);
    await takes(site, paid);

    expect(timesEnrolled(site)).to.equal(0);
    expect((await pageJson(site, sale)).outcome).to.equal('refunded');
    expect(await keysOf(site, sale)).to.deep.equal([]);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
  });

  it('leaves nothing behind when payment and refund arrive at the same moment', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'KIT']);
    const callbacks = [sale.completed(), ...sale.refunded()];
    await Promise.all(callbacks.map((each) => site.receives(each)));
    await site.finishesItsSteps();

    expect(enrolments(site)).to.deep.equal([]);
    expect((await pageJson(site, sale)).outcome).to.equal('refunded');
  });

  it('gives access back when the refund itself failed', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.deep.equal([]);
    await takes(site, sale.refundFailed());

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
  });

  it('pauses access during a dispute and opens it again when it is won', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const given = site.lms.books.enrolments[0]!.end;
    await takes(site, sale.disputed());
    const [paused] = site.lms.books.enrolments;
    expect(paused!.end < given, 'the seat is closed, not deleted').to.equal(true);
    expect(await pageWords(site, sale)).to.contain('Access is paused');

    await takes(site, sale.disputeClosed('won'));
    expect(site.lms.books.enrolments[0]!.end).to.equal(given);
    expect(await pageWords(site, sale)).to.contain('Access is open again');
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(3);
  });

  it('takes everything back when the dispute is lost', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, sale.disputed(), sale.disputeClosed('lost'));

    expect(enrolments(site)).to.deep.equal([]);
    expect((await pageJson(site, sale)).outcome).to.equal('refunded');
  });

  it('leaves a course alone that the learner had before', async () => {
    const site = await openShop();
    const user = site.lms.addUser({ username: buyer, email: buyer });
    site.lms.addEnrolment({ userId: user.id, courseId: '17', start: '20260101', end: '20261231' });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());

    expect(site.lms.books.enrolments.map(({ start, end }) => `${start}-${end}`)).to.deep.equal(['20260101-20261231']);
  });

  it('does not take back what a second purchase pays for', async () => {
    const site = await openShop();
    const first = sell(site, ['TS-101']);
    const second = sell(site, ['TS-101']);
    await takes(site, first.completed());
    await takes(site, second.completed());
    await takes(site, ...first.refunded());
    await until('the first order is refunded', async () => (await pageJson(site, first)).outcome === 'refunded');

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, second)).items[0]!.state).to.equal('ready');
  });
});
