import { expect } from 'chai';
import type { OwnEventKind, PaymentEvent, StaffDecision } from '../../src/contract/index.ts';
import type { OrderRecord } from '../../src/storage/store.ts';
import { decided } from '../../src/wiring/own-events.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  buyer,
  enrolments,
  keysOf,
  newestMail,
  openShop,
  owner,
  pageJson,
  recordOf,
  sell,
  takes,
  wordsOf,
  type Sale,
  type ShopOptions,
} from './shop.ts';

const dayMs = 86_400_000;

/** A site whose clock stands where the test puts it. */
async function openCalendarShop(
  options: ShopOptions = {},
): Promise<{ site: Site; day: (days: number) => Promise<Date>; at: () => Date }> {
  let now = new Date();
  const start = now.getTime();
  const site = await openShop({
    ...options,
    handover: { ...options.handover, now: () => now },
    stripe: { now: () => now },
    lms: { now: () => now },
  });
  return {
    site,
    at: () => now,
    async day(days) {
      now = new Date(start + days * dayMs);
      site.app.runner.wake();
      await site.finishesItsSteps();
      return now;
    },
  };
}

async function decides(
  site: Site,
  sale: Sale,
  kind: OwnEventKind,
  about: Partial<StaffDecision>,
  more: Pick<PaymentEvent, 'reversal' | 'until'> = {},
) {
  const { order } = await recordOf(site, sale);
  const staff = { by: 'bo', because: 'Agreed by phone.', ...about };
  await site.app.reconsider(order.id, [decided(order, kind, staff, site.app.now(), more)]);
  await site.finishesItsSteps();
}

const grantIn = async (site: Site, sale: Sale, place: string): Promise<string> =>
  `${(await recordOf(site, sale)).order.id}/${place}`;

describe('A partial refund', () => {
  afterEach(closeSites);

  it('takes back the line whose price it is, and nothing else', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TS-102', 'TP-7']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded({ amount: 5900 }));

    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await pageJson(site, sale)).items.map(({ sku, state }) => `${sku} ${state}`)).to.deep.equal([
      'TS-101 ready',
      'TS-102 takenBack',
      'TP-7 ready',
    ]);
    expect(newestMail(site).text).to.contain('€59.00');
  });

  it('takes back as many keys of a line as were paid back, the last ones first', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', ['TP-7', 3]]);
    await takes(site, sale.completed());
    const keys = await keysOf(site, sale);
    await takes(site, ...sale.refunded({ amount: 1900 }));

    expect(await keysOf(site, sale)).to.deep.equal(keys.slice(0, 2));
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('that fits no line leaves everything where it is, asks the owner, and does what staff say', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101', 'TS-102']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded({ amount: 1000 }));

    expect(enrolments(site)).to.have.length(2);
    const asked = newestMail(site, owner);
    expect(asked.text).to.contain('10.00 EUR went back').and.contain('npx handover assign-refund');
    const [parked] = await site.app.store.parkedSteps(10);
    expect(parked?.error?.code).to.equal('REFUND_UNASSIGNED');

    const { order } = await recordOf(site, sale);
    await decides(site, sale, 'refund.assigned', { lines: [2] }, { reversal: order.refunds[0]!.reversal });
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(await site.app.store.parkedSteps(10)).to.deep.equal([]);
  });
});

