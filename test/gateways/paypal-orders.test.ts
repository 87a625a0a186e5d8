import { expect } from 'chai';
import { StepError } from '../../src/contract/errors.ts';
import { fault } from '../../src/testing/double-server.ts';
import { openPaypalSite, type PaypalSite } from './paypal-site.ts';

describe('what a PayPal order tells', () => {
  let site: PaypalSite;
  beforeEach(async () => (site = await openPaypalSite()));
  afterEach(() => site.close());

  const lines = [
    { sku: 'TS-101', name: 'TypeScript in a week', price: '49.00' },
    { sku: 'TS-102', quantity: 3, price: '25.00' },
  ];
  const captures = () => site.double.requests.filter(({ path }) => path.endsWith('/capture'));
  const eur = (amount: number) => ({ amount, currency: 'EUR' });

  it('turns a capture into a completed payment with its items, buyer and names', async () => {
    const sale = site.double.sale({ lines, customId: 'cart-7', invoiceId: 'INV-7' });
    const event = await site.event(sale.captured({}, { country: 'AT' }));
    const { id } = sale.order;
    expect({ ...event, at: '', metadata: { ...event.metadata } }).to.deep.equal({
      kind: 'payment.completed',
      gateway: 'paypal',
      at: '',
      mode: 'test',
      id: `${sale.capture.id}:completed`,
      purchase: id,
      payment: sale.capture.id,
      receiver: site.double.merchantId,
      amount: eur(12_400),
      lines: [
        { sku: 'TS-101', title: 'TypeScript in a week', quantity: 1, subtotal: eur(4900), total: eur(4900) },
        { sku: 'TS-102', title: 'TS-102', quantity: 3, subtotal: eur(7500), total: eur(7500) },
      ],
      buyer: { email: 'ada@example.org', name: 'Ada Example', firstName: 'Ada', lastName: 'Example', country: 'AT' },
      references: [id, sale.capture.id, 'cart-7', 'INV-7'],
      metadata: { custom_id: 'cart-7', invoice_id: 'INV-7' },
    });
  });

  it('captures an approved order, once, and tells the same fact as the notice of the capture', async () => {
    const sale = site.double.sale({ lines });
    const approved = sale.approve();
    const told = await site.event(approved);
    expect(told).to.include({ kind: 'payment.completed', payment: sale.capture.id });
    expect(await site.event(site.double.told.at(-1)!)).to.deep.equal(told);
    expect(await site.event(approved)).to.deep.equal(told);
    expect(captures()).to.have.length(1);
    expect(captures()[0]?.headers).to.include({ prefer: 'return=representation', 'content-type': 'application/json' });
    expect(captures()[0]?.headers['paypal-request-id']).to.match(/^handover-capture-/);
  });

  it('captures once when the notice and the return are read at the same moment', async () => {
    const sale = site.double.sale({ lines });
    const approved = sale.approve();
    const found = await Promise.all(Array.from({ length: 6 }, () => site.event(approved)));
    expect(new Set(found.map(({ id }) => id))).to.have.length(1);
    expect(new Set(captures().map(({ headers }) => headers['paypal-request-id']))).to.have.length(1);
    expect(site.double.told.filter(({ type }) => type === 'PAYMENT.CAPTURE.COMPLETED')).to.have.length(1);
  });

  it('finds the capture again when its answer was lost', async () => {
    const sale = site.double.sale({ lines });
    const approved = sale.approve();
    site.double.faults.next(fault.commitThenDrop(), { path: /capture$/ });
    expect(await site.failure(approved)).to.include({ code: 'NO_ANSWER', retry: 'later' });
    expect(await site.event(approved)).to.include({ kind: 'payment.completed', payment: sale.capture.id });
    expect(captures()).to.have.length(1);
  });

  it('takes an order that somebody else captured meanwhile for a success', async () => {
    const sale = site.double.sale({ lines });
    const approved = sale.approve();
    site.double.faults.next(
      fault.first(() => void sale.captured()),
      { path: /capture$/ },
    );
    expect(await site.event(approved)).to.include({ kind: 'payment.completed', payment: sale.capture.id });
  });

  it('does not take a 201 for money: a capture can be pending or declined', async () => {
    const pending = site.double.sale({ lines });
    const first = pending.approve();
    pending.willCapture({ status: 'PENDING', reason: 'ECHECK' });
    expect(await site.event(first)).to.include({ kind: 'payment.pending', reason: 'echeck' });
    expect(await site.event(pending.settled())).to.include({ kind: 'payment.completed', payment: pending.capture.id });
    const declined = site.double.sale({ lines });
    const second = declined.approve();
    declined.willCapture({ status: 'DECLINED' });
    expect(await site.event(second)).to.include({ kind: 'payment.failed', payment: declined.capture.id });
  });

  it('tells a denied capture, whichever of its two names it comes under', async () => {
    const sale = site.double.sale({ lines });
    sale.captured({ status: 'PENDING', reason: 'PENDING_REVIEW' });
    expect(await site.event(sale.settled({ status: 'DECLINED' }))).to.include({ kind: 'payment.failed' });
    const other = site.double.tell('PAYMENT.CAPTURE.DECLINED', sale.capture);
    expect(await site.event(other)).to.include({ kind: 'payment.failed', id: `${sale.capture.id}:failed` });
  });

  it('tells a declined instrument as a failed attempt, and tries the next approval anew', async () => {
    let at = new Date();
    const other = await openPaypalSite({}, { now: () => at });
    const sale = other.double.sale({ lines });
    const first = sale.approve();
    sale.willCapture({ issue: 'INSTRUMENT_DECLINED' });
    const failed = await other.event(first);
    expect(failed).to.include({ kind: 'payment.failed', reason: 'PayPal declined the payment: instrument declined.' });
    at = new Date(at.getTime() + 60_000);
    expect(await other.event(sale.approve())).to.include({ kind: 'payment.completed', purchase: failed.purchase });
    const ids = other.double.requests
      .filter(({ path }) => path.endsWith('/capture'))
      .map(({ headers }) => headers['paypal-request-id']);
    expect(new Set(ids)).to.have.length(2);
    await other.close();
  });

  it('waits while PayPal is at it, and leaves a shop error to a person', async () => {
    const sale = site.double.sale({ lines });
    const approved = sale.approve();
    sale.willCapture({ issue: 'ORDER_COMPLETION_IN_PROGRESS' });
    expect(await site.failure(approved)).to.include({ code: 'PAYPAL_CAPTURE_UNDER_WAY', retry: 'later' });
    site.double.sale({ lines, invoiceId: 'INV-1' }).captured();
    const twice = site.double.sale({ lines, invoiceId: 'INV-1' });
    expect(await site.failure(twice.approve())).to.include({ code: 'PAYPAL_INVOICE_TWICE', retry: 'never' });
  });

  it('captures nothing that would pay somebody else, that is only to be authorised, or that the shop keeps to itself', async () => {
    const careful = await openPaypalSite({ merchantId: 'MERCHANT1DBL' });
    const foreign = careful.double.sale({ lines, payee: 'SOMEBODYELSE' });
    expect(await careful.failure(foreign.approve())).to.include({ code: 'PAYPAL_PAYEE_OTHER', retry: 'never' });
    expect(await careful.event(careful.double.sale({ lines }).approve())).to.include({ kind: 'payment.completed' });
    await careful.close();
    expect(await site.why(site.double.sale({ lines, intent: 'AUTHORIZE' }).approve())).to.contain('authorised first');
    const own = await openPaypalSite({ capture: 'never' });
    expect(await own.why(own.double.sale({ lines }).approve())).to.contain('leaves the capture to the shop');
    await own.close();
    expect(captures()).to.have.length(0);
  });

  it('tells an approval that was withdrawn, and an order that lapsed', async () => {
    const sale = site.double.sale({ lines });
    sale.approve();
    expect(await site.event(sale.withdraw())).to.include({ kind: 'payment.failed', purchase: sale.order.id });
    const lapsed = site.double.sale({ lines });
    const approved = lapsed.approve();
    lapsed.voided();
    expect(await site.event(approved)).to.include({ kind: 'payment.expired', purchase: lapsed.order.id });
  });

  it('spreads discount and tax of the whole order over its items, to the last cent', async () => {
    const three = ['A', 'B', 'C'].map((sku) => ({ sku, price: '10.00' }));
    const event = await site.event(
      site.double.sale({ lines: three, discount: '1.00', tax: '2.00', shipping: '4.50' }).captured(),
    );
    expect(event).to.deep.include({ amount: eur(3550), shipping: eur(450) });
    expect(event.lines?.map(({ discount, tax, total }) => [discount?.amount, tax?.amount, total.amount])).to.deep.equal([
      [33, 66, 1033],
      [33, 67, 1034],
      [34, 67, 1033],
    ]);
  });

  it('reads sums by the decimals that PayPal gives a currency, not by the usual ones', async () => {
    const paid = async (currency: string, price: string) =>
      (await site.event(site.double.sale({ lines: [{ sku: 'A', price }], currency }).captured())).amount;
    expect(await paid('HUF', '1900')).to.deep.equal({ amount: 190_000, currency: 'HUF' });
    expect(await paid('TWD', '150')).to.deep.equal({ amount: 15_000, currency: 'TWD' });
    expect(await paid('JPY', '500')).to.deep.equal({ amount: 500, currency: 'JPY' });
    expect(await paid('USD', '0.10')).to.deep.equal({ amount: 10, currency: 'USD' });
  });

  it('tells what it can of an order without items, of a card without an address, and of a capture without an order', async () => {
    const bare = await site.event(site.double.sale({ amount: '12.00' }).captured({}, { email: null }));
    expect(bare).to.not.have.property('lines');
    expect(bare.buyer).to.deep.equal({ name: 'Ada Example' });
    const sale = site.double.sale({ lines });
    const callback = sale.captured();
    sale.capture['supplementary_data'] = { related_ids: { order_id: 'GONE0000000000000' } };
    expect(await site.event(callback)).to.include({ kind: 'payment.completed', purchase: sale.capture.id });
  });

  it('believes of a callback only which object it is about', async () => {
    const sale = site.double.sale({ lines });
    const callback = sale.captured({ status: 'PENDING' });
    const body = callback.body.replaceAll('PENDING', 'COMPLETED').replaceAll('124.00', '0.01');
    const told = await site.event({ body, headers: site.double.sign(body) });
    expect(told).to.deep.include({ kind: 'payment.pending', amount: eur(12_400) });
  });

  it('gets a new token when the old one ended or was taken back, and one for all calls', async () => {
    const sale = site.double.sale({ lines });
    const callback = sale.captured();
    await Promise.all([site.event(callback), site.event(callback)]);
    const tokens = () => site.double.requests.filter(({ path }) => path === '/v1/oauth2/token').length;
    expect(tokens()).to.equal(1);
    site.double.revokeTokens();
    await site.event(callback);
    expect(tokens()).to.equal(2);
  });

  it('says what to put right when asking again cannot help, and asks again when it can', async () => {
    const { faults } = site.double;
    const callback = site.double.sale({ lines }).captured();
    const codes: unknown[] = [];
    for (const trouble of [
      fault.status(429, { retryAfter: 7 }),
      fault.status(503),
      fault.html(),
      fault.truncatedJson(),
      fault.drop(),
    ]) {
      faults.next(trouble, { path: /captures/ });
      const error = await site.failure(callback);
      expect(error).to.be.instanceOf(StepError).and.to.include({ retry: 'later' });
      codes.push((error as StepError).code);
    }
    expect(codes).to.deep.equal([
      'PAYPAL_BUSY',
      'PAYPAL_DOWN',
      'PAYPAL_ANSWER_UNREADABLE',
      'PAYPAL_ANSWER_UNREADABLE',
      'NO_ANSWER',
    ]);
    faults.next(fault.status(500), { path: /token/ });
    site.double.revokeTokens();
    expect(await site.failure(callback)).to.include({ code: 'PAYPAL_DOWN', retry: 'later' });
    const wrong = await openPaypalSite({ clientSecret: 'another secret' });
    expect(await wrong.failure(wrong.double.sale({ lines }).captured())).to.include({
      code: 'PAYPAL_CREDENTIALS_REFUSED',
      retry: 'never',
    });
    await wrong.close();
  });
});
