import { expect } from 'chai';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  enrolments,
  newestMail,
  openShop,
  pageAddress,
  recordOf,
  sell,
  takes,
  wordsOf,
  type Sale,
  type ShopOptions,
  type Sku,
} from './shop.ts';

const both = (old: Record<string, unknown>): object => ({
  ...old,
  title: 'Course with a key',
  grants: {
    course: { action: 'axis-lms.enrol', with: { course: '17', days: 365 } },
    licence: { action: 'test-pro.issueKey', with: { source: 'made' } },
  },
});
const seats = (old: Record<string, unknown>): object => ({ ...both(old), seats: 'assign', seatChanges: 3 });

function openSeats(change: (old: Record<string, unknown>) => object = seats, options: ShopOptions = {}): Promise<Site> {
  return openShop({ ...options, files: { 'products/TS-101.json': change, ...options.files } });
}

async function buys(site: Site, quantity: number, sku: Sku = 'TS-101'): Promise<Sale> {
  const sale = sell(site, [[sku, quantity]], { buyer: { email: 'ada@example.org', name: 'Ada Byron' } });
  await takes(site, sale.completed());
  return sale;
}

interface Answer {
  readonly status: number;
  readonly error?: string;
  readonly items?: readonly {
    readonly holders?: readonly { unit: number; state: string; turn: number; email?: string; claimUrl?: string }[];
  }[];
}

async function act(
  site: Site,
  sale: Sale,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(`${await pageAddress(site, sale)}/seats`, {
    method: 'POST',
    body: new URLSearchParams({ line: '1', ...fields }),
    headers: { accept: 'application/json', ...headers },
    redirect: 'manual',
  });
  const body = (await answer.json()) as Omit<Answer, 'status'>;
  await site.finishesItsSteps();
  return { ...body, status: answer.status };
}

const give = (site: Site, sale: Sale, unit: number, name: string, turn = 0) =>
  act(site, sale, { act: 'give', unit: String(unit), turn: String(turn), name, email: `${name}@example.org` });

const textsTo = (site: Site, email: string): string[] =>
  site.mailbox.messagesFor(email).map(({ parsed }) => `${parsed.subject ?? ''}\n${parsed.text ?? ''}`);

