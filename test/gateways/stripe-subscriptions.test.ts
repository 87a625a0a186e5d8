import { expect } from 'chai';
import type { PaymentEvent } from '../../src/contract/event.ts';
import { openStripeSite, type StripeSite } from './stripe-site.ts';

const versions = ['2022-08-01', '2024-10-28.acacia', '2025-03-31.basil', '2026-10-28.endive'];

function withoutTime(event: PaymentEvent): PaymentEvent {
  return { ...event, at: '' };
}

describe('subscriptions at Stripe', () => {
  let site: StripeSite;
  beforeEach(async () => (site = await openStripeSite()));
  afterEach(() => site.close());

  const terms = { lines: [{ sku: 'CLUB', unitAmount: 900, title: 'Club' }], mode: 'subscription' as const };
  const at = new Date('2026-01-31T10:00:00Z');

  it('counts the first payment once, told by the session, its invoice and its payment intent, in every API version', async () => {
    for (const apiVersion of versions) {
      const sale = site.double.sale({ ...terms, apiVersion, metadata: { from: 'session' } });
      const completed = await site.event(sale.completed({ at }));
      expect(completed, apiVersion).to.deep.include({
        kind: 'payment.completed',
        id: `${sale.invoice.id}:paid`,
        purchase: sale.subscription.id,
        payment: sale.invoice.id,
        amount: { amount: 900, currency: 'EUR' },
        period: { from: '2026-01-31T10:00:00.000Z', until: '2026-02-28T10:00:00.000Z' },
      });
      expect(completed.references).to.include.members([
        sale.session.id,
        sale.subscription.id,
        sale.invoice.id,
        sale.paymentIntent.id,
      ]);
      for (const callback of [
        sale.firstInvoicePaid(),
        sale.firstInvoicePaid({ family: 'thin' }),
        sale.event('invoice.payment_succeeded', sale.invoice),
        sale.paymentIntentSucceeded(),
      ]) {
        expect(withoutTime(await site.event(callback)), `${apiVersion} ${callback.type}`).to.deep.equal(withoutTime(completed));
      }
    }
  });

  it('finds the subscription again at each renewal, with the period paid for', async () => {
    for (const apiVersion of versions) {
      const sale = site.double.sale({ ...terms, apiVersion, subscriptionMetadata: { tier: 'gold' } });
      sale.completed({ at });
      const renewed = await site.event(sale.renewed());
      expect({ ...renewed, at: '', references: [], metadata: { ...renewed.metadata } }, apiVersion).to.deep.equal({
        kind: 'subscription.renewed',
        gateway: 'stripe',
        id: `${sale.invoice.id}:paid`,
        at: '',
        purchase: sale.subscription.id,
        payment: sale.invoice.id,
        mode: 'test',
        amount: { amount: 900, currency: 'EUR' },
        lines: [
          {
            sku: 'CLUB',
            title: 'Club',
            quantity: 1,
            subtotal: { amount: 900, currency: 'EUR' },
            total: { amount: 900, currency: 'EUR' },
          },
        ],
        buyer: { email: 'ada@example.org', name: 'Ada Example' },
        period: { from: '2026-02-28T10:00:00.000Z', until: '2026-03-28T10:00:00.000Z' },
        references: [],
        metadata: { tier: 'gold' },
      });
      expect((await site.event(sale.paymentIntentSucceeded())).id).to.equal(renewed.id);
    }
  });

  it('refunds and disputes the period they are about', async () => {
    const sale = site.double.sale(terms);
    sale.completed();
    const first = sale.invoice.id;
    sale.renewed();
    const second = sale.invoice.id;
    const refund = await site.event(sale.refunded()[0]!);
    expect(refund).to.include({ kind: 'payment.refunded', purchase: sale.subscription.id, payment: second });
    const charge = sale.charges.find(({ id }) => id !== sale.charge.id)?.id;
    const dispute = await site.event(sale.disputed(charge === undefined ? {} : { charge }));
    expect(dispute).to.include({ kind: 'payment.disputed', purchase: sale.subscription.id, payment: first });
  });

  it('says when a renewal fails and whether Stripe tries again', async () => {
    for (const apiVersion of versions) {
      const sale = site.double.sale({ ...terms, apiVersion });
      sale.completed({ at });
      const failed = await site.event(sale.renewalFailed({ at: new Date('2026-02-28T11:00:00Z') }));
      expect(failed, apiVersion).to.include({
        kind: 'subscription.renewalFailed',
        id: `${sale.invoice.id}:failed:1`,
        purchase: sale.subscription.id,
        payment: sale.invoice.id,
        reason: 'Attempt 1 to collect the payment failed. The next one is on 2026-03-03.',
      });
      const last = await site.event(sale.renewalFailed({ final: true, family: 'thin' }));
      expect(last.id).to.equal(`${sale.invoice.id}:failed:2`);
      expect(last.reason).to.contain('no further automatic attempt');
      expect(await site.why(sale.event('payment_intent.payment_failed', sale.paymentIntent))).to.contain(sale.invoice.id);
      expect((await site.event(sale.renewed())).kind).to.equal('subscription.renewed');
    }
  });

  it('forgets a failed attempt that is told after the invoice was paid', async () => {
    const sale = site.double.sale(terms);
    sale.completed();
    const late = sale.renewalFailed({ family: 'thin' });
    sale.renewed();
    expect(await site.why(late)).to.contain('has been paid since');
  });

  it('gives access to a trial without counting money', async () => {
    const sale = site.double.sale({ ...terms, trialDays: 14 });
    const completed = await site.event(sale.completed({ at }));
    expect(completed).to.deep.include({
      kind: 'payment.completed',
      purchase: sale.subscription.id,
      period: { from: '2026-01-31T10:00:00.000Z', until: '2026-02-14T10:00:00.000Z' },
    });
    expect(withoutTime(await site.event(sale.firstInvoicePaid()))).to.deep.equal(withoutTime(completed));
    expect((await site.event(sale.renewed())).amount).to.deep.equal({ amount: 900, currency: 'EUR' });
  });

  it('ends a subscription when it is over, not when its end is planned', async () => {
    const sale = site.double.sale(terms);
    sale.completed();
    expect(await site.why(sale.endScheduled())).to.contain('stay as they are');
    for (const family of ['snapshot', 'thin'] as const) {
      expect(await site.event(sale.subscriptionEnded({ family, reason: 'payment_failed' }))).to.include({
        kind: 'subscription.ended',
        id: `${sale.subscription.id}:ended`,
        purchase: sale.subscription.id,
        reason: 'The payment for the next period failed.',
      });
    }
  });

  it('tells a change of plan from other changes, and a pause from its end', async () => {
    const sale = site.double.sale(terms);
    sale.completed({ at });
    const other = site.double.sale({ ...terms, lines: [{ sku: 'CLUB-PRO', unitAmount: 1900, title: 'Club Pro' }] });
    other.completed();
    const [before] = sale.subscription.items.data;
    const [price] = other.subscription.items.data.map((item) => item.price);
    const items = (item: object) => ({ object: 'list', data: [item], has_more: false, url: '/v1/subscription_items' });
    const changed = { ...sale.subscription, items: items({ ...before, price }) } as never;
    const previous = { items: items({ ...before }) } as never;

    expect(await site.event(sale.event('customer.subscription.updated', changed, { previous }))).to.deep.include({
      kind: 'subscription.changed',
      purchase: sale.subscription.id,
      lines: [
        {
          sku: 'CLUB-PRO',
          title: 'Club Pro',
          quantity: 1,
          subtotal: { amount: 1900, currency: 'EUR' },
          total: { amount: 1900, currency: 'EUR' },
        },
      ],
    });
    expect(await site.why(sale.event('customer.subscription.updated', changed, { family: 'thin' }))).to.contain(
      'stay as they are',
    );
    for (const [type, kind] of [
      ['customer.subscription.paused', 'subscription.paused'],
      ['customer.subscription.resumed', 'subscription.resumed'],
    ] as const) {
      expect(await site.event(sale.event(type, sale.subscription))).to.include({ kind, purchase: sale.subscription.id });
    }
  });

  it('knows a trial from a price of nothing, and what is bought once beside a subscription', async () => {
    const trial = site.double.sale({ ...terms, trialDays: 14 });
    expect(await site.event(trial.completed())).to.include({ trial: true });
    const mixed = site.double.sale({ ...terms, lines: [...terms.lines, { sku: 'BOOK', unitAmount: 500, oneTime: true }] });
    const { lines = [], trial: isTrial } = await site.event(mixed.completed());
    expect(lines.map(({ sku, once }) => [sku, once])).to.deep.equal([
      ['CLUB', undefined],
      ['BOOK', true],
    ]);
    expect(isTrial).to.equal(undefined);
  });

  it('reads a subscription that was made without Checkout from its invoice', async () => {
    for (const apiVersion of versions) {
      const sale = site.double.sale({ ...terms, apiVersion });
      sale.completed();
      sale.session.subscription = null;
      const event = await site.event(sale.firstInvoicePaid());
      expect(event, apiVersion).to.deep.include({
        kind: 'payment.completed',
        id: `${sale.invoice.id}:paid`,
        purchase: sale.subscription.id,
        buyer: { email: 'ada@example.org', name: 'Ada Example' },
      });
      expect(event.lines?.map(({ sku }) => sku)).to.deep.equal(['CLUB']);
    }
  });

  it('takes a change of plan for a purchase of its own, so that a person sees it', async () => {
    const sale = site.double.sale(terms);
    sale.completed();
    sale.renewed();
    sale.invoice.billing_reason = 'subscription_update';
    const event = await site.event(sale.event('invoice.paid', sale.invoice));
    expect(event).to.include({ kind: 'payment.completed', purchase: sale.invoice.id, payment: sale.invoice.id });
    expect((await site.event(sale.refunded()[0]!)).purchase).to.equal(sale.invoice.id);
  });

  it('reads the invoice of a one-off Checkout as the Checkout', async () => {
    const sale = site.double.sale({ lines: terms.lines });
    const completed = await site.event(sale.completed());
    const invoice = {
      id: 'in_extra',
      object: 'invoice',
      status: 'paid',
      billing_reason: 'manual',
      currency: 'eur',
      total: 900,
      payments: { data: [{ payment: { type: 'payment_intent', payment_intent: sale.paymentIntent.id } }] },
      lines: { data: [], has_more: false },
    };
    expect(withoutTime(await site.event(sale.event('invoice.paid', invoice)))).to.deep.equal(withoutTime(completed));
    const older = { ...invoice, payments: undefined, payment_intent: sale.paymentIntent.id };
    expect(withoutTime(await site.event(sale.event('invoice.paid', older)))).to.deep.equal(withoutTime(completed));
  });

  it('reads all lines of a long invoice', async () => {
    const small = await openStripeSite({}, { pageSize: 3 });
    try {
      const lines = Array.from({ length: 8 }, (_, index) => ({ sku: `S-${index}`, unitAmount: 100 }));
      const sale = small.double.sale({ lines, mode: 'subscription' });
      sale.completed();
      expect((await small.event(sale.renewed())).lines?.map(({ sku }) => sku)).to.deep.equal(lines.map(({ sku }) => sku));
    } finally {
      await small.close();
    }
  });

  it('adds discounts and taxes of an invoice up as Stripe does, in both shapes', async () => {
    const sale = site.double.sale(terms);
    sale.completed();
    sale.renewed();
    const [line] = sale.invoice.lines.data;
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    const shapes = [
      { taxes: [{ amount: 144, tax_behavior: 'exclusive' }] },
      { tax_amounts: [{ amount: 144, inclusive: false }] },
      { taxes: [{ amount: 120, tax_behavior: 'inclusive' }] },
      { tax_amounts: [{ amount: 120, inclusive: true }] },
    ];
    for (const shape of shapes) {
      const lines = { has_more: false, data: [{ ...line, amount: 900, discount_amounts: [{ amount: 180 }], ...shape }] };
      const event = await site.event(sale.event('invoice.paid', { ...sale.invoice, lines }));
      const onTop = JSON.stringify(shape).includes('144');
      expect(event.lines?.[0], JSON.stringify(shape)).to.deep.include({
        subtotal: eur(900),
        discount: eur(180),
        tax: eur(onTop ? 144 : 120),
        total: eur(onTop ? 864 : 720),
      });
    }
  });
});
