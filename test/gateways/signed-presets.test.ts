import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import type { SignedOptions } from '../../src/gateways/signed/options.ts';
import { applyEvents } from '../../src/orders/apply-events.ts';
import { answerTo, codeOf, eventsOf, readAs, told, verify } from './signed-bench.ts';
import {
  adyenCallback,
  adyenItem,
  adyenKey,
  adyenLogin,
  fastspring,
  fastspringOrder,
  lemonSqueezy,
  paddle,
  paddleTransaction,
  polar,
  polarOrder,
  razorpay,
  razorpayNotes,
  samples,
  shopify,
  signAdyen,
  signPlain,
  square,
  squarePayment,
  textSecret,
  woocommerce,
  type AdyenItem,
} from './signed-samples.ts';

async function toldBy(preset: string, body: object): Promise<string[]> {
  return told(await readAs(preset, body));
}

describe('the preset for Lemon Squeezy', () => {
  it('reads an order by its status, and never by the unsigned header', async () => {
    expect(await toldBy('lemon-squeezy', lemonSqueezy('order_created'))).to.deep.equal(['payment.completed 8990348 3998 USD']);
    expect(await toldBy('lemon-squeezy', lemonSqueezy('order_created', { status: 'pending' }))).to.deep.equal([
      'payment.pending 8990348 3998 USD',
    ]);
    expect(await toldBy('lemon-squeezy', lemonSqueezy('order_created', { status: 'failed' }))).to.deep.equal([
      'payment.failed 8990348 3998 USD',
    ]);
    const { options, sign } = samples['lemon-squeezy']!;
    const sent = sign(JSON.stringify(lemonSqueezy('subscription_created')));
    const lying = { ...sent, headers: { ...sent.headers, 'x-event-name': 'order_created' } };
    expect(codeOf(verify(options, lying))).to.equal('ignored');
  });

  it('knows refunds as sums so far, each its own fact', async () => {
    const part = await readAs(
      'lemon-squeezy',
      lemonSqueezy('order_refunded', { status: 'partial_refund', refunded_amount: 1000 }),
    );
    const whole = await readAs('lemon-squeezy', lemonSqueezy('order_refunded', { status: 'refunded', refunded_amount: 3998 }));
    expect(told(part)).to.deep.equal(['payment.refunded 8990348 1000 USD so far']);
    expect(part[0]).to.not.have.property('lines');
    const paid = await readAs('lemon-squeezy', lemonSqueezy('order_created'));
    expect(applyEvents('shop', '8990348', [...paid, ...part]).status).to.equal('partlyRefunded');
    expect(applyEvents('shop', '8990348', [...whole, ...part, ...paid]).status).to.equal('refunded');
  });

  it('takes discounts and tax from the order, and the variant for the SKU', async () => {
    const order = lemonSqueezy('order_created', { subtotal: 3360, discount_total: 400, tax: 562, total: 3522 });
    const [event] = await readAs('lemon-squeezy', order);
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    expect(event?.lines).to.deep.equal([
      {
        sku: '4711',
        title: 'TypeScript in a week',
        quantity: 2,
        subtotal: usd(3922),
        discount: usd(400),
        tax: usd(562),
        total: usd(3522),
      },
    ]);
    const [added] = await readAs('lemon-squeezy', order, { taxes: 'added' });
    expect(added?.lines?.[0]).to.deep.include({ sku: '4711', subtotal: usd(3360), total: usd(3522) });
  });

  it('knows test payments', async () => {
    expect((await readAs('lemon-squeezy', lemonSqueezy('order_created', {}, { test_mode: true })))[0]?.mode).to.equal('test');
  });
});