describe('Something bought for somebody else', () => {
  afterEach(closeSites);

  async function gift(change = both, options: ShopOptions = {}): Promise<{ site: Site; number: string; page: string }> {
    const site = await openSeats(change, options);
    const event = {
      kind: 'payment.completed' as const,
      gateway: 'stripe',
      id: 'evt_gift',
      at: new Date().toISOString(),
      purchase: 'cs_gift',
      payment: 'pi_gift',
      mode: 'test' as const,
      amount: { amount: 4900, currency: 'EUR' },
      buyer: { email: 'ada@example.org', name: 'Ada Byron' },
      lines: [
        {
          sku: 'TS-101',
          title: 'Course',
          quantity: 1,
          subtotal: { amount: 4900, currency: 'EUR' },
          total: { amount: 4900, currency: 'EUR' },
          learner: { email: 'bo@example.org', name: 'Bo Example' },
        },
      ],
    };
    await site.app.record([event]);
    await site.finishesItsSteps();
    const record = await site.app.store.findPurchase('stripe', 'cs_gift');
    const number = record?.order.id ?? '';
    return { site, number, page: site.app.edition().links.page(number) };
  }

  it('is mailed to that person with key and link, and to the buyer only as a receipt', async () => {
    const { site, number, page } = await gift();
    const [toBo = ''] = textsTo(site, 'bo@example.org');
    expect(toBo).to.match(/^Ada Byron has given you Course with a key\n/);
    expect(toBo)
      .to.contain('Hello Bo,')
      .and.to.match(/\/shop\/open\//);
    const key = /[A-Z0-9]{4,}(?:-[A-Z0-9]{4,})+/.exec(toBo.replaceAll(number, ''))?.[0] ?? 'no key';
    expect(key).to.not.equal('no key');
    expect(toBo).to.not.contain('/shop/orders/');
    const [toAda = ''] = textsTo(site, 'ada@example.org');
    expect(toAda).to.contain('For Bo Example, bo@example.org: ready').and.to.contain('/shop/orders/');
    expect(toAda).to.not.contain(key).and.to.not.contain('/shop/open/');
    const html = await (await fetch(page, { headers: { accept: 'text/html' } })).text();
    expect(wordsOf(html)).to.contain('For Bo Example, bo@example.org: ready');
    expect(html).to.not.contain(key).and.to.not.contain('/shop/open/');
  });

  it("has the owner's words for that person, and not for the buyer, whose words would have gaps", async () => {
    const { site } = await gift((old) => ({
      ...both(old),
      outcomes: {
        paid: {
          mail: { subject: 'You are in', text: 'Sign in: {{course.loginUrl}}' },
          learnerMail: { subject: '{{buyer.firstName}} thought of you', text: 'Start here: {{course.loginUrl}}' },
        },
      },
    }));
    expect(textsTo(site, 'bo@example.org')[0]).to.match(/^Ada thought of you\nStart here: http:.*\/shop\/open\//);
    expect(textsTo(site, 'ada@example.org')[0]).to.contain('What you bought is for others').and.not.contain('Sign in:');
  });

  it('is shown to the buyer too, where the product says so', async () => {
    const { site } = await gift((old) => ({ ...both(old), buyerSees: 'everything' }));
    expect(textsTo(site, 'ada@example.org')[0]).to.contain('/shop/open/');
  });

  it('ends for that person when it goes to another one: an earlier link opens nothing of theirs', async () => {
    const { site, number } = await gift();
    const link = /http:\S+\/shop\/open\/\S+/.exec(textsTo(site, 'bo@example.org')[0] ?? '')?.[0] ?? '';
    expect((await fetch(link, { redirect: 'manual' })).status).to.equal(303);
    const { decided } = await import('../../src/wiring/own-events.ts');
    const record = await site.app.store.findOrder(number);
    const staff = { by: 'cy', because: 'Left.', lines: [1], person: { email: 'cy@example.org' } };
    await site.app.reconsider(number, [decided(record!.order, 'learner.assigned', staff, site.app.now())]);
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['cy@example.org: 17']);
    expect((await fetch(link, { redirect: 'manual' })).status).to.equal(404);
    expect(textsTo(site, 'cy@example.org')).to.have.length(1);
    expect(await site.app.store.ordersOfPerson('cy@example.org')).to.deep.equal([number]);
  });
});

describe('Seats that the buyer hands out', () => {
  afterEach(closeSites);

  it('give nothing to anybody when they are paid, and say so', async () => {
    const site = await openSeats();
    const sale = await buys(site, 3);
    expect(enrolments(site)).to.deep.equal([]);
    expect((await recordOf(site, sale)).steps.filter(({ verb }) => verb === 'grant')).to.deep.equal([]);
    expect(newestMail(site).text).to.contain('3 of 3 are not handed out yet.').and.to.contain('/shop/orders/');
    const page = await (await fetch(await pageAddress(site, sale), { headers: { accept: 'text/html' } })).text();
    expect(wordsOf(page)).to.contain('Seat 3: not handed out').and.not.contain('Being prepared');
    expect(page).to.not.contain('http-equiv="refresh"');
  });

  it('go to whom the buyer names, one by one, each with a mail of their own', async () => {
    const site = await openSeats();
    const sale = await buys(site, 3);
    const answer = await give(site, sale, 2, 'bo');
    expect(answer.status).to.equal(200);
    expect(enrolments(site)).to.deep.equal(['bo@example.org: 17']);
    expect(textsTo(site, 'bo@example.org')[0]).to.contain('Ada Byron has given you').and.to.contain('/shop/open/');
    expect(answer.items?.[0]?.holders?.map(({ state }) => state)).to.deep.equal(['free', 'late', 'free']);
    await give(site, sale, 1, 'ada');
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17', 'bo@example.org: 17']);
    const { order } = await recordOf(site, sale);
    expect(order.events.filter(({ kind }) => kind === 'learner.assigned').map(({ staff }) => staff?.by)).to.deep.equal([
      'buyer',
      'buyer',
    ]);
  });

  it('are taken back and go to another one, so often as the product says', async () => {
    const site = await openSeats();
    const sale = await buys(site, 1);
    await give(site, sale, 1, 'bo');
    expect((await act(site, sale, { act: 'take', unit: '1', turn: '1' })).status).to.equal(200);
    expect(enrolments(site)).to.deep.equal([]);
    expect((await give(site, sale, 1, 'cy', 2)).status).to.equal(200);
    expect(enrolments(site)).to.deep.equal(['cy@example.org: 17']);
    expect(await act(site, sale, { act: 'take', unit: '1', turn: '3' })).to.include({ status: 422, error: 'SEAT_CHANGES' });
    expect(enrolments(site)).to.deep.equal(['cy@example.org: 17']);
  });

  it('go to one of two who are named at the same moment', async () => {
    const site = await openSeats();
    const sale = await buys(site, 1);
    const answers = await Promise.all(['bo', 'cy', 'di'].map((name) => give(site, sale, 1, name)));
    await site.finishesItsSteps();
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409]);
    expect(enrolments(site)).to.have.length(1);
  });

  it('are refused to a form that is wrong, foreign, or for what nobody bought', async () => {
    const site = await openSeats();
    const sale = await buys(site, 1);
    const fields = { act: 'give', unit: '1', turn: '0' };
    expect(await act(site, sale, { ...fields, email: 'nobody' })).to.include({ status: 422, error: 'SEAT_PERSON' });
    expect(await act(site, sale, { ...fields, unit: '2', email: 'bo@example.org' })).to.include({ error: 'SEAT_UNKNOWN' });
    expect(await act(site, sale, { ...fields, turn: '7', email: 'bo@example.org' })).to.include({ error: 'SEAT_CHANGED' });
    const foreign = { origin: 'https://evil.example.com' };
    expect(await act(site, sale, { ...fields, email: 'bo@example.org' }, foreign)).to.include({ status: 403 });
    const answer = await fetch(`${site.url}/orders/no-token/seats`, { method: 'POST', body: new URLSearchParams(fields) });
    expect(answer.status).to.equal(404);
    expect(enrolments(site)).to.deep.equal([]);
  });

  it('end with the payment, handed out or not', async () => {
    const site = await openSeats();
    const sale = await buys(site, 2);
    await give(site, sale, 1, 'bo');
    await takes(site, ...sale.refunded());
    expect(enrolments(site)).to.deep.equal([]);
    expect(await give(site, sale, 2, 'cy')).to.include({ status: 422 });
    expect(enrolments(site)).to.deep.equal([]);
  });

  it('are taken once by a link that the buyer passes on', async () => {
    const site = await openSeats();
    const sale = await buys(site, 2);
    const page = await site.get(await pageAddress(site, sale), { accept: 'application/json' });
    const { items } = (await page.json()) as Answer;
    const link = items?.[0]?.holders?.[0]?.claimUrl ?? '';
    const shown = await (await fetch(link)).text();
    expect(wordsOf(shown)).to.contain('Ada Byron has paid for Course with a key').and.not.contain('ada@example.org');
    const send = (name: string) =>
      fetch(link, { method: 'POST', body: new URLSearchParams({ name, email: `${name}@example.org` }) });
    expect((await fetch(link, { method: 'POST', body: new URLSearchParams({ email: 'x' }) })).status).to.equal(422);
    const answers = await Promise.all([send('bo'), send('cy')]);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 410]);
    await site.finishesItsSteps();
    expect(enrolments(site)).to.have.length(1);
    expect((await fetch(link)).status).to.equal(410);
  });
});
