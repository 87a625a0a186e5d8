import { expect } from 'chai';
import type { AuthorizeNetOptions } from '../../src/gateways/authorize-net/options.ts';
import { provePost } from '../../src/gateways/authorize-net/proof.ts';
import { authorizeNet } from '../../src/gateways/index.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { startAuthorizeNet, type AuthorizeNetCallback, type AuthorizeNetDouble } from '../../src/testing/authorize-net/index.ts';
import { fault } from '../../src/testing/double-server.ts';
import { gatewaySuite } from '../../src/testing/suites/gateway-suite.ts';
import { failureOf, item, openAuthorizeNetSite, terms, type AuthorizeNetSite } from './authorize-net-site.ts';
import { callbackOf, contextFor } from './stripe-site.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('the suite for gateways, on Authorize.net', () => {
  let double: AuthorizeNetDouble;
  let charged: AuthorizeNetCallback;
  let approved: AuthorizeNetCallback;
  const options = (): AuthorizeNetOptions => ({
    login: double.login,
    transactionKey: double.transactionKey,
    secrets: [double.signatureKey],
    apiBase: double.url,
  });

  before(async () => {
    double = await startAuthorizeNet();
    const sale = double.sale(terms);
    charged = sale.charged();
    approved = sale.approved();
  });
  after(() => double.close());

  gatewaySuite<AuthorizeNetOptions>('authorize-net', {
    gateway: authorizeNet,
    options,
    otherAccount: () => ({ ...options(), secrets: ['FEDCBA9876543210'.repeat(8)] }),
    proof: { headers: ['x-anet-signature'] },
    genuine: () => charged,
    again: () => approved,
    resign: (body, { secret } = {}) => ({ body, headers: double.sign(body, secret) }),
    unknownType: () => double.notice('customer.created', { entityName: 'customerProfile', id: '394' }),
    http: createHttpClient(),
    expected: {
      mode: 'live',
      amount: usd(3998),
      buyer: { email: 'ada@example.org', firstName: 'Ada', lastName: 'Example', country: 'US' },
      lines: [{ sku: 'TS-101', title: 'TypeScript in a week', quantity: 2, subtotal: usd(3998), total: usd(3998) }],
    },
  });
});

describe('the suite for gateways, on the relay response of Authorize.net', () => {
  let double: AuthorizeNetDouble;
  let post: AuthorizeNetCallback;

  before(async () => {
    double = await startAuthorizeNet();
    const sale = double.sale(terms);
    sale.charged();
    post = double.post(sale.transaction);
  });
  after(() => double.close());

  gatewaySuite<AuthorizeNetOptions>('authorize-net, relay response', {
    gateway: authorizeNet,
    options: () => ({
      login: double.login,
      transactionKey: double.transactionKey,
      secrets: [double.signatureKey],
      apiBase: double.url,
      relay: 'accept',
    }),
    proof: { fields: ['x_SHA2_Hash'], signed: ['x_trans_id', 'x_response_code', 'x_amount', 'x_invoice_num'] },
    genuine: () => post,
    http: createHttpClient(),
    expected: { mode: 'live', amount: usd(3998) },
  });
});

describe("proving Authorize.net's webhooks", () => {
  const key = '0123456789ABCDEF'.repeat(8);
  const body = '{"id":"evt_demo","n":1.0,"u":"é"}';
  const signature =
    'sha512=3C1DB7B76C7643BAC351BBD35D23685D7B410B37F63A1BEB6344D3F62864523922569212E8D0064901D481951B2711113B76089A3D7FEAF818EE70BF9A4AF4CE';
  const context = (webhookKey?: 'hex') =>
    contextFor<AuthorizeNetOptions>({ login: 'login', transactionKey: 'key', secrets: [key], ...(webhookKey && { webhookKey }) });
  const codeOf = (header: string, webhookKey?: 'hex'): string => {
    const verdict = authorizeNet.verify(callbackOf(body, { 'x-anet-signature': header }), context(webhookKey));
    return 'code' in verdict ? verdict.code : 'none';
  };

  it('agrees with the test vector: the key is the text as it is shown', () => {
    expect(codeOf(signature)).to.equal('MALFORMED');
    expect(codeOf(signature.toLowerCase())).to.equal('MALFORMED');
    expect(codeOf(signature, 'hex')).to.equal('SIGNATURE_MISMATCH');
  });

  it('refuses other algorithms and other lengths', () => {
    for (const header of [signature.replace('sha512', 'sha256'), signature.slice(0, -2), `${signature}00`, signature.slice(7)])
      expect(codeOf(header)).to.equal('SIGNATURE_MALFORMED');
  });

  it('takes both keys while one is being changed', async () => {
    const site = await openAuthorizeNetSite({ secrets: ['F'.repeat(128), key] });
    expect(site.verify(site.double.sale(terms).charged()).kind).to.equal('accepted');
    await site.close();
  });

  it('agrees with the test vector of x_SHA2_Hash, whose key is hexadecimal', () => {
    const values =
      '40000000001,false,1,ABC123,P,2,Y,CC,XXXX1111,19.99,,Ann,Lee,1 Main St,Springfield,IL,62701,US,,,ann@example.com,,,,,,,,,INV-7';
    const names =
      'x_trans_id x_test_request x_response_code x_auth_code x_cvv2_resp_code x_cavv_response x_avs_code x_method x_account_number x_amount x_company x_first_name x_last_name x_address x_city x_state x_zip x_country x_phone x_fax x_email a b c d e f g h x_invoice_num';
    const listed = values.split(',');
    const form = new Map(names.split(' ').map((name, index) => [name, listed[index] ?? '']));
    form.set(
      'x_sha2_hash',
      '4EF2B1C4F8E276C6CEBB97B8EBF7E62C561749799F829E5ACC1B6C1CF9886D089EE588F5D96A04677A7E2B5E920DAA6FED6B3E4020C7819A9DCB7347A6064045',
    );
    expect(provePost(form, [key])).to.equal('genuine');
    expect(provePost(form.set('x_amount', '1.99'), [key])).to.equal('mismatch');
  });
});

