import { expect } from 'chai';
import { Stripe } from 'stripe';
import { startStripe, type StripeDouble } from '../../src/testing/stripe/index.ts';

const club = { sku: 'CLUB', unitAmount: 999 };

describe("the double's subscriptions", () => {
  let double: StripeDouble;
  let client: Stripe;

  beforeEach(async () => {
    double = await startStripe({ pageSize: 2, now: () => new Date('2026-01-31T10:00:00Z') });
    const { host, port } = double;
    client = new Stripe(double.apiKey, { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
  });
  afterEach(() => double.close());

  it('begin with a session, an invoice and a payment intent that lead to each other', async () => {
    const sale = double.sale({ lines: [club, { sku: 'SETUP', unitAmount: 500, oneTime: true }], mode: 'subscription' });
    sale.completed();
    const invoiceId = sale.invoice.id;

    const session = await client.checkout.sessions.retrieve(sale.session.id, { expand: ['subscription', 'invoice.payments'] });
    const links = await client.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: sale.paymentIntent.id },
    });
    const lines = await client.invoices.listLineItems(invoiceId, { limit: 100 });

    expect(session.payment_intent).to.equal(null);
    expect(session.subscription).to.include({ status: 'active', latest_invoice: invoiceId });
    expect((session.invoice as Stripe.Invoice).payments?.data[0]?.payment.payment_intent).to.equal(sale.paymentIntent.id);
    expect(links.data.map(({ invoice }) => invoice)).to.deep.equal([invoiceId]);
    expect(lines.data.map(({ parent }) => parent?.type)).to.deep.equal(['subscription_item_details', 'invoice_item_details']);
    expect(sale.firstInvoicePaid().event).to.deep.nested.include({
      'data.object.billing_reason': 'subscription_create',
      'data.object.amount_paid': 1499,
      'data.object.parent.subscription_details.subscription': sale.subscription.id,
    });
  });

  it('renew for the next month, each time by an invoice and a payment of its own', () => {
    const sale = double.sale({ lines: [club], mode: 'subscription', subscriptionMetadata: { plan: 'club' } });
    sale.completed();

    const renewed = sale.renewed();
    const period = sale.invoice.lines.data[0]!.period;

    expect(renewed.type).to.equal('invoice.paid');
    expect(renewed.event).to.deep.nested.include({
      'data.object.billing_reason': 'subscription_cycle',
      'data.object.parent.subscription_details.metadata': { plan: 'club' },
    });
    expect([period.start, period.end].map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 10))).to.deep.equal([
      '2026-02-28',
      '2026-03-28',
    ]);
    expect(new Set(sale.charges.map(({ payment_intent }) => payment_intent)).size).to.equal(2);
    const [created] = sale.refunded();
    expect(created!.event).to.have.nested.property('data.object.payment_intent', sale.paymentIntent.id);
  });

  it('pay the invoice that a failed renewal left open', () => {
    const sale = double.sale({ lines: [club], mode: 'subscription' });
    sale.completed();

    const failed = sale.renewalFailed();
    const again = sale.renewalFailed({ final: true });
    const failedInvoice = sale.invoice.id;

    expect(failed.event).to.have.nested.property('data.object.attempt_count', 1);
    expect(failed.event).to.have.nested.property('data.object.next_payment_attempt').that.is.a('number');
    expect(again.event).to.deep.nested.include({ 'data.object.attempt_count': 2, 'data.object.next_payment_attempt': null });
    expect(sale.subscription.status).to.equal('past_due');
    expect(sale.renewed().event).to.deep.nested.include({ 'data.object.id': failedInvoice, 'data.object.status': 'paid' });
    expect(sale.subscription.status).to.equal('active');
    expect(sale.invoices).to.have.length(2);
  });

  it('may begin with a trial that costs nothing, and end', async () => {
    const sale = double.sale({ lines: [club], mode: 'subscription', trialDays: 14 });

    expect(sale.completed().event).to.have.nested.property('data.object.payment_status', 'no_payment_required');
    expect(sale.firstInvoicePaid().event).to.have.nested.property('data.object.amount_paid', 0);
    expect(sale.subscription.status).to.equal('trialing');
    expect(sale.renewed().event).to.have.nested.property('data.object.amount_paid', 999);
    expect(sale.subscription.status).to.equal('active');
    expect(sale.endScheduled().event).to.have.nested.property('data.object.cancel_at_period_end', true);
    const ended = sale.subscriptionEnded({ reason: 'payment_failed' });
    expect(ended).to.have.property('type', 'customer.subscription.deleted');
    expect(ended.event).to.have.nested.property('data.object.cancellation_details.reason', 'payment_failed');
    expect((await client.subscriptions.retrieve(sale.subscription.id)).status).to.equal('canceled');
  });

  it('look as they did before basil to those who speak an older version', async () => {
    const sale = double.sale({ lines: [club], mode: 'subscription', apiVersion: '2024-06-20' });
    sale.completed();

    const told = sale.renewed().event as { api_version: string; data: { object: unknown } };
    const asked: unknown = await client.rawRequest('GET', `/v1/subscriptions/${sale.subscription.id}`, undefined, {
      apiVersion: '2024-06-20',
    });

    expect(told.api_version).to.equal('2024-06-20');
    expect(told.data.object).to.deep.nested.include({
      subscription: sale.subscription.id,
      payment_intent: sale.paymentIntent.id,
      charge: sale.charge.id,
      paid: true,
      'lines.data[0].type': 'subscription',
      'lines.data[0].price.metadata.sku': 'CLUB',
    });
    expect(told.data.object).not.to.have.any.keys('parent', 'payments');
    expect(asked).to.have.property('current_period_end').that.is.a('number');
    expect(sale.subscription.items.data[0]).to.have.property('current_period_end');
    expect(sale.refunded().map(({ type }) => type)).to.deep.equal(['charge.refunded']);
  });
});
