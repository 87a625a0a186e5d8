import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { certificateFamily, startPaypal, type PaypalDouble } from '../../src/testing/paypal/index.ts';

describe('the double of PayPal', () => {
  let double: PaypalDouble;
  let at: Date;
  beforeEach(async () => {
    at = new Date();
    double = await startPaypal({ now: () => at, tokenSeconds: 600 });
  });
  afterEach(() => double.close());

  const basic = () => `Basic ${Buffer.from(`${double.clientId}:${double.clientSecret}`).toString('base64')}`;
  async function token(authorization = basic()): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await fetch(`${double.url}/v1/oauth2/token`, { method: 'POST', headers: { authorization }, body });
    return ((await answer.json()) as { access_token?: string }).access_token ?? '';
  }
  async function post(path: string, body: unknown, headers: Record<string, string> = {}, bearer?: string) {
    const authorization = `Bearer ${bearer ?? (await token())}`;
    const answer = await fetch(double.url + path, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const json = (await answer.json()) as { id?: string; name?: string; details?: { issue: string }[] };
    return { status: answer.status, json, issues: json.details?.map(({ issue }) => issue) ?? [] };
  }

  const eur = (value: string) => ({ currency_code: 'EUR', value });
  const order = (changes: object = {}, amount: object = { ...eur('10.00'), breakdown: { item_total: eur('10.00') } }) => ({
    intent: 'CAPTURE',
    purchase_units: [{ amount, items: [{ name: 'A', sku: 'A', quantity: '2', unit_amount: eur('5.00') }], ...changes }],
  });

  it('gives tokens to its own app only, and forgets them in time', async () => {
    expect(await token('Basic d3Jvbmc6c2VjcmV0')).to.equal('');
    const bearer = await token();
    expect((await post('/v2/checkout/orders', order(), {}, bearer)).status).to.equal(201);
    at = new Date(at.getTime() + 601_000);
    expect((await post('/v2/checkout/orders', order(), {}, bearer)).status).to.equal(401);
  });

  it('refuses orders as PayPal does', async () => {
    const issues = async (body: object) => (await post('/v2/checkout/orders', body)).issues;
    expect(await issues(order({}, eur('10.00')))).to.deep.equal(['ITEM_TOTAL_REQUIRED']);
    expect(await issues(order({}, { ...eur('10.00'), breakdown: { item_total: eur('9.00') } }))).to.deep.equal([
      'ITEM_TOTAL_MISMATCH',
      'AMOUNT_MISMATCH',
    ]);
    expect(await issues(order({}, { currency_code: 'HUF', value: '10.50' }))).to.deep.equal(['DECIMALS_NOT_SUPPORTED']);
    expect(await issues(order({}, { currency_code: 'KWD', value: '1.500' }))).to.deep.equal(['CURRENCY_NOT_SUPPORTED']);
    expect(await issues(order({ customId: 'x' }))).to.deep.equal(['UNKNOWN_FIELD']);
    expect(await issues(order({ items: [{ name: 'A', quantity: 2, unit_amount: eur('5.00') }] }))).to.deep.equal([
      'INVALID_PARAMETER_SYNTAX',
    ]);
    expect(await issues({ ...order(), payment_source: { paypal: {} } })).to.deep.equal(['PAYPAL_REQUEST_ID_REQUIRED']);
  });

  it('does once what one request id asks for, and refuses the id for anything else', async () => {
    const headers = { 'paypal-request-id': 'r-1' };
    const [first, second] = [
      await post('/v2/checkout/orders', order(), headers),
      await post('/v2/checkout/orders', order(), headers),
    ];
    expect([first.status, second.status]).to.deep.equal([201, 200]);
    expect(second.json.id).to.equal(first.json.id);
    expect((await post('/v2/checkout/orders', order({ custom_id: 'x' }), headers)).issues).to.deep.equal([
      'PAYPAL_REQUEST_ID_PREVIOUSLY_USED',
    ]);
  });

  it('captures what the buyer approved on its page, once', async () => {
    const paypal = {
      experience_context: { return_url: 'https://shop.example.com/back', cancel_url: 'https://shop.example.com/cart' },
    };
    const made = await post('/v2/checkout/orders', { ...order(), payment_source: { paypal } }, { 'paypal-request-id': 'r-2' });
    const capture = () => post(`/v2/checkout/orders/${made.json.id}/capture`, {});
    expect((await capture()).issues).to.deep.equal(['ORDER_NOT_APPROVED']);
    const page = await fetch(`${double.url}/checkoutnow?token=${made.json.id}`);
    expect(await page.text()).to.contain('10.00 EUR');
    const approved = await fetch(`${double.url}/checkoutnow/approve?token=${made.json.id}`, {
      method: 'POST',
      redirect: 'manual',
    });
    expect(approved.headers.get('location')).to.equal(`https://shop.example.com/back?token=${made.json.id}&PayerID=PAYER1DOUBLE`);
    expect((await capture()).status).to.equal(201);
    expect((await capture()).issues).to.deep.equal(['ORDER_ALREADY_CAPTURED']);
    expect(double.told.map(({ type }) => type)).to.deep.equal(['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED']);
  });

  it('makes certificates that lead from its own root to a name of PayPal', () => {
    const { root, middle, signer } = certificateFamily();
    const [top, between, leaf] = [root, middle, signer].map(({ pem }) => new X509Certificate(pem));
    expect(leaf!.checkIssued(between!) && leaf!.verify(between!.publicKey)).to.equal(true);
    expect(between!.checkIssued(top!) && between!.verify(top!.publicKey)).to.equal(true);
    expect([top!.ca, between!.ca, leaf!.ca]).to.deep.equal([true, true, false]);
    expect(leaf!.checkHost('messageverificationcerts.paypal.com')).to.equal('messageverificationcerts.paypal.com');
  });
});
