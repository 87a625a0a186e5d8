import { expect } from 'chai';
import type { Cart, Missed } from '../../src/contract/gateway.ts';
import { authorizeNet } from '../../src/gateways/index.ts';
import { cart, failureOf, openAuthorizeNetSite, terms, type AuthorizeNetSite } from './authorize-net-site.ts';

describe("Authorize.net's hosted payment page", () => {
  let site: AuthorizeNetSite;
  beforeEach(async () => (site = await openAuthorizeNetSite()));
  afterEach(() => site.close());

  async function start(changes: Partial<Cart> = {}) {
    const started = await authorizeNet.checkout!({ ...cart, ...changes }, site.context);
    if (started.kind !== 'form') throw new Error(started.kind);
    return started;
  }
  /** What the buyer's browser does: posts the form, then presses a button of the page. */
  async function press(started: { action: string; fields: Readonly<Record<string, string>> }, act: string): Promise<URL> {
    const page = await fetch(started.action, { method: 'POST', body: new URLSearchParams(started.fields) });
    expect(await page.text()).to.contain('Pay 39.98');
    const body = new URLSearchParams({ ...started.fields, act });
    const answer = await fetch(started.action, { method: 'POST', body, redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }

  it('sells the cart, and its payment belongs to the purchase that the return address names', async () => {
    const started = await start();
    const back = await press(started, 'pay');
    const found = await authorizeNet.findReturn!({ query: Object.fromEntries(back.searchParams) }, site.context);
    expect(found).to.deep.equal({ purchase: started.purchase });
    const [missed] = await sweepAll(site, new Date(Date.now() - 60_000));
    const event = await site.event(missed!);
    expect(event).to.deep.include({
      kind: 'payment.completed',
      purchase: started.purchase,
      amount: { amount: 3998, currency: 'USD' },
    });
    expect(event.lines?.[0]).to.include({ sku: 'TS-101', quantity: 2 });
    expect(event.buyer).to.include({ email: 'ada@example.org', firstName: 'Ada', lastName: 'Example' });
  });

  it('sends the buyer who gives up back to the shop', async () => {
    expect((await press(await start(), 'cancel')).href).to.equal('https://shop.example.org/cart');
  });

  it('gives one cart one name, and other carts others that cannot be guessed', async () => {
    const [one, again, other] = [await start(), await start(), await start({ reference: 'cart-2' })];
    expect(again.purchase).to.equal(one.purchase);
    expect(other.purchase).to.not.equal(one.purchase);
    expect(one.purchase).to.match(/^HO-[A-Z2-9]{17}$/);
    const forged = { order: `${one.purchase}.${'A'.repeat(43)}` };
    expect(await authorizeNet.findReturn!({ query: forged }, site.context)).to.equal(undefined);
    expect(await authorizeNet.findReturn!({ query: { order: one.purchase } }, site.context)).to.equal(undefined);
  });

  it('takes long titles and many names, within the limits of the API', async () => {
    const title = 'A very long title of a very long course '.repeat(9);
    await start({ lines: [{ ...cart.lines[0]!, title }], buyer: { name: 'Ada Augusta King Example' } });
    const [request] = site.double.requests;
    const { transactionRequest } = (
      request?.json as { getHostedPaymentPageRequest: { transactionRequest: Record<string, unknown> } }
    ).getHostedPaymentPageRequest;
    expect(transactionRequest['billTo']).to.deep.equal({ firstName: 'Ada', lastName: 'Augusta King Example' });
  });

  it('says before any money moves what it cannot sell', async () => {
    const sku = 'A-SKU-THAT-IS-LONGER-THAN-THIRTY-ONE';
    const cases: Partial<Cart>[] = [
      { total: { amount: 3998, currency: 'EUR' } },
      { lines: [{ ...cart.lines[0]!, sku }] },
      { lines: Array.from({ length: 31 }, () => cart.lines[0]!) },
    ];
    for (const changes of cases) expect(await failureOf(start(changes))).to.equal('AUTHORIZE_NET_CART_IMPOSSIBLE never');
    expect(site.double.requests).to.have.length(0);
  });
});

async function sweepAll(site: AuthorizeNetSite, since: Date): Promise<Missed[]> {
  const found: Missed[] = [];
  for await (const missed of authorizeNet.sweep!(since, site.context)) found.push(missed);
  return found;
}

describe("Authorize.net's own books", () => {
  let now = new Date('2026-03-01T12:00:00Z');
  let site: AuthorizeNetSite;
  beforeEach(async () => {
    now = new Date('2026-03-01T12:00:00Z');
    site = await openAuthorizeNetSite({}, { now: () => now });
  });
  afterEach(() => site.close());
  const since = new Date('2026-03-01T00:00:00Z');

  it('tell what never arrived: settled batches first, then what waits', async () => {
    const first = site.double.sale(terms);
    const notice = first.charged();
    site.double.settle();
    now = new Date('2026-03-02T12:00:00Z');
    const refused = site.double.sale(terms);
    refused.declined();
    const found = await sweepAll(site, since);
    expect(found.map(({ deliveryId }) => deliveryId)).to.deep.equal([
      `transaction:${first.transaction.id}:money`,
      `transaction:${refused.transaction.id}:failed`,
    ]);
    expect(await site.event(found[0]!)).to.deep.equal(await site.event(notice));
    expect(await site.event(found[1]!)).to.include({ kind: 'payment.failed', reason: 'This transaction has been declined.' });
  });

  it('name a transaction alike before and after it is settled, and anew when it changes', async () => {
    const sale = site.double.sale(terms);
    sale.charged();
    const before = await sweepAll(site, since);
    now = new Date('2026-03-01T20:00:00Z');
    site.double.settle();
    now = new Date('2026-03-01T21:00:00Z');
    expect(await sweepAll(site, since)).to.deep.equal(before);
    sale.refunded();
    expect(await sweepAll(site, since)).to.have.length(2);
  });

  it('are read page by page, and over months in parts', async () => {
    for (let index = 0; index < 260; index++) site.double.sale(terms).charged();
    expect(await sweepAll(site, since)).to.have.length(260);
    site.double.settle();
    now = new Date('2026-05-15T12:00:00Z');
    expect(await sweepAll(site, since)).to.have.length(260);
  });
});

describe('older ways of Authorize.net to call back', () => {
  const returnUrl = 'https://shop.example.org/shop/return/authorize-net';

  it('answers a relay response with a page that leads to the order', async () => {
    const site = await openAuthorizeNetSite({ relay: 'accept', returnUrl });
    const sale = site.double.sale(terms);
    sale.charged();
    const reply = await site.reply(site.double.post(sale.transaction));
    expect(reply?.headers?.['Content-Type']).to.contain('text/html');
    const [, address = ''] = /href="([^"]+)"/.exec(reply?.body ?? '') ?? [];
    const query = Object.fromEntries(new URL(address).searchParams);
    expect(await authorizeNet.findReturn!({ query }, site.context)).to.deep.equal({ purchase: sale.transaction.id });
    await site.close();
  });

  it('are refused unless the configuration takes them, and MD5 always', async () => {
    const site = await openAuthorizeNetSite();
    const sale = site.double.sale(terms);
    sale.charged();
    const codeOf = (post: Parameters<typeof site.verify>[0]) => {
      const verdict = site.verify(post);
      return verdict.kind === 'refused' ? verdict.code : verdict.kind;
    };
    expect(codeOf(site.double.post(sale.transaction))).to.equal('AUTHORIZE_NET_RELAY_REFUSED');
    expect(codeOf(site.double.post(sale.transaction, { proof: false }))).to.equal('SIGNATURE_MISSING');
    const md5 = { proof: false, changes: { x_md5_hash: 'A'.repeat(32) } };
    const sent = site.double.post(sale.transaction, md5);
    expect(codeOf({ ...sent, body: sent.body.replace('&x_MD5_Hash=', '') })).to.equal('SIGNATURE_OBSOLETE');
    await site.close();
  });

  it('take an unproved post for a question to Authorize.net, whatever it claims', async () => {
    const site = await openAuthorizeNetSite({ silentPost: 'hint' });
    const sale = site.double.sale(terms);
    sale.declined();
    const lie = { proof: false, changes: { x_response_code: '1', x_amount: '39.98' } };
    expect((await site.event(site.double.post(sale.transaction, lie))).kind).to.equal('payment.failed');
    const nobody = site.double.post({ ...sale.transaction, id: '70000000001' }, lie);
    expect(await site.why(nobody)).to.contain('has no transaction 70000000001');
    expect(site.verify(site.double.post({ ...sale.transaction, id: 'x1' }, lie)).kind).to.equal('refused');
    await site.close();
  });
});

