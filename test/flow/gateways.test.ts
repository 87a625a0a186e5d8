import { expect } from 'chai';
import { signCart, type WebmoneyCart } from '../../src/gateways/index.ts';
import type { OrderRecord } from '../../src/storage/store.ts';
import {
  bodyOf,
  cartSecret,
  formType,
  hashed,
  notice,
  secret as purseSecret,
  type FormFields,
} from '../gateways/webmoney-form.ts';
import {
  fastspring,
  fastspringOrder,
  lemonSqueezy,
  signPlain,
  signStandard,
  standard,
  textSecret,
  whsec,
  woocommerce,
} from '../gateways/signed-samples.ts';
import type { SentCallback } from '../../src/testing/suites/gateway-suite.ts';
import { closeSites, openSite, type Site } from '../support/open-site.ts';

const buyer = 'ada@example.org';
const owner = 'owner@example.org';
const env = { PURSE_SECRET: purseSecret, CART_SECRET: cartSecret, SHARED_SECRET: textSecret, WHSEC: whsec };

const secrets = [{ env: 'SHARED_SECRET' }];
const gateways = {
  webmoney: { purses: ['E123456789012'], secrets: [{ env: 'PURSE_SECRET' }], cartSecrets: [{ env: 'CART_SECRET' }] },
  'back-office': { use: 'signed', secrets: [{ env: 'WHSEC' }] },
  squeezy: { use: 'signed', preset: 'lemon-squeezy', secrets },
  woo: { use: 'signed', preset: 'woocommerce', secrets },
  spring: { use: 'signed', preset: 'fastspring', secrets },
  unfinished: { use: 'signed', preset: 'hmac', secrets },
};

/** The minimal example in live mode, selling the course through these gateways. */
async function openShop(): Promise<Site> {
  const site = await openSite('examples/minimal', {
    handover: { env },
    files: {
      'handover.json': (old) => ({
        ...old,
        mode: 'live',
        gateways: { stripe: (old['gateways'] as { stripe: object }).stripe, ...gateways },
      }),
      'products/TS-101.json': (old) => ({ ...old, price: ['49.00 EUR', '19.99 USD'], aliases: ['4711'] }),
    },
  });
  site.lms.addCourse({ id: '17', name: 'TypeScript in a week' });
  return site;
}

async function send(site: Site, gateway: string, { body, headers }: SentCallback): Promise<{ status: number; text: string }> {
  const answer = await site.receives({ body: String(body), headers: headers as Record<string, string> }, gateway);
  await site.finishesItsSteps();
  return answer;
}

async function orderOf(site: Site, gateway: string, purchase: string): Promise<OrderRecord['order']> {
  const record = await site.app.store.findPurchase(gateway, purchase);
  if (!record) throw new Error(`There is no order of ${purchase}.`);
  return record.order;
}

function enrolled(site: Site): string[] {
  return site.lms.books.enrolments.map(({ email, courseId }) => `${email}: ${courseId}`);
}

/** `20260102 03:04:05` */
function nowInMoscow(): string {
  const [date = '', time = ''] = new Date(Date.now() + 3 * 60 * 60 * 1000).toISOString().slice(0, 19).split('T');
  return `${date.replaceAll('-', '')} ${time}`;
}

