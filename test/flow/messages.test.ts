import { expect } from 'chai';
import { importKeys } from '../../src/fulfilment/key-pools.ts';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, enrolments, keysOf, newestMail, openShop, owner, pageJson, recordOf, sell, settles, takes } from './shop.ts';
import { tellTogether } from './tell-together.ts';
import { until } from './until.ts';

/** A product whose keys come from the imported stock. */
const stocked = {
  'products/POOL-1.json': {
    sku: 'POOL-1',
    title: 'Test Pro from stock',
    price: '5.00 EUR',
    grants: { licence: { action: 'test-pro.issueKey', with: { source: 'stock' } } },
  },
};

const oneMinute = { mailPatienceSeconds: 60 };

function keep(site: Site, ...keys: string[]): Promise<unknown> {
  return importKeys(site.app.store, site.app.sealer(), 'stock', keys.join('\n'));
}

describe('Mails about a purchase', () => {
  afterEach(closeSites);

  it('come as one for all items, or one for each where the site wishes it', async () => {
    const site = await openShop({ site: { messages: 'perItem' } });
    const sale = sell(site, ['TS-101', 'TS-102', 'TP-7']);
    await takes(site, sale.completed());

    const mails = site.mailbox.messagesFor(buyer).map(({ parsed }) => parsed.text ?? '');
    expect(mails).to.have.length(3);
    const titles = ['TypeScript in a week', 'Types in depth', 'Test Pro, one seat'];
    expect(mails.map((text) => titles.filter((title) => text.includes(title)))).to.have.deep.members(
      titles.map((title) => [title]),
    );
    expect(site.mailbox.messagesFor(owner)).to.have.length(1);
  });

  it('come apart for the one product that wishes a mail of its own', async () => {
    const own = {
      messages: 'perItem',
      outcomes: { paid: { mail: { subject: 'Your key, {{buyer.firstName}}', text: 'It is {{licence.key}}' } } },
    };
    const site = await openShop({ files: { 'products/TP-7.json': (old) => ({ ...old, ...own }) } });
    const sale = sell(site, ['TS-101', 'TS-102', 'TP-7']);
    await takes(site, sale.completed());
    const { id } = (await recordOf(site, sale)).order;
    expect(site.mailbox.subjectsFor(buyer)).to.have.members([`Your order ${id} is ready`, 'Your key, Ada']);
    const mail = site.mailbox.messagesFor(buyer).find(({ parsed }) => parsed.subject === 'Your key, Ada');
    expect(mail?.parsed.text).to.contain(`It is ${(await keysOf(site, sale))[0]}`);
  });

  it('use the words of the product file, and never let a name or title act as markup', async () => {
    const texts = { paid: { mail: { subject: 'Hello {{buyer.name}}', text: 'Sign in: {{course.loginUrl}}' } } };
    const site = await openShop({
      files: { 'products/TS-101.json': (old) => ({ ...old, title: 'A <b>bold</b> course', outcomes: texts }) },
    });
    const name = '<img src=x onerror=alert(1)> {{owner.email}}\r\nBcc: eve@example.org';
    await takes(site, sell(site, ['TS-101'], { buyer: { email: buyer, name } }).completed());
    const [mail] = site.mailbox.messagesFor(buyer);
    expect(mail?.parsed.html).to.contain('&lt;b&gt;bold').and.not.contain('<img src=x').and.not.contain('<b>bold');
    expect(mail?.raw).not.to.match(/^bcc:/im);
    expect(mail?.parsed.text).not.to.contain('owner@example.org');
    expect(mail?.parsed.text).to.contain(`${site.url}/open/`);
    expect(site.mailbox.messagesFor('eve@example.org')).to.have.length(0);
  });

  it('are not sent where the product wants none, while the owner still hears of the sale', async () => {
    const site = await openShop({
      files: { 'products/TS-101.json': (old) => ({ ...old, outcomes: { paid: { mail: false } } }) },
    });
    await takes(site, sell(site, ['TS-101']).completed());
    expect(site.mailbox.messagesFor(buyer)).to.have.length(0);
    expect(site.mailbox.messagesFor(owner)).to.have.length(1);
    expect(enrolments(site)).to.have.length(1);
  });

  it('go to whom an outcome names as well', async () => {
    const tell = { refunded: { tell: ['desk@example.org'] } };
    const site = await openShop({ files: { 'products/TS-101.json': (old) => ({ ...old, outcomes: tell }) } });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    expect(site.mailbox.messagesFor('desk@example.org')).to.have.length(0);
    await takes(site, ...sale.refunded());
    expect(site.mailbox.messagesFor('desk@example.org')).to.have.length(1);
  });

  it('arrive once although the mail server broke off in the middle, and are tried again after a refusal', async () => {
    const site = await openShop();
    site.mailbox.faults.push({ kind: 'dropInData' }, { kind: 'refuse', at: 'rcpt', code: 451 });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await until('mail to the buyer and to the owner', () => site.mailbox.messages.length === 2);
    await site.finishesItsSteps();
    expect(site.mailbox.faults).to.deep.equal([]);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
    expect((await pageJson(site, sale)).mail).to.equal('sent');
  });

  it('that the mail server refuses for good become a task, and the page says so', async () => {
    const site = await openShop({ site: { owner: { email: owner, sales: 'none' } } });
    site.mailbox.faults.push({ kind: 'refuse', at: 'rcpt', code: 550 });
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    expect((await pageJson(site, sale)).mail).to.equal('failed');
    expect(site.mailbox.subjectsFor(owner)).to.deep.equal([
      `[Test] Needs you: send the mail about TypeScript in a week for order ${(await recordOf(site, sale)).order.id}`,
    ]);
    const [parked] = await site.app.store.parkedSteps(5);
    await site.app.store.retryStep(parked!.key, 'a test');
    site.app.runner.wake();
    await site.finishesItsSteps();
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
  });
});

