import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { startPaypal, type PaypalDouble } from '../../src/testing/paypal/index.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { openShop } from './shop.ts';

const ada = 'ada@example.org';

describe('A shop with PayPal', () => {
  let paypal: PaypalDouble;
  let site: Site;

  beforeEach(async () => {
    paypal = await startPaypal();
    const gateway = {
      clientId: paypal.clientId,
      clientSecret: { env: 'PAYPAL_CLIENT_SECRET' },
      webhookIds: [paypal.webhookId],
      apiBase: paypal.url,
      roots: [{ env: 'PAYPAL_ROOT' }],
    };
    const ipn = { accounts: [paypal.merchantId], postbackUrl: paypal.postbackUrl };
    site = await openShop({
      site: { gateways: { paypal: gateway, 'paypal-ipn': ipn } },
      handover: { env: { PAYPAL_CLIENT_SECRET: paypal.clientSecret, PAYPAL_ROOT: paypal.roots[0] } },
    });
  });
  afterEach(async () => {
    await closeSites();
    await paypal.close();
  });

  const lines = [{ sku: 'TS-101', name: 'TypeScript in a week', price: '49.00' }];
  const courses = () => site.lms.books.enrolments.length;

  it('enrols the buyer when the order is approved, and once, though several notices and the return tell of it', async () => {
    const sale = paypal.sale({ lines });
    const approved = sale.approve();
    expect(await site.receives(approved, 'paypal')).to.include({ status: 200 });
    await site.finishesItsSteps();
    for (const callback of paypal.told) expect((await site.receives(callback, 'paypal')).status).to.equal(200);
    await site.get(`/return/paypal?token=${sale.order.id}&PayerID=PAYER1DOUBLE`);
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
    expect(site.mailbox.subjectsFor(ada)).to.have.length(1);
  });

  it('delivers when no notice ever comes, by the return of the buyer', async () => {
    const sale = paypal.sale({ lines });
    sale.approve();
    const answer = await site.get(`/return/paypal?token=${sale.order.id}&PayerID=PAYER1DOUBLE`);
    expect(answer.status).to.be.oneOf([200, 303]);
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
    const again = await site.get(`/return/paypal?token=${sale.order.id}`);
    expect(again.headers.get('location')).to.contain('/shop/');
  });

  it('begins a payment with its own prices and delivers what PayPal says was paid', async () => {
    const body = JSON.stringify({ gateway: 'paypal', items: [{ sku: 'TS-101' }], buyer: { email: ada } });
    const begun = await fetch(`${site.url}/checkout`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect(begun.status, await begun.clone().text()).to.be.oneOf([200, 201]);
    const [order] = paypal.books.all('orders');
    expect(await site.receives(paypal.saleOf(order?.['id'] as string).approve(), 'paypal')).to.include({ status: 200 });
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
  });

  it('asks for a callback again while the certificate cannot be fetched, counts it, and takes it afterwards', async () => {
    const callback = paypal.sale({ lines }).captured();
    const headers = paypal.sign(callback.body, { certificate: 'CERT-FRESH' });
    paypal.faults.next(fault.status(503, { retryAfter: 90 }), { path: /certs/ });
    const answer = await fetch(`${site.url}/callbacks/paypal`, { method: 'POST', body: callback.body, headers });
    expect(answer.status).to.equal(503);
    expect(answer.headers.get('retry-after')).to.equal('90');
    expect(await answer.text()).to.contain('PAYPAL_CERTIFICATE_UNREACHABLE');
    expect(site.log.filter(({ level }) => level === 'error')).to.have.length(0);
    expect((await site.receives(callback, 'paypal')).status).to.equal(200);
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
  });

  it('takes the course back with the whole refund', async () => {
    const sale = paypal.sale({ lines });
    await site.receives(sale.captured(), 'paypal');
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
    await site.receives(sale.refunded(), 'paypal');
    await site.finishesItsSteps();
    expect(courses()).to.equal(0);
  });

  it('delivers by the older notifications as well', async () => {
    const message = paypal.ipn({
      txn_id: '61E67681CH3238416',
      txn_type: 'web_accept',
      payment_status: 'Completed',
      payment_date: '20:12:59 Jan 13, 2026 PST',
      mc_gross: '49.00',
      mc_currency: 'EUR',
      item_number: 'TS-101',
      quantity: '1',
    });
    expect((await site.receives(message, 'paypal-ipn')).status).to.equal(200);
    expect((await site.receives({ ...message, body: message.body.replace('61E6', '99E9') }, 'paypal-ipn')).status).to.equal(400);
    await site.finishesItsSteps();
    expect(courses()).to.equal(1);
  });
});