describe('the preset for Razorpay', () => {
  const order = { order: { id: 'order_1', notes: razorpayNotes } };

  it("takes what was bought from the order's notes", async () => {
    const [event] = await readAs('razorpay', razorpay('order.paid', order));
    expect(event).to.deep.include({
      purchase: 'order_1',
      payment: 'pay_1',
      receiver: 'acc_1',
      amount: { amount: 3998, currency: 'INR' },
    });
    expect(event?.lines?.[0]).to.include({ sku: 'TS-101', quantity: 2 });
    expect(event?.buyer).to.deep.equal({ email: 'ada@example.org', phone: '+910000000000' });
  });

  it('lets the captured payment of an order be told by the order', async () => {
    expect(await toldBy('razorpay', razorpay('payment.captured'))).to.deep.equal([]);
    const alone = razorpay('payment.captured', {}, { order_id: null, notes: razorpayNotes });
    expect(await toldBy('razorpay', alone)).to.deep.equal(['payment.completed pay_1 3998 INR']);
  });

  it('reads attempts, refunds and disputes as of one purchase', async () => {
    const refund = { refund: { id: 'rfnd_1', amount: 1000, currency: 'INR', payment_id: 'pay_1' } };
    const dispute = { dispute: { id: 'disp_1', amount: 3998, currency: 'INR', payment_id: 'pay_1', reason_code: 'fraud' } };
    const cases: [object, string[]][] = [
      [razorpay('payment.authorized'), ['payment.pending order_1 pay_1 3998 INR']],
      [
        razorpay('payment.failed', {}, { id: 'pay_0', error_description: 'Card declined' }),
        ['payment.failed order_1 pay_0 3998 INR'],
      ],
      [razorpay('refund.processed', refund), ['payment.refunded order_1 pay_1 rfnd_1 1000 INR']],
      [razorpay('refund.failed', refund), ['payment.refundFailed order_1 pay_1 rfnd_1 1000 INR']],
      [razorpay('refund.processed', refund, { captured: false }), []],
      [razorpay('payment.dispute.created', dispute), ['payment.disputed order_1 pay_1 disp_1 3998 INR']],
      [razorpay('payment.dispute.won', dispute), ['payment.disputeWon order_1 pay_1 disp_1 3998 INR']],
      [razorpay('payment.dispute.lost', dispute), ['payment.disputeLost order_1 pay_1 disp_1 3998 INR']],
    ];
    for (const [body, expected] of cases) expect(await toldBy('razorpay', body)).to.deep.equal(expected);
  });

  it('accepts an old event that is still signed with the old secret', () => {
    const { options, sign, paid } = samples['razorpay']!;
    const old = sign(JSON.stringify(paid), { secret: 'the secret of before' });
    expect(codeOf(verify({ ...options, secrets: [textSecret, 'the secret of before'] }, old))).to.equal('accepted');
  });
});

describe('the preset for Shopify', () => {
  it('tells orders, refunds and disputes apart by their bodies', async () => {
    const refund = {
      id: 929361462,
      order_id: 820982911946154500,
      refund_line_items: [],
      note: 'asked for',
      transactions: [{ kind: 'refund', status: 'success', amount: '10.00', currency: 'EUR' }],
    };
    const dispute = {
      id: 7,
      order_id: 820982911946154500,
      type: 'chargeback',
      reason: 'fraudulent',
      status: 'under_review',
      amount: '39.98',
      currency: 'EUR',
    };
    const cases: [object, string[]][] = [
      [shopify(), ['payment.completed 820982911946154500 3998 EUR']],
      [shopify({ financial_status: 'pending' }), ['payment.pending 820982911946154500 3998 EUR']],
      [shopify({ financial_status: 'voided' }), []],
      [refund, ['payment.refunded 820982911946154500 929361462 1000 EUR']],
      [{ ...refund, transactions: [] }, []],
      [dispute, ['payment.disputed 820982911946154500 7 3998 EUR']],
      [{ ...dispute, type: 'inquiry' }, []],
      [{ ...dispute, type: 'inquiry', status: 'won' }, []],
      [{ ...dispute, status: 'won' }, ['payment.disputeWon 820982911946154500 7 3998 EUR']],
      [{ ...dispute, status: 'lost' }, ['payment.disputeLost 820982911946154500 7 3998 EUR']],
    ];
    for (const [body, expected] of cases) expect(await toldBy('shopify', body)).to.deep.equal(expected);
  });

  it('is not led astray by the unsigned topic header', async () => {
    const { options, sign } = samples['shopify']!;
    const sent = sign(JSON.stringify(shopify({ financial_status: 'pending' })));
    const lying = { ...sent, headers: { ...sent.headers, 'x-shopify-topic': 'orders/paid' } };
    expect((await eventsOf(options, lying)).map(({ kind }) => kind)).to.deep.equal(['payment.pending']);
  });

  it('adds up discounts, tax and shipping', async () => {
    const item = {
      sku: 'TS-101',
      quantity: 2,
      name: 'Course',
      price: '19.99',
      discount_allocations: [{ amount: '2.00' }, { amount: '0.98' }],
      tax_lines: [{ price: '7.03' }],
    };
    const [event] = await readAs(
      'shopify',
      shopify({ line_items: [item], total_price: '41.00', shipping_lines: [{ discounted_price: '4.00' }] }),
    );
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(event?.lines?.[0]).to.deep.include({ subtotal: eur(3998), discount: eur(298), tax: eur(703), total: eur(3700) });
    expect(event?.shipping).to.deep.equal(eur(400));
  });

  it('knows test orders', async () => {
    expect((await readAs('shopify', shopify({ test: true })))[0]?.mode).to.equal('test');
  });
});