describe('checking an Authorize.net account', () => {
  let site: AuthorizeNetSite;
  beforeEach(async () => (site = await openAuthorizeNetSite()));
  afterEach(() => site.close());
  const bad = async () => (await authorizeNet.check!(site.context)).filter(({ ok }) => !ok).map(({ message }) => message);
  const events = ['authcapture', 'priorAuthCapture', 'refund', 'void'].map((name) => `net.authorize.payment.${name}.created`);
  const webhook = {
    url: 'https://shop.example.org/shop/callbacks/authorize-net',
    status: 'active',
    eventTypes: [...events, 'net.authorize.payment.fraud.approved'],
  };

  it('is content with working keys, the right currency and an active webhook', async () => {
    site.double.account.webhooks.push(webhook);
    expect(await bad()).to.deep.equal([]);
  });

  it('says what is wrong with keys, currency, test mode and permissions', async () => {
    site.double.account.webhooks.push(webhook);
    site.double.account.isTestMode = true;
    site.double.account.mayRead = false;
    expect(await bad()).to.deep.equal(['The account is in Test Mode: nothing is charged.']);
    site.double.account.isTestMode = false;
    expect((await bad())[0]).to.contain('does not let us ask for transactions');
    const wrong = await openAuthorizeNetSite({ login: 'somebody', currency: 'EUR' });
    expect((await authorizeNet.check!(wrong.context))[0]?.message).to.contain('refuses the login or the transaction key');
    await wrong.close();
  });

  it('misses a webhook that is not there, not active, or not told enough', async () => {
    expect(await bad()).to.deep.equal(['No webhook of this account ends in /callbacks/authorize-net.']);
    site.double.account.webhooks.push({ ...webhook, status: 'inactive' });
    expect((await bad())[0]).to.contain('is inactive');
    site.double.account.webhooks.splice(0, 1, { ...webhook, eventTypes: events });
    expect((await bad())[0]).to.contain('does not get net.authorize.payment.fraud.approved');
  });
});

