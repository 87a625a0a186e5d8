import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Stripe } from 'stripe';
import { signedHeaders, startStripe, type StripeDouble, type StripeOptions } from '../../src/testing/stripe/index.ts';

const open: StripeDouble[] = [];

async function start(options: StripeOptions = {}): Promise<{ double: StripeDouble; client: Stripe }> {
  const double = await startStripe(options);
  open.push(double);
  const { host, port } = double;
  return { double, client: new Stripe(double.apiKey, { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false }) };
}

const course = { sku: 'TS-101', unitAmount: 4900 };

/** The object an event carries, checked and read by the official package. */
function readBy(client: Stripe, double: StripeDouble, callback: { body: string; headers: Record<string, string> }): Stripe.Event {
  return client.webhooks.constructEvent(callback.body, callback.headers['stripe-signature']!, double.webhookSecret);
}

describe("the double's Stripe callbacks", () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((double) => double.close()));
  });

  it('are signed as the reference vector says', () => {
    const body = '{"id":"evt_demo","n":1.0,"u":"é"}';
    const headers = signedHeaders(body, { secrets: ['whsec_demo'], at: new Date(1_700_000_000_000) });

    expect(headers['stripe-signature']).to.equal(
      't=1700000000,v1=80f35c2fb85297541bdac855ed724f8c4c49591cbcb9b1e65ab51ab68dcb21f2',
    );
  });

  it('are taken by the official package, and not when a byte, the secret or the time is another', async () => {
    const { double, client } = await start();
    const told = double.sale({ lines: [course] }).completed();
    const check =
      (body: string, headers: Record<string, string>, secret = double.webhookSecret) =>
      () =>
        client.webhooks.constructEvent(body, headers['stripe-signature']!, secret);
    const stale = double.sign(told.body, { at: new Date(Date.now() - 301_000) });
    const rolling = double.sign(told.body, { secrets: ['whsec_old', 'whsec_new'] });

    expect(check(told.body, told.headers)()).to.include({ id: told.id, type: 'checkout.session.completed' });
    expect(check(told.body, rolling, 'whsec_old')()).to.include({ id: told.id });
    expect(check(told.body, rolling, 'whsec_new')()).to.include({ id: told.id });
    expect(check(`${told.body}\n`, told.headers)).to.throw('No signatures found matching');
    expect(check(told.body, told.headers, 'whsec_other')).to.throw('No signatures found matching');
    expect(check(told.body, stale)).to.throw('Timestamp outside the tolerance zone');
    expect(check(told.body, double.sign(told.body, { scheme: 'v0' }))).to.throw('No signatures found with expected scheme');
  });

  it('change when they are parsed and written again', async () => {
    const { double } = await start();
    const { body } = double.sale({ lines: [course] }).completed();

    expect(JSON.stringify(JSON.parse(body))).not.to.equal(body);
  });

  it('of the thin family lead the official client to the object and to the snapshot of the same change', async () => {
    const { double, client } = await start({ family: 'thin' });
    const sale = double.sale({ lines: [course], account: 'acct_shop' });
    const told = sale.completed();

    const notice = client.parseEventNotification(told.body, told.headers['stripe-signature']!, double.webhookSecret);
    if (notice.type !== 'v1.checkout.session.completed') throw new Error(notice.type);
    const session = await notice.fetchRelatedObject();
    const event = await notice.fetchEvent();
    const twin = await client.events.retrieve(notice.snapshot_event!, {}, { stripeAccount: 'acct_shop' });

    expect(session).to.include({ id: sale.session.id, payment_status: 'paid' });
    expect(event).to.include({ id: told.id, type: 'v1.checkout.session.completed' });
    expect(twin).to.include({ type: 'checkout.session.completed', account: 'acct_shop' });
    expect(told.snapshot?.id).to.equal(twin.id);
    expect(JSON.parse(told.body)).not.to.have.property('data');
    const listed = await client.v2.core.events.list({ object_id: sale.session.id }, { stripeContext: 'acct_shop' });
    expect(listed.data.map(({ id }) => id)).to.deep.equal([told.id]);
  });

  it('include the ping that tries an endpoint out', async () => {
    const { double, client } = await start();
    const ping = double.ping();

    const notice = client.parseEventNotification(ping.body, ping.headers['stripe-signature']!, double.webhookSecret);

    expect(notice.type).to.equal('v2.core.event_destination.ping');
  });

  it('arrive over real HTTP, and a 2xx counts as delivered', async () => {
    const { double, client } = await start();
    const got: string[] = [];
    let status = 503;
    const endpoint = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => got.push(chunk.toString())).on('end', () => response.writeHead(status).end('noted'));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => endpoint.once('listening', resolve));
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`;
    const told = double.sale({ lines: [course] }).completed();
    const undelivered = async () => (await client.events.list({ delivery_success: false })).data.map(({ id }) => id);

    expect(await double.send(url, told)).to.include({ status: 503, text: 'noted' });
    expect(await undelivered()).to.deep.equal([told.id]);
    status = 200;
    await double.send(url, told);
    endpoint.close();

    expect(got).to.deep.equal([told.body, told.body]);
    expect(await undelivered()).to.deep.equal([]);
  });

  it('keep what an event saw, while the API shows what has become of it', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course] });
    const unpaid = readBy(client, double, sale.completedUnpaid());
    const intentWhileWaiting = { ...sale.paymentIntent };
    const paid = readBy(client, double, sale.asyncSucceeded());

    expect(unpaid.data.object).to.include({ status: 'complete', payment_status: 'unpaid' });
    expect(intentWhileWaiting.status).to.equal('processing');
    expect(paid).to.include({ type: 'checkout.session.async_payment_succeeded' });
    expect(paid.data.object).to.include({ payment_status: 'paid' });
    expect((await client.checkout.sessions.retrieve(sale.session.id)).payment_status).to.equal('paid');
  });

  it('tell of a delayed payment that came to nothing and of a session nobody paid', async () => {
    const { double } = await start();
    const failing = double.sale({ lines: [course] });
    const left = double.sale({ lines: [course] });

    expect(failing.asyncFailed().event).to.have.nested.property('data.object.payment_status', 'unpaid');
    expect(failing.paymentIntent).to.have.nested.property('last_payment_error.decline_code', 'insufficient_funds');
    expect(left.expired().event).to.have.nested.property('data.object.status', 'expired');
    expect(() => left.completed()).to.throw('expired');
  });

  it('tell of a refused card by the payment intent, and the buyer pays with another one', async () => {
    const { double } = await start();
    const sale = double.sale({ lines: [course] });

    const declined = sale.declinedAttempt({ declineCode: 'expired_card', message: 'Your card has expired.' });
    const failed = sale.chargeFailed();
    sale.completed();

    expect(declined).to.have.property('type', 'payment_intent.payment_failed');
    expect(declined.event).to.have.nested.property('data.object.last_payment_error.decline_code', 'expired_card');
    expect(failed.event).to.have.nested.property('data.object.status', 'failed');
    expect(sale.charges.map(({ status }) => status)).to.deep.equal(['succeeded', 'failed']);
    expect(sale.paymentIntent).to.include({ status: 'succeeded', last_payment_error: null });
  });

  it('tell of nothing to pay without any payment', async () => {
    const { double } = await start();
    const sale = double.sale({ lines: [{ ...course, discount: 4900 }] });

    expect(sale.completed().event).to.have.nested.property('data.object.payment_status', 'no_payment_required');
    expect(sale.session.payment_intent).to.equal(null);
    expect(() => sale.charge).to.throw('The sale has no payment.');
  });

  it('tell of a payment without Checkout, whose lines are on the payment intent', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [{ ...course, quantity: 3 }], checkout: false, metadata: { sku: 'TS-101' } });

    const told = readBy(client, double, sale.paymentIntentSucceeded());
    const intent = await client.paymentIntents.retrieve(sale.paymentIntent.id, { expand: ['amount_details.line_items'] });

    expect(told.data.object).to.deep.include({ status: 'succeeded', amount: 14_700, metadata: { sku: 'TS-101' } });
    expect(intent.amount_details?.line_items?.data[0]).to.include({ product_code: 'TS-101', quantity: 3, unit_cost: 4900 });
    expect((await client.checkout.sessions.list({ payment_intent: intent.id })).data).to.deep.equal([]);
  });

  it('count refunds up on the charge, and down again when the bank sends one back', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course] });
    sale.completed();

    const first = sale.refunded({ amount: 900 });
    const second = sale.refunded();

    expect(first.map(({ type }) => type)).to.deep.equal(['refund.created', 'refund.updated', 'charge.refunded']);
    expect(first[2]!.event).to.deep.nested.include({ 'data.object.amount_refunded': 900, 'data.object.refunded': false });
    expect(second[2]!.event).to.deep.nested.include({ 'data.object.amount_refunded': 4900, 'data.object.refunded': true });
    expect(await client.refunds.retrieve(sale.refund.id)).to.include({ amount: 4000, payment_intent: sale.paymentIntent.id });
    expect(() => sale.refunded({ amount: 1 })).to.throw('0 left');
    expect(sale.refundFailed().event).to.have.nested.property('data.object.status', 'failed');
    expect(await client.charges.retrieve(sale.charge.id)).to.include({ amount_refunded: 900, refunded: false });
  });

  it('follow a pending refund and a dispute to their ends', async () => {
    const { double, client } = await start();
    const sale = double.sale({ lines: [course] });
    sale.completed();

    expect(sale.refunded({ amount: 100, status: 'pending' }).map(({ type }) => type)).to.deep.equal([
      'refund.created',
      'charge.refunded',
    ]);
    expect(sale.refundSettled().event).to.have.nested.property('data.previous_attributes.status', 'pending');
    expect(sale.disputed({ status: 'warning_needs_response' }).event).to.have.nested.property(
      'data.object.is_charge_refundable',
      true,
    );
    expect(sale.disputeClosed('warning_closed').type).to.equal('charge.dispute.closed');
    expect((await client.disputes.retrieve(sale.dispute.id)).status).to.equal('warning_closed');
    expect((await client.charges.retrieve(sale.charge.id)).disputed).to.equal(true);
  });
});