tellTogether('A purchase of which a part is late', {
  async "is mailed when the owner's patience ends, naming what is late, which follows in a mail of its own"() {
    const site = await openShop({ site: { mailPatienceSeconds: 3 } });
    const heal = site.lms.faults.always(fault.status(503, { retryAfter: 1 }), { path: /\/courses\/19\// });
    const sale = sell(site, ['TS-101', 'TS-102', 'TS-103']);
    await takes(site, sale.completed());
    await until('the first mail', () => site.mailbox.messagesFor(buyer).length === 1);
    await until('two seats', () => enrolments(site).length === 2);

    expect(newestMail(site).subject).to.match(/paid, and almost complete$/);
    expect(newestMail(site).text).to.contain('Types at work: being prepared').and.not.contain('Types in depth: being prepared');
    expect((await pageJson(site, sale)).outcome).to.equal('partly');

    heal();
    await until('the mail that follows', () => site.mailbox.messagesFor(buyer).length === 2);
    const { id } = (await recordOf(site, sale)).order;
    expect(newestMail(site).subject).to.equal(`Now ready: Types at work (order ${id})`);
    expect(newestMail(site).text).not.to.contain('Types in depth');
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
    await site.finishesItsSteps();
    expect(site.mailbox.messagesFor(buyer)).to.have.length(2);
  },

  async 'is one mail when everything is there in time'() {
    const site = await openShop({ site: oneMinute });
    site.lms.faults.next(fault.delay(150), { path: /\/courses\/enrollments\/19\// });
    await takes(site, sell(site, ['TS-101', 'TS-103']).completed());
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
    expect(newestMail(site).subject).to.match(/is ready$/);
  },

  async 'is mailed at once when a part waits for a person, and again when the person has done it'() {
    const site = await openShop({ site: oneMinute });
    site.lms.changeCourse('19', { isActive: false });
    const sale = sell(site, ['TS-101', 'TS-103']);
    await takes(site, sale.completed());
    expect(newestMail(site).subject).to.match(/paid, and almost complete$/);
    expect(site.mailbox.subjectsFor(owner).some((subject) => subject.includes('Needs you: deliver Types at work'))).to.equal(
      true,
    );

    site.lms.changeCourse('19', { isActive: true });
    const [parked] = await site.app.store.parkedSteps(5);
    await site.app.store.retryStep(parked!.key, 'a test');
    site.app.runner.wake();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.have.length(2);
    expect(newestMail(site).subject).to.match(/^Now ready: Types at work/);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(2);
  },

  async 'that is refunded meanwhile is not announced as ready any more'() {
    const site = await openShop({ site: oneMinute });
    const heal = site.lms.faults.always(fault.status(503, { retryAfter: 1 }));
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    heal();
    await until('the mail about the refund', () => site.mailbox.messagesFor(buyer).length > 0);
    await settles(site);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    expect(newestMail(site).subject).to.match(/was returned$/);
    expect(enrolments(site)).to.deep.equal([]);
  },

  async 'because a key pool ran dry waits for new keys, and the owner is told once'() {
    const site = await openShop({ files: stocked, site: { mailPatienceSeconds: 0 } });
    await keep(site, 'AAAA-1111', 'BBBB-2222');
    const first = site.stripe.sale({ lines: [{ sku: 'POOL-1', unitAmount: 500 }] });
    const second = site.stripe.sale({ lines: [{ sku: 'POOL-1', quantity: 2, unitAmount: 500 }] });
    await takes(site, first.completed());
    expect(await keysOf(site, first)).to.deep.equal(['AAAA-1111']);
    await takes(site, second.completed());
    await until('a notice about the empty pool', () =>
      site.mailbox.subjectsFor(owner).some((subject) => subject.includes('no keys left in "stock"')),
    );
    await keep(site, 'CCCC-3333');
    await until('the second key', async () => (await keysOf(site, second)).length === 2);
    expect((await keysOf(site, second)).sort()).to.deep.equal(['BBBB-2222', 'CCCC-3333']);
    const notices = site.mailbox.subjectsFor(owner).filter((subject) => subject.includes('"stock"'));
    expect(notices).to.have.length(1);
  },

  async 'tells the owner when the stock of keys behind it runs low'() {
    const site = await openShop({ files: stocked });
    await keep(site, 'AAAA-1111', 'BBBB-2222', 'CCCC-3333');
    await takes(site, site.stripe.sale({ lines: [{ sku: 'POOL-1', unitAmount: 500 }] }).completed());
    await until('the notice', () => site.mailbox.subjectsFor(owner).includes('[Test] Only 2 keys left in "stock"'));
  },
});
