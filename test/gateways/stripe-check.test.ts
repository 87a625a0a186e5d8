import { expect } from 'chai';
import type { Finding } from '../../src/contract/gateway.ts';
import { stripe } from '../../src/gateways/index.ts';
import { jsonReply, startDouble, type DoubleServer } from '../../src/testing/double-server.ts';
import { contextFor } from './stripe-site.ts';

/** Answers every list empty, but for what a test puts in, by path. */
describe('checking a Stripe account', () => {
  let account: DoubleServer;
  let answers: Record<string, { status: number; body: unknown }>;

  beforeEach(async () => {
    answers = {};
    account = await startDouble({
      handle({ path }) {
        const { status, body } = answers[path] ?? { status: 200, body: { object: 'list', data: [], has_more: false } };
        return jsonReply(body, status);
      },
    });
  });
  afterEach(() => account.close());

  async function check(apiKey = 'rk_test_restricted', mode: 'live' | 'test' = 'test'): Promise<readonly Finding[]> {
    const context = contextFor({ secrets: ['whsec_demo'], apiKey, apiBase: account.origin }, { mode });
    return (await stripe.check?.(context)) ?? [];
  }
  function endpoint(about: Record<string, unknown>): void {
    const data = [
      {
        url: 'https://shop.example.com/shop/callbacks/stripe',
        status: 'enabled',
        livemode: false,
        enabled_events: ['*'],
        ...about,
      },
    ];
    answers['/v1/webhook_endpoints'] = { status: 200, body: { object: 'list', data, has_more: false } };
  }
  const refuse = (message: string) => ({ body: { error: { type: 'invalid_request_error', message } } });

  it('is content with a key that may read everything and an endpoint that calls us', async () => {
    endpoint({});
    const findings = await check();
    expect(findings.every(({ ok }) => ok)).to.equal(true);
    expect(findings[0]?.message).to.equal('The test key may read Checkout Sessions.');
    expect(findings.at(-1)?.message).to.contain(
      'The test webhook endpoint https://shop.example.com/shop/callbacks/stripe is enabled',
    );
  });

  it('names every permission that a restricted key lacks', async () => {
    for (const path of ['/v1/refunds', '/v1/invoices']) answers[path] = { status: 403, ...refuse('Not permitted.') };
    const bad = (await check()).filter(({ ok, message }) => !ok && message.includes('may not read'));
    expect(bad.map(({ message }) => message)).to.deep.equal([
      'The API key may not read refunds: Not permitted.',
      'The API key may not read invoices: Not permitted.',
    ]);
    expect(bad[0]?.hint).to.contain('read permission');
  });

  it('says once that the key is refused, and notices a key that is none', async () => {
    answers['/v1/checkout/sessions'] = { status: 401, ...refuse('Invalid API Key provided: sk_test_*****ken') };
    const findings = await check('sk_test_broken');
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ ok: false, message: 'Stripe refuses the API key: Invalid API Key provided: (key)' });
    expect((await check('whsec_mixed_up'))[0]).to.include({ ok: false });
  });

  it('notices a test key on a live site', async () => {
    const [finding] = await check('sk_test_key', 'live');
    expect(finding).to.include({ ok: false, message: 'The API key is a test key, but "mode" is "live".' });
  });

  it('leaves endpoints unchecked when the key may not list them', async () => {
    answers['/v1/webhook_endpoints'] = { status: 403, ...refuse('Not permitted.') };
    expect((await check()).at(-1))
      .to.include({ ok: true })
      .and.to.have.property('message')
      .that.contains('could not be checked');
  });

  it('misses an endpoint that is not there, disabled, or not told enough', async () => {
    expect((await check()).at(-1)).to.include({
      ok: false,
      message: 'No webhook endpoint of this account ends in /callbacks/stripe.',
    });
    endpoint({ status: 'disabled' });
    expect((await check()).at(-1)?.message).to.contain('is disabled');
    endpoint({ enabled_events: ['checkout.session.completed', 'refund.created', 'refund.updated', 'refund.failed'] });
    expect((await check()).at(-1)?.message).to.contain(
      'does not get checkout.session.async_payment_succeeded, checkout.session.async_payment_failed, charge.dispute.created, charge.dispute.closed',
    );
  });
});