describe('A subscription', () => {
  afterEach(closeSites);

  const monthly = {
    sku: 'CLUB',
    title: 'Club',
    price: '9.00 EUR',
    grants: { course: { action: 'axis-lms.enrol', with: { course: '17' } } },
  };
  const terms = { lines: [{ sku: 'CLUB', unitAmount: 900 }], mode: 'subscription' as const };
  const club = { files: { 'products/CLUB.json': monthly } };
  const endOfAccess = (site: Site): string | undefined => site.lms.books.enrolments[0]?.end;
  const contractOf = async (site: Site, sale: Sale): Promise<OrderRecord> => {
    const record = await site.app.store.findPurchase('stripe', sale.subscription.id);
    if (!record) throw new Error(`The store has no order of ${sale.subscription.id}.`);
    return record;
  };
  const date8 = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '');

  it('gives access for its period and some grace, extends it with each renewal, and never twice for one invoice', async () => {
    const { site, day, at } = await openCalendarShop(club);
    const sale = site.stripe.sale(terms);
    const first = sale.completed({ at: at() });
    await takes(site, first);
    const before = endOfAccess(site) ?? '';
    expect(before > date8(at())).to.equal(true);

    await day(30);
    const renewal = sale.renewed({ at: at() });
    await takes(site, renewal, renewal);
    const after = endOfAccess(site) ?? '';
    expect(after > before).to.equal(true);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(2);
    await takes(site, first, renewal);
    expect(endOfAccess(site)).to.equal(after);
  });

  it('ends by our own clock when no renewal comes, says so, and goes on when one comes late', async () => {
    const { site, day, at } = await openCalendarShop(club);
    const sale = site.stripe.sale(terms);
    await takes(site, sale.completed({ at: at() }));
    await day(36);
    expect((await contractOf(site, sale)).order.status).to.equal('ended');
    expect((await contractOf(site, sale)).grants.map(({ wanted }) => wanted)).to.deep.equal(['suspended']);
    expect(newestMail(site).subject).to.match(/ended|over/i);

    await takes(site, sale.renewed({ at: at() }));
    expect((await contractOf(site, sale)).grants.map(({ wanted }) => wanted)).to.deep.equal(['granted']);
  });

  it('tells the buyer of a failed renewal and keeps access for the time that is paid', async () => {
    const { site, day, at } = await openCalendarShop(club);
    const sale = site.stripe.sale(terms);
    await takes(site, sale.completed({ at: at() }));
    await day(31);
    await takes(site, sale.renewalFailed({ at: at() }));
    expect((await contractOf(site, sale)).grants.map(({ wanted }) => wanted)).to.deep.equal(['granted']);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(2);
  });
});

describe('A course of fixed length', () => {
  afterEach(closeSites);

  it('ends on its day, for the buyer and at the LMS, and a longer one is what staff say', async () => {
    const course = { grants: { course: { action: 'axis-lms.enrol', with: { course: '18' } } }, access: { days: 10 } };
    const { site, day } = await openCalendarShop({ files: { 'products/TS-102.json': (old) => ({ ...old, ...course }) } });
    const sale = sell(site, ['TS-102']);
    await takes(site, sale.completed());
    const until = new Date((await day(1)).getTime() + 19 * dayMs).toISOString();
    await decides(site, sale, 'grant.extended', { grantId: await grantIn(site, sale, '1/1/course') }, { until });
    expect(site.lms.books.enrolments[0]?.end).to.equal(until.slice(0, 10).replaceAll('-', ''));

    await day(15);
    expect((await recordOf(site, sale)).order.status).to.equal('paid');
    await day(21);
    expect((await recordOf(site, sale)).order.status).to.equal('ended');
  });
});

