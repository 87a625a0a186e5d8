import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import type { Callback, GatewayContext, Reading, Verdict } from '../../src/contract/gateway.ts';
import { paypalIpn } from '../../src/gateways/index.ts';
import type { PaypalIpnOptions } from '../../src/gateways/paypal-ipn/options.ts';
import { fault } from '../../src/testing/double-server.ts';
import { startPaypal, type IpnMessage, type PaypalDouble } from '../../src/testing/paypal/index.ts';
import { contextFor } from './stripe-site.ts';

describe("PayPal's older notifications", () => {
  let double: PaypalDouble;
  let context: GatewayContext<PaypalIpnOptions>;

  beforeEach(async () => {
    double = await startPaypal();
    const options = { accounts: [double.merchantId, 'merchant@example.org'], postbackUrl: double.postbackUrl };
    context = contextFor<PaypalIpnOptions>(options, { name: 'paypal-ipn', mode: 'test' });
  });
  afterEach(() => double.close());

  const usd = (amount: number) => ({ amount, currency: 'USD' });
  const sale = {
    txn_id: '61E67681CH3238416',
    txn_type: 'web_accept',
    payment_status: 'Completed',
    payment_date: '20:12:59 Jan 13, 2026 PST',
    mc_gross: '19.99',
    mc_currency: 'USD',
    item_number: 'TS-101',
    item_name: 'TypeScript in a week',
    quantity: '1',
    custom: 'cart-7',
    invoice: 'INV-7',
  };

  function callbackOf({ body, headers }: Pick<IpnMessage, 'body' | 'headers'>): Callback {
    return {
      gateway: 'paypal-ipn',
      method: 'POST',
      url: '/',
      headers,
      body: Buffer.from(body),
      receivedAt: new Date('2026-02-01T00:00:00Z'),
    };
  }
  const verify = async (message: IpnMessage, options: Partial<PaypalIpnOptions> = {}): Promise<Verdict> =>
    paypalIpn.verify(callbackOf(message), { ...context, options: { ...context.options, ...options } });
  async function read(fields: Record<string, string>, options: Partial<PaypalIpnOptions> = {}): Promise<Reading> {
    const message = double.ipn(fields);
    const verdict = await verify(message);
    if (verdict.kind !== 'accepted') throw new Error(JSON.stringify(verdict));
    const kept = { ...callbackOf(message), deliveryId: verdict.deliveryId, attempts: 1 };
    return paypalIpn.read(kept, { ...context, options: { ...context.options, ...options } });
  }
  async function event(fields: Record<string, string>, options: Partial<PaypalIpnOptions> = {}): Promise<PaymentEvent> {
    const reading = await read(fields, options);
    if ('ignored' in reading) throw new Error(reading.ignored);
    expect(reading.events).to.have.length(1);
    return reading.events[0]!;
  }

  it('sends back the very bytes, and takes only the word VERIFIED', async () => {
    const message = double.ipn({ ...sale, first_name: 'Zoë' });
    expect((await verify(message)).kind).to.equal('accepted');
    expect(double.requests[0]?.text).to.equal(`cmd=_notify-validate&${message.body}`);
    const forged = { ...message, body: message.body.replace('19.99', '00.01') };
    expect(await verify(forged)).to.include({ kind: 'refused', code: 'PAYPAL_IPN_INVALID' });
    double.faults.next(fault.reply({ status: 200, headers: {}, body: 'Your message was VERIFIED, more or less' }));
    expect(await verify(message).catch((error: unknown) => error)).to.include({ code: 'PAYPAL_IPN_UNPROVED', retry: 'later' });
  });

  it('neither keeps nor refuses a message while PayPal cannot be asked', async () => {
    const message = double.ipn(sale);
    for (const trouble of [fault.drop(), fault.status(503), fault.html(), fault.redirect('https://example.com/')]) {
      double.faults.next(trouble);
      expect(await verify(message).catch((error: unknown) => error)).to.include({ code: 'PAYPAL_IPN_UNPROVED', retry: 'later' });
    }
    expect((await verify(message)).kind).to.equal('accepted');
  });

  it('asks PayPal about no message that is about somebody else', async () => {
    const others = [
      { receiver_id: 'SOMEBODY', receiver_email: 'other@example.org' },
      { receiver_id: 'SOMEBODY', receiver_email: '', business: 'merchant@example.org' },
    ];
    for (const receiver of others) {
      expect(await verify(double.ipn({ ...sale, ...receiver }))).to.include({ kind: 'refused', code: 'PAYPAL_RECEIVER_OTHER' });
    }
    expect(double.requests).to.have.length(0);
    expect((await verify(double.ipn({ ...sale, receiver_id: '', receiver_email: 'Merchant@Example.org' }))).kind).to.equal(
      'accepted',
    );
  });

  it('tells a completed payment with its item, buyer and names', async () => {
    const told = await event(sale);
    expect({ ...told, metadata: { ...told.metadata } }).to.deep.equal({
      kind: 'payment.completed',
      gateway: 'paypal-ipn',
      id: '61E67681CH3238416:completed',
      at: '2026-01-14T04:12:59.000Z',
      purchase: '61E67681CH3238416',
      payment: '61E67681CH3238416',
      mode: 'test',
      receiver: double.merchantId,
      amount: usd(1999),
      lines: [{ sku: 'TS-101', title: 'TypeScript in a week', quantity: 1, subtotal: usd(1999), total: usd(1999) }],
      buyer: { email: 'ada@example.org', name: 'Ada Example', firstName: 'Ada', lastName: 'Example', country: 'AT' },
      references: ['61E67681CH3238416', 'INV-7', 'cart-7'],
      metadata: { custom: 'cart-7', invoice: 'INV-7' },
    });
  });

  it('reads names in the charset the message names', async () => {
    const name = async (charset: string, first: string) =>
      (await event({ ...sale, charset, first_name: first })).buyer?.firstName;
    expect(await name('windows-1252', 'Zoë €')).to.equal('Zoë €');
    expect(await name('UTF-8', 'Žofie 雅')).to.equal('Žofie 雅');
    expect(await name('windows-1251', 'Ада')).to.equal('Ада');
    const message = double.ipn({ ...sale, first_name: 'Zoë' });
    expect(message.body).to.contain('Zo%EB');
  });

  it('reads a cart, with shipping, tax and discount where they come from', async () => {
    const cart = {
      ...sale,
      txn_type: 'cart',
      item_number: '',
      item_name: '',
      quantity: '',
      num_cart_items: '2',
      item_number1: 'A',
      quantity1: '2',
      item_number2: 'B',
      quantity2: '1',
    };
    const plain = await event({ ...cart, mc_gross: '30.00', mc_gross_1: '20.00', mc_gross_2: '10.00' });
    expect(plain.lines?.map(({ sku, quantity, total }) => [sku, quantity, total.amount])).to.deep.equal([
      ['A', 2, 2000],
      ['B', 1, 1000],
    ]);
    const full = await event({
      ...cart,
      mc_gross: '37.00',
      mc_gross_1: '22.00',
      mc_shipping1: '2.00',
      mc_gross_2: '13.00',
      mc_shipping2: '3.00',
      tax: '3.00',
      discount: '1.00',
    });
    expect(full.shipping).to.deep.equal(usd(500));
    const sum = (full.lines ?? []).reduce((total, line) => total + line.total.amount, 0);
    expect(sum + 500).to.equal(3700);
    const odd = await event({ ...cart, mc_gross: '5.00', mc_gross_1: '20.00', mc_gross_2: '10.00' });
    expect((odd.lines ?? []).reduce((total, line) => total + line.total.amount, 0)).to.equal(3000);
  });

  it('follows a payment from pending to completed under one id', async () => {
    const pending = await event({ ...sale, payment_status: 'Pending', pending_reason: 'echeck' });
    const done = await event(sale);
    expect([pending.kind, pending.reason]).to.deep.equal(['payment.pending', 'echeck']);
    expect([pending.purchase, pending.payment]).to.deep.equal([done.purchase, done.payment]);
    expect(pending.id).to.not.equal(done.id);
    const kinds = {
      Denied: 'payment.failed',
      Failed: 'payment.failed',
      Voided: 'payment.failed',
      Expired: 'payment.expired',
      Created: 'payment.pending',
      Processed: 'payment.pending',
    };
    for (const [payment_status, kind] of Object.entries(kinds))
      expect((await event({ ...sale, payment_status })).kind).to.equal(kind);
  });

  it('tells refunds, reversals and their end as what happened to the first payment', async () => {
    const parent = { parent_txn_id: sale.txn_id, txn_type: '' };
    const refund = await event({
      ...sale,
      ...parent,
      txn_id: '1RF',
      payment_status: 'Refunded',
      mc_gross: '-5.00',
      reason_code: 'refund',
    });
    expect(refund).to.deep.include({
      kind: 'payment.refunded',
      purchase: sale.txn_id,
      payment: sale.txn_id,
      reversal: '1RF',
      amount: usd(500),
    });
    const reversed = await event({
      ...sale,
      ...parent,
      txn_id: '2RV',
      payment_status: 'Reversed',
      mc_gross: '-19.99',
      reason_code: 'chargeback',
    });
    const back = await event({ ...sale, ...parent, txn_id: '3CR', payment_status: 'Canceled_Reversal' });
    const opened = await event({ ...sale, txn_type: 'new_case', payment_status: '', case_id: 'PP-D-1', case_type: 'dispute' });
    expect([opened.kind, reversed.kind, back.kind]).to.deep.equal(['payment.disputed', 'payment.disputed', 'payment.disputeWon']);
    expect(new Set([opened, reversed, back].map(({ reversal }) => reversal))).to.have.length(1);
    expect(new Set([opened, reversed, back].map(({ purchase }) => purchase))).to.have.length(1);
    expect(
      await read({ ...sale, txn_type: 'new_case', payment_status: '', case_id: 'PP-D-1' }, { cases: 'ignore' }),
    ).to.have.property('ignored');
    const closed = await read({ ...sale, ...parent, txn_type: 'adjustment', txn_id: '4AD' }).catch((error: unknown) => error);
    expect(closed).to.include({ code: 'PAYPAL_IPN_ADJUSTMENT', retry: 'never' });
  });

  it('follows a subscription', async () => {
    const club = { subscr_id: 'I-CLUB1', item_number: 'CLUB-1', item_name: 'Club', quantity: '' };
    const signup = {
      ...club,
      txn_type: 'subscr_signup',
      mc_currency: 'USD',
      subscr_date: '10:00:00 Jan 13, 2026 PST',
      period3: '1 M',
      mc_amount3: '9.90',
    };
    expect(await read(signup)).to.have.property('ignored');
    const trial = await event({ ...signup, period1: '14 D', mc_amount1: '0.00' });
    expect(trial).to.deep.include({ kind: 'payment.completed', trial: true, amount: usd(0), purchase: 'I-CLUB1' });
    expect(trial.period?.until).to.equal('2026-01-27T18:00:00.000Z');
    const paid = await event(
      { ...sale, ...club, txn_type: 'subscr_payment', mc_gross: '9.90' },
      { periods: { 'CLUB-1': '1 M' } },
    );
    expect(paid).to.deep.include({ kind: 'payment.completed', purchase: 'I-CLUB1', payment: sale.txn_id });
    expect(paid.period?.until).to.equal('2026-02-14T04:12:59.000Z');
    expect((await event({ ...club, txn_type: 'subscr_failed' })).kind).to.equal('subscription.renewalFailed');
    expect(await read({ ...club, txn_type: 'subscr_cancel' })).to.have.property('ignored');
    expect(await event({ ...club, txn_type: 'subscr_eot' })).to.include({ kind: 'subscription.ended', purchase: 'I-CLUB1' });
  });

  it('follows a recurring profile', async () => {
    const profile = {
      recurring_payment_id: 'I-PROFILE1',
      time_created: '20:12:00 Dec 13, 2025 PST',
      next_payment_date: '02:00:00 Feb 13, 2026 PST',
      item_number: '',
      item_name: '',
      product_name: 'Club',
    };
    const renewed = await event({ ...sale, ...profile, txn_type: 'recurring_payment' });
    expect(renewed).to.include({ kind: 'subscription.renewed', purchase: 'I-PROFILE1' });
    expect(renewed.period?.until).to.equal('2026-02-13T10:00:00.000Z');
    const first = await event({ ...sale, ...profile, time_created: '20:12:00 Jan 13, 2026 PST', txn_type: 'recurring_payment' });
    expect(first.kind).to.equal('payment.completed');
    const kinds = {
      recurring_payment_failed: 'subscription.renewalFailed',
      recurring_payment_skipped: 'subscription.renewalFailed',
      recurring_payment_suspended_due_to_max_failed_payment: 'subscription.paused',
      recurring_payment_profile_cancel: 'subscription.ended',
      recurring_payment_expired: 'subscription.ended',
    };
    for (const [txn_type, kind] of Object.entries(kinds))
      expect((await event({ ...profile, txn_type })).kind, txn_type).to.equal(kind);
  });

  it('never takes a message of the sandbox for live money', async () => {
    const live = contextFor(context.options, { name: 'paypal-ipn', mode: 'live' });
    const message = double.ipn(sale);
    const reading = await paypalIpn.read({ ...callbackOf(message), deliveryId: 'x', attempts: 1 }, live);
    expect('events' in reading && reading.events[0]?.mode).to.equal('test');
  });

  it('refuses what is no message: a field twice, bytes that are no form, far too much', async () => {
    const { body, headers } = double.ipn(sale);
    for (const odd of [`${body}&txn_id=OTHER`, '{"txn_id":"1"}\u0000', `${body}&x=${'y'.repeat(200_000)}`, 'hello=world']) {
      expect(await verify({ body: odd, headers })).to.include({ kind: 'refused', code: 'MALFORMED' });
    }
    expect(double.requests).to.have.length(0);
  });

  it('finds the payment of a returning buyer by the id PayPal adds to the address', async () => {
    const find = async (query: Record<string, string>) => paypalIpn.findReturn!({ query }, context);
    expect(await find({ tx: '61E67681CH3238416', st: 'Completed', amt: '19.99' })).to.deep.equal({
      purchase: '61E67681CH3238416',
    });
    expect(await find({ tx: '1' })).to.equal(undefined);
    expect(await find({})).to.equal(undefined);
  });
});