describe('the preset for WooCommerce', () => {
  it('reads an order by its status', async () => {
    const cases: [object, string[]][] = [
      [{ status: 'processing' }, ['payment.completed 52 3998 EUR']],
      [{ status: 'completed' }, ['payment.completed 52 3998 EUR']],
      [{ status: 'on-hold' }, ['payment.pending 52 3998 EUR']],
      [{ status: 'pending' }, ['payment.pending 52 3998 EUR']],
      [{ status: 'failed' }, ['payment.failed 52 3998 EUR']],
      [{ status: 'checkout-draft' }, []],
    ];
    for (const [change, expected] of cases) expect(await toldBy('woocommerce', woocommerce(change))).to.deep.equal(expected);
  });

  it('takes a product with the same secret for no order', async () => {
    expect(await toldBy('woocommerce', { id: 23, status: 'pending', sku: 'TS-101', price: '19.99' })).to.deep.equal([]);
    expect(await toldBy('woocommerce', { id: 52 })).to.deep.equal([]);
  });

  it('reads the refunds that an order lists', async () => {
    const refunds = [
      { id: 60, reason: 'asked for', total: '-10.00' },
      { id: 61, reason: '', total: '-29.98' },
    ];
    const events = await readAs('woocommerce', woocommerce({ status: 'refunded', refunds }));
    expect(told(events)).to.deep.equal([
      'payment.completed 52 3998 EUR',
      'payment.refunded 52 60 1000 EUR',
      'payment.refunded 52 61 2998 EUR',
    ]);
    expect(applyEvents('shop', '52', events).status).to.equal('refunded');
  });

  it('takes sums with their tax, and coupons as discounts', async () => {
    const item = {
      sku: '',
      product_id: 23,
      name: 'Course',
      quantity: 1,
      subtotal: '33.61',
      subtotal_tax: '6.39',
      total: '25.21',
      total_tax: '4.79',
    };
    const [event] = await readAs('woocommerce', woocommerce({ total: '30.00', line_items: [item] }));
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(event?.lines?.[0]).to.deep.include({ sku: '23', subtotal: eur(4000), discount: eur(1000), total: eur(3000) });
  });

  it('answers the unsigned ping of a new webhook with 200, and nothing else unsigned', async () => {
    const { options } = samples['woocommerce']!;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const ping = { body: 'webhook_id=12', headers: form };
    expect(codeOf(verify(options, ping))).to.equal('ignored');
    expect((await answerTo(options, ping))?.status).to.equal(200);
    for (const body of ['webhook_id=12&id=52', 'webhook_id=', 'webhook_id=12\n{}', '{}', '']) {
      expect(codeOf(verify(options, { body, headers: form })), body).to.equal('SIGNATURE_MISSING');
    }
    expect(codeOf(verify(options, { body: 'webhook_id=12', headers: { 'x-wc-webhook-signature': '' } }))).to.equal(
      'SIGNATURE_MISSING',
    );
    expect(codeOf(verify(samples['shopify']!.options, ping))).to.equal('SIGNATURE_MISSING');
  });
});