describe("reading Authorize.net's transactions", () => {
  let site: AuthorizeNetSite;
  beforeEach(async () => (site = await openAuthorizeNetSite()));
  afterEach(() => site.close());

  it('tells one fact by whatever notice it comes', async () => {
    const sale = site.double.sale(terms);
    const [charged, approved] = [sale.charged(), sale.approved()];
    expect(await site.event(charged)).to.deep.equal(await site.event(approved));
    expect(await site.event(charged)).to.include({ kind: 'payment.completed', id: `${sale.transaction.id}:completed` });
  });

  it('counts an authorization as pending until the money is taken', async () => {
    const sale = site.double.sale(terms);
    const first = await site.event(sale.authorized());
    const second = await site.event(sale.captured());
    expect([first.kind, second.kind]).to.deep.equal(['payment.pending', 'payment.completed']);
    expect(second.purchase).to.equal(first.purchase);
    expect(applyEvents('authorize-net', first.purchase, [second, first]).status).to.equal('paid');
  });

  it('waits while a payment is held, and follows what a person decides', async () => {
    const good = site.double.sale(terms);
    expect((await site.event(good.held())).kind).to.equal('payment.pending');
    expect((await site.event(good.approved())).kind).to.equal('payment.completed');
    const bad = site.double.sale(terms);
    bad.held();
    expect(await site.event(bad.rejected())).to.include({
      kind: 'payment.failed',
      reason: 'The transaction was declined on review.',
    });
  });

  it('takes a void for a refund of everything once money was taken, else for the end of the attempt', async () => {
    const sale = site.double.sale(terms);
    const paid = await site.events(sale.charged());
    const voided = await site.events(sale.voided());
    const { purchase } = voided[0]!;
    expect(applyEvents('authorize-net', purchase, [...voided, ...paid]).status).to.equal('refunded');
    expect(applyEvents('authorize-net', purchase, voided).status).to.equal('expired');
  });

  it('links a refund to what it refunds, and takes back a refund that was voided', async () => {
    const sale = site.double.sale(terms);
    const paid = await site.event(sale.charged());
    const part = await site.event(sale.refunded('10.00'));
    expect(part).to.deep.include({
      kind: 'payment.refunded',
      purchase: paid.purchase,
      payment: paid.payment,
      amount: usd(1000),
      reversal: sale.refunds[0]?.id,
    });
    expect(applyEvents('authorize-net', paid.purchase, [part, paid]).status).to.equal('partlyRefunded');
    const back = await site.event(sale.refundVoided());
    expect(back.kind).to.equal('payment.refundFailed');
    expect(applyEvents('authorize-net', paid.purchase, [back, part, paid]).status).to.equal('paid');
  });

  it('knows a payment that the bank took back', async () => {
    const sale = site.double.sale(terms);
    const notice = sale.charged();
    const paid = await site.event(notice);
    sale.becomes('returnedItem');
    const returned = await site.event(notice);
    expect(applyEvents('authorize-net', paid.purchase, [paid, returned]).status).to.equal('disputeLost');
  });

  it('adds up items, tax and shipping, whether or not the prices contain the tax', async () => {
    const onTop = { ...terms, amount: '47.12', tax: '3.15', shipping: '3.99' };
    const event = await site.event(site.double.sale(onTop).charged());
    expect(event.shipping).to.deep.equal(usd(399));
    expect(event.lines?.[0]).to.deep.include({ subtotal: usd(3998), tax: usd(315), total: usd(4313) });
    const contained = await site.event(site.double.sale({ ...terms, tax: '3.15' }).charged());
    expect(contained.lines?.[0])
      .to.deep.include({ subtotal: usd(3998), total: usd(3998) })
      .and.not.to.have.property('tax');
  });

  it('shares tax out over several items without losing a cent', async () => {
    const items = [item, { itemId: 'TPD-7', quantity: '1', unitPrice: '10.01' }];
    const event = await site.event(site.double.sale({ ...terms, items, amount: '53.99', tax: '4.00' }).charged());
    expect(event.lines?.map(({ tax }) => tax?.amount)).to.deep.equal([319, 81]);
  });

  it('takes a transaction without items for one line, with the SKU where the configuration says', async () => {
    const bare = { amount: '19.99', description: 'TS-101', email: 'ada@example.org' };
    expect((await site.event(site.double.sale(bare).charged())).lines?.[0]).to.not.have.property('sku');
    const other = await openAuthorizeNetSite({ skuFrom: ['item.id', 'order.description'] });
    expect((await other.event(other.double.sale(bare).charged())).lines).to.deep.equal([
      { sku: 'TS-101', title: 'TS-101', quantity: 1, subtotal: usd(1999), total: usd(1999) },
    ]);
    await other.close();
  });

  it('keeps the transactions of one invoice together only where the shop says so', async () => {
    const purchases = async (orders: 'transaction' | 'invoice') => {
      const shop = await openAuthorizeNetSite({ orders });
      const sales = [shop.double.sale(terms), shop.double.sale(terms)];
      const found = await Promise.all(sales.map(async (sale) => (await shop.event(sale.charged())).purchase));
      await shop.close();
      return new Set(found).size;
    };
    expect(await purchases('transaction')).to.equal(2);
    expect(await purchases('invoice')).to.equal(1);
  });

  it('ignores what Test Mode sends, and credits that name no payment', async () => {
    const test = site.double.notice('payment.authcapture.created', { entityName: 'transaction', id: '0' });
    expect(site.verify(test).kind).to.equal('ignored');
    const sale = site.double.sale(terms);
    const notice = sale.charged();
    Object.assign(sale.transaction, { type: 'refundTransaction', status: 'refundPendingSettlement' });
    expect(await site.why(notice)).to.contain('names no transaction');
  });

  it('asks again for a transaction that is not there yet, and gives up in the end', async () => {
    const notice = site.double.notice('payment.authcapture.created', { entityName: 'transaction', id: '60000999999' });
    expect(await failureOf(site.read(notice))).to.equal('AUTHORIZE_NET_TRANSACTION_UNKNOWN later');
    expect(await failureOf(site.read(notice, 9))).to.equal('AUTHORIZE_NET_TRANSACTION_UNKNOWN never');
  });

  it('tells a passing failure from one that a person has to mend', async () => {
    const notice = site.double.sale(terms).charged();
    site.double.faults.next(fault.status(503));
    expect(await failureOf(site.read(notice))).to.equal('AUTHORIZE_NET_DOWN later');
    site.double.faults.next(fault.html());
    expect(await failureOf(site.read(notice))).to.equal('AUTHORIZE_NET_ANSWER_UNREADABLE later');
    site.double.account.mayRead = false;
    expect(await failureOf(site.read(notice))).to.equal('AUTHORIZE_NET_FORBIDDEN never');
    const wrong = await openAuthorizeNetSite({ transactionKey: 'another key' });
    expect(await failureOf(wrong.read(wrong.double.sale(terms).charged()))).to.equal('AUTHORIZE_NET_KEY_REFUSED never');
    await wrong.close();
  });
});