describe('A payment through WebMoney', () => {
  afterEach(closeSites);

  const cart: WebmoneyCart = {
    number: '1007',
    items: [{ sku: 'TS-101', price: '49.00 EUR' }],
    buyer: { email: buyer, name: 'Ada Example' },
  };
  const purse = { LMI_PAYEE_PURSE: 'E123456789012' };
  const post = (fields: FormFields): SentCallback => ({ headers: formType, body: bodyOf(fields) });
  const asked = (changes: FormFields = {}) =>
    post({ LMI_PREREQUEST: '1', LMI_MODE: '0', ...purse, ...signCart(cart, cartSecret).fields, ...changes });
  const paid = (changes: FormFields = {}) =>
    post(hashed({ ...notice, ...purse, ...signCart(cart, cartSecret).fields, ...changes }));

  it('is asked about, made and delivered; the buyer comes back to the order', async () => {
    const site = await openShop();
    expect(await send(site, 'webmoney', asked())).to.deep.equal({ status: 200, text: 'YES' });
    expect(await site.app.store.findPurchase('webmoney', '1007')).to.equal(undefined);
    expect(await send(site, 'webmoney', paid({ LMI_SYS_TRANS_DATE: nowInMoscow() }))).to.deep.equal({ status: 200, text: 'YES' });

    expect(await orderOf(site, 'webmoney', '1007')).to.include({ status: 'paid', mode: 'live' });
    expect(enrolled(site)).to.deep.equal(['ada@example.org: 17']);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);

    const back = await site.get(`/return/webmoney?${signCart(cart, cartSecret).returnQuery}`);
    expect(back.status).to.equal(303);
    expect((await site.get(back.headers.get('location') ?? '', { accept: 'text/html' })).status).to.equal(200);
    expect((await site.get('/return/webmoney?order=1007', { accept: 'text/html' })).status).to.equal(404);
  });

  it('is delivered once, however often it is told, also all at once', async () => {
    const site = await openShop();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(site, 'webmoney', paid())));
    await send(site, 'webmoney', paid());
    expect(new Set(answers.map(({ text }) => text))).to.deep.equal(new Set(['YES']));
    expect(site.lms.books.notifications).to.have.length(1);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);
  });

  it('is stopped beforehand when the form was changed in the browser, and held when it was paid all the same', async () => {
    const site = await openShop();
    const stopped = await send(site, 'webmoney', asked({ LMI_PAYMENT_AMOUNT: '0.01' }));
    expect(stopped.status).to.equal(200);
    expect(stopped.text).to.not.match(/^YES/);
    expect(await send(site, 'webmoney', paid({ LMI_PAYMENT_AMOUNT: '0.01' }))).to.deep.equal({ status: 200, text: 'YES' });

    const { status, holds } = await orderOf(site, 'webmoney', '1007');
    expect(status).to.equal('held');
    expect(holds.map(({ code }) => code)).to.include('SUM_MISMATCH');
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is held when its price is not that of the product file', async () => {
    const site = await openShop();
    const cheap = signCart({ ...cart, items: [{ sku: 'TS-101', price: '1.00 EUR' }] }, cartSecret).fields;
    await send(site, 'webmoney', paid(cheap));
    expect((await orderOf(site, 'webmoney', '1007')).holds.map(({ code }) => code)).to.deep.equal(['AMOUNT_MISMATCH']);
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is held without a cart that we signed, and for a test payment on a live site', async () => {
    const site = await openShop();
    await send(site, 'webmoney', paid({ HANDOVER_CART: 'TS-101' }));
    await send(
      site,
      'webmoney',
      paid({ ...signCart({ ...cart, number: '1008' }, cartSecret).fields, LMI_SYS_TRANS_NO: '914', LMI_MODE: '1' }),
    );
    expect((await orderOf(site, 'webmoney', '1007')).holds.map(({ code }) => code)).to.include('ITEMS_UNKNOWN');
    expect((await orderOf(site, 'webmoney', '1008')).holds.map(({ code }) => code)).to.deep.equal(['MODE_MISMATCH']);
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is refused when it is forged, and a probe is answered', async () => {
    const site = await openShop();
    const forged = post({ ...Object.fromEntries(new URLSearchParams(String(paid().body))), LMI_HASH2: '0'.repeat(64) });
    const answer = await send(site, 'webmoney', forged);
    expect(answer.status).to.equal(400);
    expect(answer.text).to.match(/^SIGNATURE_MISMATCH/);
    expect(await send(site, 'webmoney', { headers: {}, body: '' })).to.deep.equal({ status: 200, text: 'YES' });
    expect((await site.get('/callbacks/webmoney')).status).to.equal(200);
    expect(await site.app.store.findPurchase('webmoney', '1007')).to.equal(undefined);
  });

  it('that WebMoney holds back is parked for a person, and the owner is told', async () => {
    const site = await openShop();
    await send(site, 'webmoney', paid({ LMI_HOLD: '3' }));
    const [parked] = await site.app.store.parkedCallbacks(10);
    expect(parked?.problem.code).to.equal('WEBMONEY_ON_HOLD');
    expect(site.mailbox.messagesFor(owner)).to.have.length(1);
    expect(enrolled(site)).to.deep.equal([]);
  });
});