describe('the preset for FastSpring', () => {
  const completed = { id: 'evt_1', type: 'order.completed', data: fastspringOrder };
  const returned = {
    id: 'evt_2',
    type: 'return.created',
    data: {
      return: 'ret_1',
      currency: 'USD',
      totalReturn: 10.5,
      original: { id: 'FWdPzftgReSx' },
      reason: 'Compatibility',
      items: [],
    },
  };
  const send = (...events: object[]) => samples['fastspring']!.sign(JSON.stringify({ events }));
  const { options } = samples['fastspring']!;

  it('reads every event of a callback', async () => {
    const events = await readAs(
      'fastspring',
      fastspring(completed, returned, { id: 'evt_3', type: 'account.created', data: {} }),
    );
    expect(told(events)).to.deep.equal([
      'payment.completed FWdPzftgReSx 3998 USD',
      'payment.refunded FWdPzftgReSx ret_1 1050 USD',
    ]);
    const pending = fastspring({ id: 'evt_4', type: 'order.payment.pending', data: { order: 'o1', id: 'o1' } });
    expect(told(await readAs('fastspring', pending))).to.deep.equal(['payment.pending o1']);
    const failed = fastspring({ id: 'evt_5', type: 'order.failed', data: { order: 'o1' } });
    expect(told(await readAs('fastspring', failed))).to.deep.equal(['payment.failed o1']);
  });

  it('names a delivery after its events', () => {
    expect(verify(options, send({ ...completed, live: true }, returned))).to.deep.equal({
      kind: 'accepted',
      deliveryId: 'evt_1,evt_2',
    });
  });

  it('answers 200 when it took everything', async () => {
    expect(await answerTo(options, send(completed, returned))).to.deep.equal({ status: 200 });
    expect(await answerTo(options, send({ id: 'evt_3', type: 'account.created', data: {} }))).to.deep.equal({ status: 200 });
  });

  it('answers 202 with the ids it took when the rest cannot be told from one another', async () => {
    const answer = await answerTo(options, send(completed, { id: 'evt_6' }, null as unknown as object, returned));
    expect(answer).to.deep.include({ status: 202, body: 'evt_1\nevt_2' });
  });

  it('counts an event as live only when it says so', async () => {
    expect((await readAs('fastspring', fastspring({ ...completed, live: false })))[0]?.mode).to.equal('test');
  });
});