describe('the double of Authorize.net', () => {
  it('is as strict as the API: order of elements, lengths, keys; errors come with status 200 behind a byte order mark', async () => {
    const site = await openAuthorizeNetSite();
    const { double } = site;
    const merchantAuthentication = { name: double.login, transactionKey: double.transactionKey };
    const call = async (name: string, request: object) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${double.url}/xml/v1/request.api`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ [name]: request }),
      });
      expect(answer.status).to.equal(200);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([...bytes.subarray(0, 3)]).to.deep.equal([0xef, 0xbb, 0xbf]);
      const { messages } = JSON.parse(bytes.subarray(3).toString()) as {
        messages: { message: { code: string; text: string }[] };
      };
      return `${messages.message[0]?.code} ${messages.message[0]?.text}`;
    };
    const transactionRequest = { transactionType: 'authCaptureTransaction', amount: '1.00' };
    const cases: [string, object, string][] = [
      ['authenticateTestRequest', { merchantAuthentication }, 'I00001'],
      ['authenticateTestRequest', { merchantAuthentication: { ...merchantAuthentication, name: 'x' } }, 'E00007'],
      [
        'getTransactionDetailsRequest',
        { transId: '1', merchantAuthentication },
        "invalid child element 'merchantAuthentication'",
      ],
      ['getTransactionDetailsRequest', { merchantAuthentication, transId: '1' }, 'E00040'],
      [
        'getHostedPaymentPageRequest',
        { merchantAuthentication, hostedPaymentSettings: {}, transactionRequest },
        "'transactionRequest'",
      ],
      [
        'getHostedPaymentPageRequest',
        { merchantAuthentication, transactionRequest: { amount: '1.00', transactionType: 'authCaptureTransaction' } },
        "invalid child element 'transactionType'",
      ],
      ['getHostedPaymentPageRequest', { merchantAuthentication, refId: 'x'.repeat(21), transactionRequest }, 'MaxLength'],
      ['sellEverythingRequest', { merchantAuthentication }, 'is not declared'],
    ];
    for (const [name, request, said] of cases) expect(await call(name, request), name).to.contain(said);
    await site.close();
  });
});
