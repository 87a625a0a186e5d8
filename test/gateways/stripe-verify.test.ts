import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import Stripe from 'stripe';
import type { Verdict } from '../../src/contract/gateway.ts';
import { stripe } from '../../src/gateways/index.ts';
import { callbackOf, contextFor } from './stripe-site.ts';

const secret = 'whsec_demo';
const now = new Date(1_700_000_000_000);
const event = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'checkout.session.completed',
  created: 1_700_000_000,
  livemode: false,
  data: { object: { id: 'cs_1', object: 'checkout.session' } },
});

interface Attempt {
  body?: string | Uint8Array;
  header?: string | string[] | undefined;
  secrets?: string[];
  at?: Date;
  toleranceSeconds?: number;
}

function verify(attempt: Attempt): Verdict {
  const { body = event, header, secrets = [secret], at = now, toleranceSeconds } = attempt;
  const context = contextFor(
    { secrets, apiKey: 'sk_test_unused', ...(toleranceSeconds !== undefined && { toleranceSeconds }) },
    { now: () => at },
  );
  return stripe.verify(callbackOf(body, { 'stripe-signature': header }), context) as Verdict;
}

function sign(body: string | Uint8Array, key = secret, stamp = '1700000000'): string {
  return createHmac('sha256', key).update(`${stamp}.`).update(body).digest('hex');
}

function codeOf(verdict: Verdict): string {
  return verdict.kind === 'refused' ? verdict.code : verdict.kind;
}