describe('the preset for Paddle', () => {
  it('reads a completed transaction with tax, the SKU from the product and the buyer from the custom data', async () => {
    const [event] = await readAs('paddle', paddle('transaction.completed', paddleTransaction));
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(event?.lines).to.deep.equal([
      { sku: 'TS-101', title: 'TypeScript in a week', quantity: 2, subtotal: eur(3998), tax: eur(638), total: eur(3998) },
    ]);
    expect(event?.buyer).to.deep.equal({ email: 'ada@example.org' });
    const [added] = await readAs('paddle', paddle('transaction.completed', paddleTransaction), { taxes: 'added' });
    expect(added?.lines?.[0]).to.deep.include({ subtotal: eur(3360), tax: eur(638), total: eur(3998) });
  });

  it('tells first payments, renewals and their failures apart, under the name of the subscription', async () => {
    const period = { starts_at: '2026-01-02T00:00:00Z', ends_at: '2026-02-02T00:00:00Z' };
    const renewal = {
      ...paddleTransaction,
      id: 'txn_2',
      origin: 'subscription_recurring',
      subscription_id: 'sub_1',
      billing_period: period,
    };
    const cases: [string, object, string[]][] = [
      ['transaction.completed', { ...paddleTransaction, subscription_id: 'sub_1' }, ['payment.completed sub_1 txn_1 3998 EUR']],
      ['transaction.completed', renewal, ['subscription.renewed sub_1 txn_2 3998 EUR']],
      ['transaction.payment_failed', renewal, ['subscription.renewalFailed sub_1 txn_2 3998 EUR']],
      ['transaction.payment_failed', paddleTransaction, ['payment.failed txn_1 3998 EUR']],
      ['transaction.completed', { ...renewal, origin: 'subscription_charge' }, []],
      ['subscription.canceled', { id: 'sub_1', status: 'canceled' }, ['subscription.ended sub_1']],
    ];
    for (const [type, data, expected] of cases) expect(await toldBy('paddle', paddle(type, data)), type).to.deep.equal(expected);
    expect((await readAs('paddle', paddle('transaction.completed', renewal)))[0]?.period?.until).to.equal(
      '2026-02-02T00:00:00.000Z',
    );
  });

  it('reads adjustments by action and status', async () => {
    const adjustment = (action: string, status: string, id = 'adj_1') =>
      paddle('adjustment.updated', {
        id,
        action,
        status,
        transaction_id: 'txn_1',
        subscription_id: null,
        currency_code: 'EUR',
        reason: 'asked for',
        totals: { total: '1000' },
      });
    const cases: [object, string[]][] = [
      [adjustment('refund', 'pending_approval'), []],
      [adjustment('refund', 'approved'), ['payment.refunded txn_1 adj_1 1000 EUR']],
      [adjustment('refund', 'rejected'), []],
      [adjustment('credit', 'approved'), []],
      [adjustment('chargeback', 'approved'), ['payment.disputed txn_1 txn_1 1000 EUR']],
      [adjustment('chargeback_warning', 'approved'), []],
      [adjustment('chargeback_reverse', 'approved', 'adj_2'), ['payment.disputeWon txn_1 txn_1 1000 EUR']],
    ];
    for (const [body, expected] of cases) expect(await toldBy('paddle', body)).to.deep.equal(expected);
    const paid = await readAs('paddle', paddle('transaction.completed', paddleTransaction));
    const dispute = await readAs('paddle', adjustment('chargeback', 'approved'));
    const won = await readAs('paddle', adjustment('chargeback_reverse', 'approved', 'adj_2'));
    expect(applyEvents('shop', 'txn_1', [...paid, ...dispute]).status).to.equal('disputed');
    expect(applyEvents('shop', 'txn_1', [...won, ...dispute, ...paid]).status).to.equal('paid');
  });

  it('accepts any of several signatures, as are sent while the secret is being changed', () => {
    const { options, sign, paid } = samples['paddle']!;
    const sent = sign(JSON.stringify(paid));
    const header = String(sent.headers['paddle-signature']);
    for (const both of [`${header};h1=${'0'.repeat(64)}`, header.replace(';', `;h1=${'0'.repeat(64)};`)]) {
      expect(codeOf(verify(options, { ...sent, headers: { 'paddle-signature': both } }))).to.equal('accepted');
    }
    expect(codeOf(verify(options, { ...sent, headers: { 'paddle-signature': `ts=1;${header}` } }))).to.equal('SIGNATURE_MISSING');
  });
});

describe('the preset for Polar', () => {
  it('reads first payments, renewals, refunds and ends under the name of the subscription', async () => {
    const cycle = {
      ...polarOrder,
      id: 'ord_2',
      billing_reason: 'subscription_cycle',
      subscription_id: 'sub_1',
      subscription: { current_period_start: '2026-02-02T00:00:00Z', current_period_end: '2026-03-02T00:00:00Z' },
    };
    const cases: [object, string[]][] = [
      [polar('order.paid', polarOrder), ['payment.completed ord_1 3998 USD']],
      [
        polar('order.paid', { ...polarOrder, billing_reason: 'subscription_create', subscription_id: 'sub_1' }),
        ['payment.completed sub_1 ord_1 3998 USD'],
      ],
      [polar('order.paid', cycle), ['subscription.renewed sub_1 ord_2 3998 USD']],
      [polar('order.paid', { ...cycle, billing_reason: 'subscription_update' }), []],
      [
        polar('order.refunded', { ...polarOrder, refunded_amount: 3360, refunded_tax_amount: 638 }),
        ['payment.refunded ord_1 3998 USD so far'],
      ],
      [polar('subscription.revoked', { id: 'sub_1' }), ['subscription.ended sub_1']],
    ];
    for (const [body, expected] of cases) expect(await toldBy('polar', body)).to.deep.equal(expected);
    expect((await readAs('polar', polar('order.paid', cycle)))[0]?.period?.from).to.equal('2026-02-02T00:00:00.000Z');
  });

  it("names a product without a SKU of ours by Polar's id", async () => {
    const [event] = await readAs('polar', polar('order.paid', { ...polarOrder, product: { name: 'Course' }, seats: null }));
    expect(event?.lines?.[0]).to.include({ sku: 'prod_1', title: 'Course', quantity: 1 });
  });
});