describe('A payment through a sender of signed callbacks', () => {
  afterEach(closeSites);

  const order = { ...standard, data: { ...standard.data, amount: 4900, items: [{ sku: 'TS-101', quantity: 1 }] } };

  it('is delivered once, when it is told by Standard Webhooks, repeated and refunded', async () => {
    const site = await openShop();
    const body = JSON.stringify(order);
    expect((await send(site, 'back-office', signStandard('webhook')(body))).status).to.equal(200);
    expect((await send(site, 'back-office', signStandard('svix')(body, { id: 'msg_2' }))).status).to.equal(200);
    expect(enrolled(site)).to.deep.equal(['ada@example.org: 17']);
    expect(site.lms.books.notifications).to.have.length(1);
    expect(site.mailbox.subjectsFor(buyer)).to.have.length(1);

    const refund = { ...order, type: 'payment.refunded', data: { id: 'ord_1', reversal: 're_1', amount: 4900, currency: 'EUR' } };
    await send(site, 'back-office', signStandard('webhook')(JSON.stringify(refund), { id: 'msg_3' }));
    expect((await orderOf(site, 'back-office', 'ord_1')).status).to.equal('refunded');
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is not delivered when it was forged, and is counted', async () => {
    const site = await openShop();
    const sent = signStandard('webhook')(JSON.stringify(order));
    const forged = { ...sent, body: String(sent.body).replace('ada@example.org', 'eve@example.org') };
    const answer = await send(site, 'back-office', forged);
    expect(answer.status).to.equal(400);
    expect(answer.text).to.match(/^SIGNATURE_MISMATCH/);
    await site.app.verdicts.flush();
    const { verdicts } = await site.app.store.status();
    expect(verdicts).to.deep.include({ gateway: 'back-office', verdict: 'refused', code: 'SIGNATURE_MISMATCH', count: 1 });
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is delivered from Lemon Squeezy, known by its variant, and answered with exactly 200', async () => {
    const site = await openShop();
    const one = {
      first_order_item: { variant_id: 4711, quantity: 1, product_name: 'Course' },
      currency: 'EUR',
      subtotal: 4900,
      total: 4900,
    };
    const sign = signPlain('x-signature', 'hex');
    expect(await send(site, 'squeezy', sign(JSON.stringify(lemonSqueezy('order_created', one))))).to.deep.equal({
      status: 200,
      text: '',
    });
    expect(enrolled(site)).to.deep.equal(['ada@example.org: 17']);
    expect((await send(site, 'squeezy', sign(JSON.stringify(lemonSqueezy('subscription_created'))))).status).to.equal(200);
    await send(site, 'squeezy', sign(JSON.stringify(lemonSqueezy('order_refunded', { ...one, refunded_amount: 4900 }))));
    expect(enrolled(site)).to.deep.equal([]);
  });

  it('is delivered from WooCommerce, whose ping is answered first', async () => {
    const site = await openShop();
    const item = {
      sku: 'TS-101',
      quantity: 1,
      name: 'Course',
      subtotal: '41.18',
      subtotal_tax: '7.82',
      total: '41.18',
      total_tax: '7.82',
    };
    const body = woocommerce({ total: '49.00', line_items: [item] });
    expect(await send(site, 'woo', { headers: formType, body: 'webhook_id=12' })).to.deep.equal({ status: 200, text: '' });
    expect((await send(site, 'woo', signPlain('x-wc-webhook-signature', 'base64')(JSON.stringify(body)))).status).to.equal(200);
    expect((await orderOf(site, 'woo', '52')).status).to.equal('paid');
    expect(enrolled(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('is delivered from FastSpring, two orders in one callback, and answered by its rules', async () => {
    const site = await openShop();
    const sign = signPlain('x-fs-signature', 'base64');
    const items = [{ sku: 'TS-101', product: 'course', quantity: 1, display: 'Course', subtotal: 19.99 }];
    const data = (id: string, email: string) => ({
      ...fastspringOrder,
      id,
      order: id,
      total: 19.99,
      items,
      customer: { first: 'A', last: 'B', email },
    });
    const both = fastspring(
      { id: 'evt_1', type: 'order.completed', data: data('o1', 'ada@example.org') },
      { id: 'evt_2', type: 'order.completed', data: data('o2', 'grace@example.org') },
    ) as { events: object[] };
    expect(await send(site, 'spring', sign(JSON.stringify(both)))).to.deep.equal({ status: 200, text: '' });
    expect(enrolled(site).sort()).to.deep.equal(['ada@example.org: 17', 'grace@example.org: 17']);
    const odd = { events: [...both.events, { id: 'evt_3' }] };
    expect(await send(site, 'spring', sign(JSON.stringify(odd)))).to.deep.equal({ status: 202, text: 'evt_1\nevt_2' });
    expect(site.lms.books.notifications).to.have.length(2);
  });

  it('is asked for again as long as the gateway is not set up completely', async () => {
    const site = await openShop();
    const answer = await send(site, 'unfinished', signPlain('x-signature', 'hex')('{}'));
    expect(answer.status).to.equal(503);
    expect(answer.text).to.match(/^SIGNED_PROFILE_INCOMPLETE/);
  });
});