describe("reading Authorize.net's subscriptions", () => {
  let site: AuthorizeNetSite;
  beforeEach(async () => (site = await openAuthorizeNetSite()));
  afterEach(() => site.close());
  const monthly = { name: 'CLUB', amount: '9.00', length: 1, unit: 'months' } as const;

  it('reads the first payment as a purchase and each further one as its renewal, with the period', async () => {
    const subscription = site.double.subscription(monthly);
    const first = await site.event(subscription.pays().charged());
    const second = await site.event(subscription.pays().charged());
    expect([first.kind, second.kind]).to.deep.equal(['payment.completed', 'subscription.renewed']);
    expect(new Set([first.purchase, second.purchase])).to.deep.equal(new Set([`arb-${subscription.id}`]));
    expect(first.lines?.[0]).to.include({ sku: 'CLUB', quantity: 1 });
    const { from = '', until = '' } = second.period ?? {};
    expect(Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000)).to.be.within(28, 31);
  });

  it('knows when it pauses, goes on, fails and ends', async () => {
    const subscription = site.double.subscription(monthly);
    const kinds: [string, string][] = [
      ['suspended', 'subscription.paused'],
      ['updated', 'subscription.resumed'],
      ['failed', 'subscription.renewalFailed'],
      ['cancelled', 'subscription.ended'],
      ['terminated', 'subscription.ended'],
      ['expired', 'subscription.ended'],
    ];
    for (const [change, kind] of kinds) {
      const event = await site.event(subscription.tells(change));
      expect(event, change).to.include({ kind, purchase: `arb-${subscription.id}` });
    }
    for (const change of ['created', 'expiring'])
      expect(site.verify(subscription.tells(change)).kind, change).to.equal('ignored');
  });

  it('reads a renewal that the bank refused', async () => {
    const subscription = site.double.subscription(monthly);
    subscription.pays().charged();
    const refused = subscription.pays();
    refused.declined();
    const event = await site.event(
      site.double.notice('payment.fraud.declined', { entityName: 'transaction', id: refused.transaction.id }),
    );
    expect(event).to.include({ kind: 'subscription.renewalFailed', reason: 'This transaction has been declined.' });
  });
});