describe('the preset for Square', () => {
  it("agrees with Square's own example", () => {
    const options: SignedOptions = {
      preset: 'square',
      secrets: ['asdf1234'],
      signature: { url: 'https://example.com/webhook' },
    };
    const headers = { 'x-square-hmacsha256-signature': '2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=' };
    expect(codeOf(verify(options, { body: '{"hello":"world"}', headers }))).to.equal('MALFORMED');
    const elsewhere = { ...options, signature: { url: 'https://example.com/webhook/' } };
    expect(codeOf(verify(elsewhere, { body: '{"hello":"world"}', headers }))).to.equal('SIGNATURE_MISMATCH');
    const without: SignedOptions = { preset: 'square', secrets: ['asdf1234'] };
    expect(codeOf(verify(without, { body: '{"hello":"world"}', headers }))).to.equal('SIGNED_PROFILE_INCOMPLETE');
  });

  it('reads payments by their status, and leaves tips out of the price', async () => {
    const cases: [string, string[]][] = [
      ['COMPLETED', ['payment.completed pay_1 3998 USD']],
      ['APPROVED', ['payment.pending pay_1 3998 USD']],
      ['FAILED', ['payment.failed pay_1 3998 USD']],
      ['CANCELED', ['payment.expired pay_1 3998 USD']],
      ['PENDING', []],
    ];
    for (const [status, expected] of cases)
      expect(await toldBy('square', square('payment.updated', { payment: { ...squarePayment, status } })), status).to.deep.equal(
        expected,
      );
  });

  it('reads refunds and disputes as of their payment', async () => {
    const money = { amount_money: { amount: 1000, currency: 'USD' }, updated_at: '2026-01-03T00:00:00Z' };
    const refund = (status: string) =>
      square('refund.updated', { refund: { id: 'ref_1', payment_id: 'pay_1', status, ...money } });
    const dispute = (state: string) =>
      square('dispute.state.updated', { dispute: { id: 'dp_1', disputed_payment: { payment_id: 'pay_1' }, state, ...money } });
    const cases: [object, string[]][] = [
      [refund('PENDING'), []],
      [refund('COMPLETED'), ['payment.refunded pay_1 ref_1 1000 USD']],
      [refund('REJECTED'), ['payment.refundFailed pay_1 ref_1 1000 USD']],
      [dispute('INQUIRY_EVIDENCE_REQUIRED'), []],
      [dispute('EVIDENCE_REQUIRED'), ['payment.disputed pay_1 dp_1 1000 USD']],
      [dispute('WON'), ['payment.disputeWon pay_1 dp_1 1000 USD']],
      [dispute('LOST'), ['payment.disputeLost pay_1 dp_1 1000 USD']],
    ];
    for (const [body, expected] of cases) expect(await toldBy('square', body)).to.deep.equal(expected);
  });
});

