import { expect } from 'chai';
import fc from 'fast-check';
import { StepError } from '../../src/contract/errors.ts';
import type { HttpClient } from '../../src/contract/http.ts';
import { stripe } from '../../src/gateways/index.ts';
import { fault } from '../../src/testing/double-server.ts';
import { stripeFault } from '../../src/testing/stripe/index.ts';
import { callbackOf, openStripeSite, type StripeSite } from './stripe-site.ts';

describe("asking Stripe's API", () => {
  let site: StripeSite;
  beforeEach(async () => (site = await openStripeSite()));
  afterEach(() => site.close());

  const lines = [{ sku: 'A', unitAmount: 100 }];
  const failure = async (at: StripeSite = site): Promise<Record<string, unknown>> => {
    const error: unknown = await at.read(at.double.sale({ lines }).completed()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    return error as Record<string, unknown>;
  };

  it('asks again later when Stripe is busy, broken, or away, and when Stripe says', async () => {
    const { faults } = site.double;
    faults.next(stripeFault.error(429, { code: 'rate_limit', retryAfter: 7 }));
    expect(await failure()).to.include({ code: 'STRIPE_BUSY', retry: 'later', retryAfterMs: 7000 });
    faults.next(fault.status(503, { retryAfter: 30 }));
    expect(await failure()).to.include({ code: 'STRIPE_DOWN', retry: 'later', retryAfterMs: 30_000 });
    faults.next(stripeFault.error(500));
    expect(await failure()).to.include({ code: 'STRIPE_DOWN', retry: 'later' });
    faults.next(stripeFault.error(409));
    expect(await failure()).to.include({ code: 'STRIPE_BUSY', retry: 'later' });
    faults.next(fault.html());
    expect(await failure()).to.include({ code: 'STRIPE_ANSWER_UNREADABLE', retry: 'later' });
    faults.next(fault.truncatedJson());
    expect(await failure()).to.include({ code: 'STRIPE_ANSWER_UNREADABLE', retry: 'later' });
    faults.next(fault.redirect('https://example.com/'));
    expect(await failure()).to.include({ code: 'STRIPE_ANSWER_UNREADABLE', retry: 'later' });
    faults.next(fault.drop());
    expect(await failure()).to.include({ code: 'NO_ANSWER', retry: 'later' });
    await site.double.goDown();
    expect(await failure()).to.include({ code: 'NOT_SENT', retry: 'later' });
  });

  it('repeats nothing by itself', async () => {
    for (const each of [fault.drop(), stripeFault.error(500), stripeFault.error(409)]) {
      const before = site.double.requests.length;
      site.double.faults.next(each);
      await failure();
      expect(site.double.requests.length - before).to.equal(1);
    }
  });

  it('says what to put right when asking again cannot help', async () => {
    const wrongKey = await openStripeSite({ apiKey: 'sk_test_another_key' });
    const liveKey = await openStripeSite({ apiKey: '  ' });
    try {
      const refused = await failure(wrongKey);
      expect(refused).to.include({ code: 'STRIPE_KEY_REFUSED', retry: 'never' });
      expect(refused['hint']).to.contain('apiKey');
      expect(JSON.stringify([refused['message'], refused['hint']])).not.to.contain('sk_test');
      expect(await failure(liveKey)).to.include({ code: 'STRIPE_KEY_MISSING', retry: 'never' });
    } finally {
      await wrongKey.close();
      await liveKey.close();
    }
    const { faults } = site.double;
    faults.next(stripeFault.error(403, { message: "The provided key 'rk_test_*****abc' does not have access." }));
    const forbidden = await failure();
    expect(forbidden).to.include({ code: 'STRIPE_KEY_FORBIDDEN', retry: 'never' });
    expect(forbidden['message'])
      .to.match(/^The API key may not read the items of Checkout Session cs_test_\w+: /)
      .and.not.contain('rk_test');
    faults.next(stripeFault.error(400, { message: 'Invalid request.' }));
    expect(await failure()).to.include({ code: 'STRIPE_REQUEST_REFUSED', retry: 'never' });
  });

  it('explains an object that Stripe does not know', async () => {
    const sale = site.double.sale({ lines, account: 'acct_seller' });
    const { body } = sale.completed();
    const ofPlatform = body.replaceAll('acct_seller', 'acct_other');
    const error: unknown = await site
      .read({ body: ofPlatform, headers: site.double.sign(ofPlatform) })
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'STRIPE_OBJECT_UNKNOWN', retry: 'never' });
    expect(error).to.have.property('hint').that.contains('another account');
  });

  it('parks a callback whose object lacks what it is about', async () => {
    const body = JSON.stringify({
      id: 'evt_x',
      object: 'event',
      type: 'checkout.session.completed',
      created: 1_700_000_000,
      data: { object: { object: 'checkout.session', payment_status: 'paid' } },
    });
    const error: unknown = await site.read({ body, headers: site.double.sign(body) }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'STRIPE_CALLBACK_UNREADABLE', retry: 'never' });
  });

  it('fails only in ways that say what to do, whatever a genuine callback holds', async () => {
    const types = [
      'checkout.session.completed',
      'payment_intent.succeeded',
      'payment_intent.payment_failed',
      'refund.updated',
      'charge.refunded',
    ];
    types.push('charge.dispute.closed', 'invoice.paid', 'invoice.payment_failed', 'customer.subscription.deleted');
    const text = '{"object":"list","data":[],"has_more":false}';
    const http: HttpClient = {
      send: () => Promise.resolve({ status: 200, headers: {}, text, json: () => JSON.parse(text) as unknown }),
    };
    const names = [
      'id',
      'mode',
      'amount_total',
      'currency',
      'status',
      'metadata',
      'lines',
      'payments',
      'billing_reason',
      'payment_intent',
      'parent',
    ];
    const object = fc.dictionary(
      fc.constantFrom(...names, 'last_payment_error', 'customer_details', 'subscription', '__proto__'),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types), object, async (type, fields) => {
        const event = { id: 'evt_x', object: 'event', type, created: 1_700_000_000, data: { object: { id: 'x_1', ...fields } } };
        const callback = callbackOf(JSON.stringify(event));
        const told: unknown = await stripe
          .read({ ...callback, deliveryId: 'evt_x', attempts: 1 }, { ...site.context, http })
          .catch((error: unknown) => error);
        if (told instanceof Error) expect(told).to.be.instanceOf(StepError);
        else expect(told).to.have.any.keys('events', 'ignored');
      }),
      { numRuns: 300 },
    );
  });

  it('stops asking when the process stops', async () => {
    const stopping = new AbortController();
    site.double.faults.next(fault.first(() => stopping.abort()));
    const { body, headers } = site.double.sale({ lines }).completed();
    const callback = { gateway: 'stripe', method: 'POST', url: '/', headers, body: Buffer.from(body), receivedAt: new Date() };
    const kept = { ...callback, deliveryId: 'evt', attempts: 1 };
    const error: unknown = await stripe
      .read(kept, { ...site.context, signal: stopping.signal })
      .catch((thrown: unknown) => thrown);
    expect(error).to.include({ retry: 'later' });
  });
});

