import { expect } from 'chai';
import { startAuthorizeNet, type AuthorizeNetDouble } from '../../src/testing/authorize-net/index.ts';
import { closeSites, openSite, type Site } from '../support/open-site.ts';
import { until } from './until.ts';

const buyer = { email: 'ada@example.org', name: 'Ada Example' };

/** The minimal example in test mode, with these gateways. */
async function openShop(gateways: object, price: string): Promise<Site> {
  const site = await openSite('examples/minimal', {
    handover: {
      env: { AUTHNET_LOGIN: 'loginDouble', AUTHNET_KEY: 'transactionKeyDouble', AUTHNET_SIGNS: '0123456789ABCDEF'.repeat(8) },
    },
    files: {
      'handover.json': (old) => ({
        ...old,
        mode: 'test',
        gateways: { stripe: (old['gateways'] as { stripe: object }).stripe, ...gateways },
      }),
      'products/TS-101.json': (old) => ({ ...old, price }),
    },
  });
  site.lms.addCourse({ id: '17', name: 'TypeScript in a week' });
  return site;
}

interface Begun {
  readonly order: string;
  readonly url?: string;
  readonly action?: string;
  readonly fields?: Record<string, string>;
}

async function begin(site: Site, gateway: string): Promise<Begun> {
  const answer = await fetch(`${site.url}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ items: [{ sku: 'TS-101', quantity: 1 }], buyer, gateway }),
  });
  const text = await answer.text();
  expect(answer.status, text).to.be.oneOf([200, 201]);
  return JSON.parse(text) as Begun;
}

async function statusOf(site: Site, order: string): Promise<string | undefined> {
  return (await site.app.store.findOrder(order))?.order.status;
}

describe('A payment that the shop begins', () => {
  let authorizeNet: AuthorizeNetDouble | undefined;
  afterEach(async () => {
    await closeSites();
    await authorizeNet?.close();
    authorizeNet = undefined;
  });

  it("goes to Authorize.net's page and comes back as the very order that was begun", async () => {
    authorizeNet = await startAuthorizeNet();
    const gateway = {
      login: { env: 'AUTHNET_LOGIN' },
      transactionKey: { env: 'AUTHNET_KEY' },
      secrets: [{ env: 'AUTHNET_SIGNS' }],
      apiBase: authorizeNet.url,
      payBase: authorizeNet.url,
    };
    const site = await openShop({ 'authorize-net': gateway }, '49.00 USD');
    authorizeNet.deliverTo = `${site.url}/callbacks/authorize-net`;
    const begun = await begin(site, 'authorize-net');
    expect(await statusOf(site, begun.order)).to.equal('started');
    const { action = '', fields = {} } = begun;
    const paid = await fetch(action, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, act: 'pay', email: buyer.email }),
      redirect: 'manual',
    });
    await until('the order is paid', async () => (await statusOf(site, begun.order)) === 'paid');
    await site.finishesItsSteps();
    expect(site.mailbox.subjectsFor(buyer.email)).to.have.length(1);
    const back = await fetch(paid.headers.get('location') ?? '', { redirect: 'manual' });
    expect(back.headers.get('location') ?? '').to.include('/order');
  });

  it("goes to Stripe's page with our price, and is paid as the order that was begun", async () => {
    const site = await openShop({}, '49.00 EUR');
    const begun = await begin(site, 'stripe');
    const id = begun.url?.split('/').at(-1) ?? '';
    await site.receives(site.stripe.saleOf(id, buyer).completed());
    await site.finishesItsSteps();
    expect(await statusOf(site, begun.order)).to.equal('paid');
  });

  it('can be tried out in the sandbox without any account', async () => {
    const site = await openShop({ sandbox: {} }, '49.00 EUR');
    const begun = await begin(site, 'sandbox');
    const url = new URL(begun.url ?? '');
    const page = await site.get(url.pathname.replace(new URL(site.url).pathname, '') + url.search);
    const [, sale = ''] = /name="sale" value="([^"]+)"/.exec(await page.text()) ?? [];
    const body = new URLSearchParams({ sale, act: 'approve', ...buyer });
    expect((await fetch(`${site.url}/sandbox/pay`, { method: 'POST', body, redirect: 'manual' })).status).to.equal(303);
    await site.finishesItsSteps();
    expect(await statusOf(site, begun.order)).to.equal('paid');
  });
});