describe('the preset for Adyen', () => {
  const options: SignedOptions = { preset: 'adyen', secrets: [adyenKey], basicAuth: [adyenLogin] };
  const toldOf = async (...items: AdyenItem[]) => told(await eventsOf(options, signAdyen(...items)));

  it("agrees with the examples in Adyen's own libraries", () => {
    const item = {
      ...adyenItem({ merchantReference: 'TestPayment-1407325143704', amount: { value: 1130, currency: 'EUR' } }),
      paymentMethod: 'visa',
    };
    const withMark = (hmacSignature: string) => adyenCallback({ ...item, additionalData: { hmacSignature } });
    expect(codeOf(verify(options, withMark('coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=')))).to.equal('accepted');
    const other = { ...options, secrets: ['DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00'] };
    expect(codeOf(verify(other, withMark('Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=')))).to.equal('accepted');
    expect(codeOf(verify(other, withMark('coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=')))).to.equal('SIGNATURE_MISMATCH');
  });

  it('agrees with the test vector', () => {
    const item = adyenItem({
      pspReference: 'PSP1',
      merchantAccountCode: 'MerchAcc',
      amount: { value: 1999, currency: 'EUR' },
      additionalData: { hmacSignature: 'Pm3Rxl6jtXHQ78mFwf5BhKumIYf0mMb8wJX3zm1m2Os=' },
    });
    const demo = { ...options, secrets: ['00112233445566778899AABBCCDDEEFF'.repeat(2)] };
    expect(codeOf(verify(demo, adyenCallback(item)))).to.equal('accepted');
  });

  it('believes none of several items when one of them is not proved', async () => {
    const [one, two] = [adyenItem(), adyenItem({ pspReference: '7914073381342285', merchantReference: 'ORD-8' })];
    const both = signAdyen(one, two);
    expect(verify(options, both)).to.deep.equal({
      kind: 'accepted',
      deliveryId: '7914073381342284:AUTHORISATION:true,7914073381342285:AUTHORISATION:true',
    });
    expect(await toldOf(one, two)).to.deep.equal([
      'payment.completed ORD-7 7914073381342284 3998 EUR',
      'payment.completed ORD-8 7914073381342285 3998 EUR',
    ]);
    for (const forged of ['"value":3998', '"ORD-8"', '"AUTHORISATION"', '"success":"true"']) {
      const at = String(both.body).lastIndexOf(forged);
      const body = `${String(both.body).slice(0, at)}${forged.replace(/[38OA]|true/, (found) => (found === 'true' ? 'false' : 'X'))}${String(both.body).slice(at + forged.length)}`;
      expect(codeOf(verify(options, { ...both, body })), forged).to.match(/^SIGNATURE_M/);
    }
    const { body, headers } = signAdyen(one);
    const unsigned = String(body).replace(/"hmacSignature":"[^"]+"/, '"hmacSignature":""');
    expect(codeOf(verify(options, { body: unsigned, headers }))).to.equal('SIGNATURE_MISSING');
    expect(codeOf(verify(options, adyenCallback()))).to.equal('SIGNATURE_MISSING');
  });

  it('asks for user and password too, since not all of an item is signed', () => {
    const sent = signAdyen(adyenItem());
    const without = { ...sent, headers: {} };
    expect(codeOf(verify(options, without))).to.equal('SIGNATURE_MISSING');
    const wrong = { ...sent, headers: { authorization: `Basic ${Buffer.from('adyen:guess').toString('base64')}` } };
    expect(codeOf(verify(options, wrong))).to.equal('SIGNATURE_MISMATCH');
    const open: SignedOptions = { preset: 'adyen', secrets: [adyenKey] };
    expect(codeOf(verify(open, sent))).to.equal('SIGNED_PROFILE_INCOMPLETE');
    expect(codeOf(verify({ ...options, basicAuth: ['old:password', adyenLogin] }, sent))).to.equal('accepted');
  });

  it('answers in the words that Adyen waits for', async () => {
    expect(await answerTo(options, signAdyen(adyenItem()))).to.deep.include({ status: 200, body: '[accepted]' });
    expect(await answerTo(options, signAdyen(adyenItem({ eventCode: 'REPORT_AVAILABLE' })))).to.deep.include({
      body: '[accepted]',
    });
  });

  it('reads what was bought and by whom, and every turn of a payment', async () => {
    const [paid] = await eventsOf(options, signAdyen(adyenItem()));
    expect(paid).to.deep.include({
      receiver: 'TestMerchant',
      at: '2026-01-02T03:04:05.000Z',
      buyer: { email: 'ada@example.org' },
    });
    expect(paid?.lines?.[0]).to.include({ sku: 'TS-101', quantity: 2 });
    const later = { pspReference: 'P2', originalReference: '7914073381342284' };
    const cases: [Partial<AdyenItem>, string][] = [
      [{ success: 'false', reason: 'Refused' }, 'payment.failed ORD-7 7914073381342284 3998 EUR'],
      [{ ...later, eventCode: 'REFUND' }, 'payment.refunded ORD-7 7914073381342284 P2 3998 EUR'],
      [{ ...later, eventCode: 'REFUND_FAILED' }, 'payment.refundFailed ORD-7 7914073381342284 P2 3998 EUR'],
      [{ ...later, eventCode: 'CHARGEBACK' }, 'payment.disputed ORD-7 7914073381342284 7914073381342284 3998 EUR'],
      [{ ...later, eventCode: 'CHARGEBACK_REVERSED' }, 'payment.disputeWon ORD-7 7914073381342284 7914073381342284 3998 EUR'],
    ];
    for (const [changes, expected] of cases) expect(await toldOf(adyenItem(changes)), expected).to.deep.equal([expected]);
    expect(codeOf(verify(options, signAdyen(adyenItem({ ...later, eventCode: 'REFUND', success: 'false' }))))).to.equal(
      'ignored',
    );
  });
});