describe('What staff decide after the sale', () => {
  afterEach(closeSites);

  it('moves a seat from one person to another, and back', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    await decides(site, sale, 'learner.assigned', { lines: [1], person: { email: 'bo@example.org', name: 'Bo Example' } });
    expect(enrolments(site)).to.deep.equal(['bo@example.org: 17']);
    await decides(site, sale, 'learner.assigned', { lines: [1] });
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('gives a new key for one that leaked, and the old one is good for nothing any more', async () => {
    const site = await openShop({
      files: {
        'products/TP-7.json': (old) => ({
          ...old,
          grants: { licence: { action: 'test-pro.issueKey', with: { source: 'stock' } } },
        }),
      },
    });
    const { importKeys } = await import('../../src/fulfilment/key-pools.ts');
    await importKeys(site.app.store, site.app.sealer(), 'stock', 'OLD-1111\nNEW-2222\n');
    const sale = sell(site, ['TP-7']);
    await takes(site, sale.completed());
    const [old] = await keysOf(site, sale);
    await decides(site, sale, 'grant.reissued', { grantId: await grantIn(site, sale, '1/1/licence') });
    const [fresh] = await keysOf(site, sale);

    expect(fresh).to.not.equal(old);
    expect((await site.app.store.listKeys('stock', 10)).map(({ state }) => state).toSorted()).to.deep.equal(['revoked', 'taken']);
  });

  it('corrects a mistyped address: the right person gets in, the wrong one is out, and mails follow', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { buyer: { email: 'ada@exmaple.org', name: 'Ada Example' } });
    await takes(site, sale.completed());
    await decides(site, sale, 'buyer.corrected', { person: { email: 'ada@example.org' } });
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    await takes(site, ...sale.refunded());
    expect(site.mailbox.messagesFor('ada@example.org')).to.have.length(1);
  });

  it('takes a grant back by hand and gives it again, whatever was paid', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const grantId = await grantIn(site, sale, '1/1/course');
    await decides(site, sale, 'grant.decided', { grantId, decision: 'revoke' });
    expect(enrolments(site)).to.deep.equal([]);
    await decides(site, sale, 'grant.given', { grantId });
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('is asked what becomes of a grant where the product file leaves it to a person', async () => {
    const course = { course: { action: 'axis-lms.enrol', with: { course: '18' }, when: { refunded: 'task' } } };
    const site = await openShop({ files: { 'products/TS-102.json': (old) => ({ ...old, grants: course }) } });
    const sale = sell(site, ['TS-102']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.have.length(1);
    expect((await site.app.store.parkedSteps(10))[0]?.error?.code).to.equal('GRANT_UNDECIDED');
    await decides(site, sale, 'grant.decided', { grantId: await grantIn(site, sale, '1/1/course'), decision: 'revoke' });
    expect(enrolments(site)).to.deep.equal([]);
    expect(await site.app.store.parkedSteps(10)).to.deep.equal([]);
  });

  it('is not needed where a refund takes back some days later', async () => {
    const course = {
      course: { action: 'axis-lms.enrol', with: { course: '18' }, when: { refunded: { then: 'revoke', afterDays: 7 } } },
    };
    const { site, day } = await openCalendarShop({ files: { 'products/TS-102.json': (old) => ({ ...old, grants: course }) } });
    const sale = sell(site, ['TS-102']);
    await takes(site, sale.completed());
    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.have.length(1);
    await day(8);
    expect(enrolments(site)).to.deep.equal([]);
  });
});

describe('A bundle', () => {
  afterEach(closeSites);

  it('gives what the products it includes give, and shares a seat that was bought by itself as well', async () => {
    const all = { sku: 'ALL', title: 'Everything', price: '99.00 EUR', includes: ['TS-101', 'TP-7'] };
    const site = await openShop({ files: { 'products/ALL.json': all } });
    const sale = site.stripe.sale({ lines: [{ sku: 'ALL', unitAmount: 9900 }] });
    await takes(site, sale.completed());
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(await keysOf(site, sale)).to.have.length(1);

    const single = sell(site, ['TS-101']);
    await takes(site, single.completed());
    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    await takes(site, ...single.refunded());
    expect(enrolments(site)).to.deep.equal([]);
  });
});

describe('A follow-up mail', () => {
  afterEach(closeSites);

  const followUps = {
    checkIn: {
      daysAfter: 3,
      mail: { subject: 'How is it going?', text: 'Dear {{buyer.firstName}}, {{product.title}} is waiting.' },
    },
    ending: { daysBeforeEnd: 2, mail: { subject: 'Two days left', text: 'Your access ends soon.' } },
  };
  const shopWith = (site: object = { quietHours: { from: '00:00', until: '00:00' } }) =>
    openCalendarShop({ site, files: { 'products/TS-102.json': (old) => ({ ...old, access: { days: 10 }, followUps }) } });

  it('comes on its day, with a way to get no more of them', async () => {
    const { site, day } = await shopWith();
    const sale = sell(site, ['TS-102']);
    await takes(site, sale.completed());
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    await day(4);
    expect(newestMail(site).subject).to.equal('How is it going?');
    expect(newestMail(site).text).to.contain('Dear Ada, Types in depth is waiting.');

    const raw = site.mailbox.messagesFor(buyer).at(-1)!;
    const address = /<([^>]+)>/.exec(String(raw.parsed.headers.find(({ key }) => key === 'list-unsubscribe')?.value))?.[1] ?? '';
    expect(wordsOf(await (await site.get(address)).text())).to.contain('No more of these mails?');
    const done = await fetch(address, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect(done.status).to.equal(200);
    await day(9);
    expect(site.mailbox.subjectsFor(buyer)).to.not.include('Two days left');
  });

  it('moves with the end of access, and never goes to a buyer whose money went back', async () => {
    const { site, day } = await shopWith();
    const kept = sell(site, ['TS-102']);
    const returned = sell(site, ['TS-102'], { buyer: { email: 'bo@example.org', name: 'Bo Example' } });
    await takes(site, kept.completed(), returned.completed());
    await takes(site, ...returned.refunded());
    await day(9);
    expect(site.mailbox.subjectsFor(buyer)).to.include('Two days left');
    expect(site.mailbox.subjectsFor('bo@example.org')).to.not.include.members(['How is it going?', 'Two days left']);
  });

  it('waits until the quiet hours are over', async () => {
    const hour = (offset: number): string => new Date(Date.now() + offset * 3_600_000).toISOString().slice(11, 16);
    const { site, day } = await shopWith({ quietHours: { from: hour(-2), until: hour(2) } });
    await takes(site, sell(site, ['TS-102']).completed());
    await day(3.01);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
    await day(3.2);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(2);
  });
});

describe('A free trial and a change of plan', () => {
  afterEach(closeSites);

  const product = (sku: string, price: string, id: string, more: object = {}) => ({
    sku,
    title: sku,
    price,
    grants: { course: { action: 'axis-lms.enrol', with: { course: id } } },
    ...more,
  });
  const files = {
    'products/CLUB.json': product('CLUB', '9.00 EUR', '17', { trials: 'accept' }),
    'products/PRO.json': product('PRO', '19.00 EUR', '18'),
    'products/SHY.json': product('SHY', '9.00 EUR', '19'),
  };
  const club = (sku: string, more: object = {}) => ({
    lines: [{ sku, unitAmount: 900 }],
    mode: 'subscription' as const,
    ...more,
  });

  it('gives access for the time of the trial where the product accepts trials, and holds it elsewhere', async () => {
    const { site, day, at } = await openCalendarShop({ files });
    const welcome = site.stripe.sale(club('CLUB', { trialDays: 7 }));
    const shy = site.stripe.sale(club('SHY', { trialDays: 7 }));
    await takes(site, welcome.completed({ at: at() }), shy.completed({ at: at() }));
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    const held = await site.app.store.findPurchase('stripe', shy.subscription.id);
    expect(held?.order.holds.map(({ code }) => code)).to.deep.equal(['TRIAL_NOT_ACCEPTED']);
    await day(11);
    const record = await site.app.store.findPurchase('stripe', welcome.subscription.id);
    expect(record?.order.status).to.equal('ended');
  });

  it('ends what the old plan gave and gives what the new one gives, for the time that is paid', async () => {
    const { site, at, day } = await openCalendarShop({ files });
    const sale = site.stripe.sale(club('CLUB'));
    const other = site.stripe.sale({
      ...club('PRO'),
      lines: [{ sku: 'PRO', unitAmount: 1900 }],
      buyer: { email: 'bo@example.org' },
    });
    await takes(site, sale.completed({ at: at() }), other.completed({ at: at() }));
    await day(2);
    const list = (item: object) => ({ object: 'list', data: [item], has_more: false, url: '/v1/subscription_items' });
    const [before] = sale.subscription.items.data;
    const price = other.subscription.items.data[0]?.price;
    const changed = { ...sale.subscription, items: list({ ...before, price }) } as never;
    await takes(
      site,
      sale.event('customer.subscription.updated', changed, { previous: { items: list({ ...before }) }, at: at() }),
    );
    const record = await site.app.store.findPurchase('stripe', sale.subscription.id);
    expect(record?.grants.map(({ id, wanted }) => `${id.slice(15)} ${wanted}`)).to.deep.equal([
      '1/1/course suspended',
      '2/1/course granted',
    ]);
  });
});