describe("proving Stripe's callbacks", () => {
  it('agrees with the published test vector, over bytes that JSON would write differently', () => {
    const body = '{"id":"evt_demo","n":1.0,"u":"é"}';
    const header = 't=1700000000,v1=80f35c2fb85297541bdac855ed724f8c4c49591cbcb9b1e65ab51ab68dcb21f2';
    expect(codeOf(verify({ body, header }))).to.equal('MALFORMED');
    expect(codeOf(verify({ body: `${body}\n`, header }))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify({ body: body.replace('1.0', '1'), header }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('accepts what the official package signs, and names the delivery after the event', () => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: event, secret, timestamp: 1_700_000_000 });
    expect(verify({ header })).to.deep.equal({ kind: 'accepted', deliveryId: 'evt_1' });
  });

  it('signs nothing that the official package would not accept either', () => {
    const header = `t=1700000000,v1=${sign(event)}`;
    expect(codeOf(verify({ header }))).to.equal('accepted');
    const constructed = Stripe.webhooks.constructEvent(event, header, secret, 300, undefined, now.getTime());
    expect(constructed.id).to.equal('evt_1');
  });

  it('accepts any of several secrets and any of several signatures', () => {
    const header = `t=1700000000,v1=${'0'.repeat(64)},v1=${sign(event, 'whsec_new')}`;
    expect(codeOf(verify({ header, secrets: ['whsec_old', ' whsec_new\n'] }))).to.equal('accepted');
    expect(codeOf(verify({ header, secrets: ['whsec_old'] }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('accepts nothing for an empty secret, whoever signed with it', () => {
    for (const empty of ['', ' \n']) {
      expect(codeOf(verify({ header: `t=1700000000,v1=${sign(event, empty)}`, secrets: [empty] }))).to.equal(
        'SIGNATURE_MISMATCH',
      );
    }
    expect(codeOf(verify({ header: `t=1700000000,v1=${sign(event)}`, secrets: [] }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('refuses stamps that are too old and stamps from the future', () => {
    const header = `t=1700000000,v1=${sign(event)}`;
    for (const [seconds, code] of [
      [300, 'accepted'],
      [301, 'SIGNATURE_STALE'],
      [-300, 'accepted'],
      [-301, 'SIGNATURE_STALE'],
    ] as const) {
      expect(codeOf(verify({ header, at: new Date(now.getTime() + seconds * 1000) })), `${seconds} s`).to.equal(code);
    }
    expect(codeOf(verify({ header, at: new Date(now.getTime() + 900_000), toleranceSeconds: 1000 }))).to.equal('accepted');
  });

  it('does not take a stamp that was exchanged after signing', () => {
    expect(codeOf(verify({ header: `t=1700000001,v1=${sign(event)}` }))).to.equal('SIGNATURE_MISMATCH');
    expect(codeOf(verify({ header: `t=1600000000,t=1700000000,v1=${sign(event)}` }))).to.equal('SIGNATURE_MALFORMED');
  });

  it('says what is wrong with the header', () => {
    const good = sign(event);
    const cases: [string | string[] | undefined, string][] = [
      [undefined, 'SIGNATURE_MISSING'],
      ['', 'SIGNATURE_MISSING'],
      ['  ', 'SIGNATURE_MISSING'],
      [[], 'SIGNATURE_MISSING'],
      ['garbage', 'SIGNATURE_MALFORMED'],
      [`t=1700000000,v0=${good}`, 'SIGNATURE_MALFORMED'],
      [`v1=${good}`, 'SIGNATURE_MALFORMED'],
      [`t=,v1=${good}`, 'SIGNATURE_MALFORMED'],
      [`t=-1700000000,v1=${good}`, 'SIGNATURE_MALFORMED'],
      [`t=1.7e9,v1=${good}`, 'SIGNATURE_MALFORMED'],
      [`t=1700000000,v1=${good.slice(1)}`, 'SIGNATURE_MALFORMED'],
      [`t=1700000000,v1=${'0'.repeat(64)}`, 'SIGNATURE_MISMATCH'],
      [[`t=1700000000,v1=${good}`, `t=1700000000,v1=${good}`], 'accepted'],
      [`t=1700000000, v1=${good}, v0=${good}`, 'accepted'],
    ];
    for (const [header, code] of cases) expect(codeOf(verify({ header })), String(header)).to.equal(code);
  });

  it('refuses genuine bodies that are no event, and ignores events that change no order', () => {
    const cases: [string, string][] = [
      ['not json', 'MALFORMED'],
      ['', 'MALFORMED'],
      ['null', 'MALFORMED'],
      ['[]', 'MALFORMED'],
      ['{"id":"evt_1","object":"event","type":"checkout.session.completed","created":1}', 'MALFORMED'],
      ['{"id":"evt_1","object":"event","type":"checkout.session.completed","created":1e300,"data":{"object":{}}}', 'MALFORMED'],
      [
        '{"id":"evt_1","object":"v2.core.event","type":"v1.checkout.session.completed","created":"2026-01-02T03:04:05Z"}',
        'MALFORMED',
      ],
      [
        '{"id":"evt_1","object":"v2.core.event","type":"v2.core.event_destination.ping","created":"2026-01-02T03:04:05Z"}',
        'ignored',
      ],
      ['{"id":"evt_1","object":"event","type":"customer.created","created":1,"data":{"object":{}}}', 'ignored'],
      ['{"id":"evt_1","object":"event","type":"__proto__","created":1,"data":{"object":{}}}', 'ignored'],
      [
        '{"id":"evt_1","object":"v2.core.event","type":"v1.refund.updated","created":"2026-01-02T03:04:05Z","related_object":{"id":"re_1"}}',
        'accepted',
      ],
    ];
    for (const [body, code] of cases) {
      expect(codeOf(verify({ body, header: `t=1700000000,v1=${sign(body)}` })), body).to.equal(code);
    }
  });

  it('never throws, whatever arrives, and accepts none of it', () => {
    const header = fc.oneof(
      fc.string(),
      fc.array(fc.string()),
      fc.string().map((text) => `t=1700000000,v1=${text}`),
      fc.stringMatching(/^t=\d{1,20}(,v[01]=[0-9a-f]{60,66}){0,3}$/),
    );
    fc.assert(
      fc.property(fc.uint8Array(), header, (body, value) => {
        expect(verify({ body, header: value }).kind).to.equal('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a genuine body, whatever it holds', () => {
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record(
          {
            id: fc.anything(),
            object: fc.constantFrom('event', 'v2.core.event'),
            type: fc.constantFrom('invoice.paid', 'v1.invoice.paid', '', 'toString'),
            created: fc.oneof(fc.double(), fc.string(), fc.integer()),
            data: fc.anything(),
            related_object: fc.anything(),
          },
          { requiredKeys: [] },
        )
        .map((value) => Buffer.from(JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? '' : each)))),
    );
    fc.assert(
      fc.property(body, (bytes) => {
        expect(codeOf(verify({ body: bytes, header: `t=1700000000,v1=${sign(bytes)}` }))).to.be.oneOf([
          'accepted',
          'ignored',
          'MALFORMED',
        ]);
      }),
      { numRuns: 500 },
    );
  });
});