describe('the preset for Standard Webhooks', () => {
  const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3';
  const other = new Webhook(secret);
  const body = JSON.stringify({ type: 'order.paid', data: { id: 'ord_1', amount: 1, currency: 'EUR' } });

  for (const family of ['webhook', 'svix']) {
    it(`accepts what the standard's own library signs, with the headers ${family}-*`, () => {
      const at = new Date();
      const stamp = String(Math.floor(at.getTime() / 1000));
      const headers = {
        [`${family}-id`]: 'msg_1',
        [`${family}-timestamp`]: stamp,
        [`${family}-signature`]: other.sign('msg_1', at, body),
      };
      const options: SignedOptions = { secrets: [secret] };
      expect(verify(options, { body, headers })).to.deep.equal({ kind: 'accepted', deliveryId: 'msg_1' });
      const moved = { ...headers, [`${family}-id`]: 'msg_2' };
      expect(codeOf(verify(options, { body, headers: moved }))).to.equal('SIGNATURE_MISMATCH');
    });
  }

  it("signs in our samples as the standard's own library checks it", () => {
    const { headers } = samples['standard-webhooks']!.sign(body);
    expect(() => other.verify(body, headers as Record<string, string>)).to.not.throw();
  });
});

describe('a preset that a shop changes', () => {
  it('keeps what is not changed', async () => {
    const options: Partial<SignedOptions> = {
      fields: { lines: { sku: '/meta/custom_data/user' }, buyer: { name: '/meta/custom_data/user' } },
      events: { order_refunded: 'ignore' },
    };
    const [event] = await readAs('lemon-squeezy', lemonSqueezy('order_created'), options);
    expect(event?.lines?.[0]).to.include({ sku: '9', title: 'TypeScript in a week' });
    expect(event?.buyer).to.deep.equal({ email: 'ada@example.org', name: '9' });
    expect(await readAs('lemon-squeezy', lemonSqueezy('order_refunded'), options)).to.deep.equal([]);
  });

  it('can be signed otherwise', () => {
    const options: SignedOptions = { ...samples['shopify']!.options, signature: { header: 'x-proxy-signature', digest: 'hex' } };
    expect(codeOf(verify(options, signPlain('x-proxy-signature', 'hex')(JSON.stringify(shopify()))))).to.equal('accepted');
    expect(codeOf(verify(options, samples['shopify']!.sign(JSON.stringify(shopify()))))).to.equal('SIGNATURE_MISSING');
  });
});