describe("the buyer's return from Stripe", () => {
  let site: StripeSite;
  beforeEach(async () => (site = await openStripeSite()));
  afterEach(() => site.close());

  const find = async (query: Record<string, string>): Promise<string | undefined> =>
    (await stripe.findReturn?.({ query }, site.context))?.purchase;

  it('leads to the purchase, which for a subscription is not the session', async () => {
    const once = site.double.sale({ lines: [{ sku: 'A', unitAmount: 100 }] });
    once.completed();
    expect(await find({ session_id: once.session.id })).to.equal(once.session.id);
    expect(await find({ payment_intent: once.paymentIntent.id, redirect_status: 'failed' })).to.equal(once.session.id);
    const club = site.double.sale({ lines: [{ sku: 'A', unitAmount: 100 }], mode: 'subscription' });
    club.completed();
    expect(await find({ session_id: club.session.id })).to.equal(club.subscription.id);
    const bare = site.double.sale({ lines: [{ sku: 'A', unitAmount: 100 }], checkout: false });
    bare.paymentIntentSucceeded();
    expect(await find({ payment_intent: bare.paymentIntent.id })).to.equal(bare.paymentIntent.id);
  });

  it('falls back to the session when Stripe cannot be asked', async () => {
    await site.double.goDown();
    expect(await find({ session_id: 'cs_test_1' })).to.equal('cs_test_1');
  });

  it('makes nothing of other queries, and asks nobody about them', async () => {
    for (const query of [
      {},
      { session_id: '' },
      { session_id: '{CHECKOUT_SESSION_ID}' },
      { session_id: '../v1/balance' },
      { session_id: 'pi_1234' },
      { id: 'cs_1' },
    ]) {
      expect(await find(query)).to.equal(undefined);
    }
    expect(site.double.requests).to.have.length(0);
  });
});
