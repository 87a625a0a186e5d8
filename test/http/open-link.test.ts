import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { buyer, newestMail, openShop, pageJson, sell, takes, type Sale } from '../flow/shop.ts';

async function sold(site: Site): Promise<Sale> {
  const sale = sell(site, ['TS-101']);
  await takes(site, sale.completed());
  return sale;
}

async function openLink(site: Site, sale: Sale): Promise<string> {
  const { items } = await pageJson(site, sale);
  return items[0]!.grants[0]!.outputs['loginUrl']!.values[0]!;
}

describe('The link that signs a learner in', () => {
  afterEach(closeSites);

  it('is made at the click, is another one at each click, and opens the course', async () => {
    const site = await openShop();
    const sale = await sold(site);
    expect(site.lms.books.requests.some(({ query }) => query['fields']?.includes('sso'))).to.equal(false);
    const link = await openLink(site, sale);
    const first = await site.get(link);
    const second = await site.get(link);
    expect(first.status).to.equal(303);
    expect(first.headers.get('cache-control')).to.equal('no-store');
    expect(first.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(first.headers.get('location'))
      .to.match(new RegExp(`^${site.lms.origin}/sso/`))
      .and.not.equal(second.headers.get('location'));
    const page = await fetch(first.headers.get('location')!);
    expect([page.status, await page.text()].join(' ')).to.match(/^200 .*Signed in as ada@example\.org.*TypeScript in a week/s);
  });

  it('stands in the mail, and no secret of the LMS is in the mail, the log or the store', async () => {
    const site = await openShop();
    const sale = await sold(site);
    const link = /http:\S+\/open\/\S+/.exec(newestMail(site).text)?.[0];
    const target = (await site.get(link!)).headers.get('location')!;
    expect(target).to.contain('/sso/');
    const record = await site.app.store.findPurchase('stripe', sale.session.id);
    const texts = [
      JSON.stringify(site.log),
      JSON.stringify(record),
      JSON.stringify(await site.app.store.history(record!.order.id)),
      ...site.mailbox.messages.map(({ raw }) => raw),
    ];
    for (const secret of site.lms.books.secrets) for (const text of texts) expect(text).not.to.contain(secret);
  });

  it('is not used up by a mail scanner that asks with HEAD', async () => {
    const site = await openShop();
    const link = await openLink(site, await sold(site));
    const head = await fetch(link, { method: 'HEAD', redirect: 'manual' });
    expect(head.status).to.equal(303);
    expect(head.headers.get('location')).to.match(new RegExp(`^${site.url}/orders/`));
    expect(site.lms.books.requests.some(({ query }) => query['fields']?.includes('sso'))).to.equal(false);
  });

  it('leads to the order page after a refund, which says why', async () => {
    const site = await openShop();
    const sale = await sold(site);
    const link = await openLink(site, sale);
    await takes(site, ...sale.refunded());
    const answer = await site.get(link);
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.match(new RegExp(`^${site.url}/orders/`));
    expect(await (await site.get(answer.headers.get('location')!)).text()).to.contain('Your money has been returned');
  });

  it('leads to the order page during a dispute', async () => {
    const site = await openShop();
    const sale = await sold(site);
    const link = await openLink(site, sale);
    await takes(site, sale.disputed());
    expect((await site.get(link)).headers.get('location')).to.match(new RegExp(`^${site.url}/orders/`));
  });

  it('asks the learner for the password where the account was not made by this order', async () => {
    const site = await openShop();
    site.lms.addUser({ username: buyer, email: buyer });
    const link = await openLink(site, await sold(site));
    expect((await site.get(link)).headers.get('location')).to.equal(`${site.lms.origin}/`);
  });

  it('leads to the portal while the LMS cannot make one', async () => {
    const site = await openShop();
    const link = await openLink(site, await sold(site));
    site.lms.faults.always(fault.status(500));
    const answer = await site.get(link);
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, `${site.lms.origin}/`]);
  });

  it('is an error page with a way back when nothing can be made of it, without a stack', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    site.lms.changeCourse('17', { isActive: false });
    await takes(site, sale.completed());
    const record = await site.app.store.findPurchase('stripe', sale.session.id);
    const link = site.app.edition().links.open(record!.order.id, record!.grants[0]!.id);
    const answer = await site.get(link, { accept: 'text/html' });
    const text = await answer.text();
    expect(answer.status).to.equal(503);
    expect(text)
      .to.contain(record!.order.id)
      .and.not.match(/node_modules|\.ts:\d+|Error:/);
    const json = await site.get(link, { accept: 'application/json' });
    expect([json.status, ((await json.json()) as { error: string }).error]).to.deep.equal([503, 'LINK_NOT_MADE']);
  });

  it('is not found for a grant that does not exist, or of another order', async () => {
    const site = await openShop();
    const sale = await sold(site);
    const record = (await site.app.store.findPurchase('stripe', sale.session.id))!;
    const { links } = site.app.edition();
    expect((await site.get(links.open(record.order.id, `${record.order.id}/9/1/course`))).status).to.equal(404);
    expect((await site.get(links.open('AAAA-BBBB-CCCC', record.grants[0]!.id))).status).to.equal(404);
    expect((await site.get('/open/x')).status).to.equal(404);
  });
});
