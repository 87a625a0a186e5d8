import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { signed } from '../../src/gateways/index.ts';
import type { SignedOptions } from '../../src/gateways/signed/options.ts';
import { contextFor } from './stripe-site.ts';
import { answerTo, codeOf, eventsOf, failureOf, told, verify } from './signed-bench.ts';
import { signPlain, signStandard, standard, textSecret, whsec } from './signed-samples.ts';

/** The body and the time of the published test vectors; the body is not written as JSON would write it. */
const body = '{"id":"evt_demo","n":1.0,"u":"é"}';
const at = new Date(1_700_000_000_000);
const anything: Pick<SignedOptions, 'fields' | 'events'> = { fields: { purchase: '/id' }, events: { '*': 'payment.pending' } };
const plain: SignedOptions = { preset: 'hmac', secrets: [textSecret], signature: { header: 'X-Signature' }, ...anything };

describe('proving signed callbacks', () => {
  const vectors: [string, SignedOptions, Record<string, string>][] = [
    [
      'Standard Webhooks',
      { secrets: [whsec], type: '/id', fields: anything.fields!, events: { evt_demo: 'payment.pending' } },
      {
        'webhook-id': 'msg_demo',
        'webhook-timestamp': '1700000000',
        'webhook-signature': 'v1,RITumWdkUd/ODD4+VGPffJ7a7FMguzsqN0etS/GaZfk=',
      },
    ],
    [
      'Standard Webhooks as Svix sends them',
      { secrets: [whsec], type: '/id', events: { evt_demo: 'payment.pending' } },
      {
        'svix-id': 'msg_demo',
        'svix-timestamp': '1700000000',
        'svix-signature': 'v1,RITumWdkUd/ODD4+VGPffJ7a7FMguzsqN0etS/GaZfk=',
      },
    ],
    [
      'Paddle',
      { preset: 'paddle', secrets: ['pdl_demo'], type: '/id', events: { evt_demo: 'payment.pending' } },
      { 'paddle-signature': 'ts=1700000000;h1=2b5497bfbb90bd6df05b0e8ab86292c181df7e32c8c1ea40e4b76afc6d74f681' },
    ],
    [
      'Lemon Squeezy',
      { preset: 'lemon-squeezy', secrets: [textSecret] },
      { 'x-signature': 'b998fecafbae621c64c19871ffe0a597664c4d3700bfbe7f8eff1fdd06024a0e' },
    ],
    [
      'Razorpay',
      { preset: 'razorpay', secrets: [textSecret] },
      { 'x-razorpay-signature': 'b998fecafbae621c64c19871ffe0a597664c4d3700bfbe7f8eff1fdd06024a0e' },
    ],
    [
      'Shopify',
      { preset: 'shopify', secrets: [textSecret] },
      { 'x-shopify-hmac-sha256': 'uZj+yvuuYhxkwZhx/+Cll2ZMTTcAv75/jv8f3QYCSg4=' },
    ],
    [
      'WooCommerce',
      { preset: 'woocommerce', secrets: [textSecret] },
      { 'x-wc-webhook-signature': 'uZj+yvuuYhxkwZhx/+Cll2ZMTTcAv75/jv8f3QYCSg4=' },
    ],
    [
      'FastSpring',
      { preset: 'fastspring', secrets: [textSecret] },
      { 'x-fs-signature': 'uZj+yvuuYhxkwZhx/+Cll2ZMTTcAv75/jv8f3QYCSg4=' },
    ],
    [
      'Square, which signs its address along',
      {
        ...plain,
        secrets: ['sigkey-demo'],
        signature: {
          header: 'x-square-hmacsha256-signature',
          digest: 'base64',
          signed: '{url}{body}',
          url: 'https://shop.example/hooks/square',
        },
      },
      { 'x-square-hmacsha256-signature': 'WopxMf2kTu6aIPMGdXWK+wbwIXZ63cwtTTCVS+c+UiU=' },
    ],
    [
      'Authorize.Net, whose hexadecimal key is a text',
      {
        ...plain,
        secrets: ['0123456789ABCDEF'.repeat(8)],
        signature: { header: 'X-ANET-Signature', prefix: 'sha512=', algorithm: 'sha512' },
      },
      {
        'x-anet-signature':
          'sha512=3C1DB7B76C7643BAC351BBD35D23685D7B410B37F63A1BEB6344D3F62864523922569212E8D0064901D481951B2711113B76089A3D7FEAF818EE70BF9A4AF4CE',
      },
    ],
    [
      'pairs like those of Stripe',
      {
        ...plain,
        secrets: ['whsec_demo'],
        signature: {
          header: 'stripe-signature',
          grammar: 'pairs',
          pair: 'v1',
          signed: '{timestamp}.{body}',
          timestamp: { pair: 't' },
        },
      },
      { 'stripe-signature': 't=1700000000,v1=80f35c2fb85297541bdac855ed724f8c4c49591cbcb9b1e65ab51ab68dcb21f2,v0=00' },
    ],
  ];

  for (const [name, options, headers] of vectors) {
    it(`agrees with the published test vector: ${name}`, () => {
      expect(codeOf(verify(options, { body, headers }, { at }))).to.be.oneOf(['accepted', 'ignored', 'MALFORMED']);
      for (const altered of [body.replace('1.0', '1'), `${body}\n`, body.replace('é', '\\u00e9')]) {
        expect(codeOf(verify(options, { body: altered, headers }, { at }))).to.equal('SIGNATURE_MISMATCH');
      }
      const otherSecret = { ...options, secrets: ['MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY4'] };
      expect(codeOf(verify(otherSecret, { body, headers }, { at }))).to.equal('SIGNATURE_MISMATCH');
    });
  }

  it('accepts any of several secrets and any of several signatures', () => {
    const sent = signStandard('webhook')(JSON.stringify(standard));
    const rotated = {
      ...sent.headers,
      'webhook-signature': `v1a,AAAA v1,${'A'.repeat(43)}= ${String(sent.headers['webhook-signature'])}`,
    };
    expect(verify({ secrets: [`whsec_${'b2xkIA=='.repeat(4)}`, ` ${whsec}\n`] }, { ...sent, headers: rotated })).to.deep.equal({
      kind: 'accepted',
      deliveryId: 'msg_1',
    });
  });

  it('lets the first family of headers that is there decide alone', () => {
    const body = JSON.stringify(standard);
    const headers = {
      ...signStandard('svix')(body).headers,
      ...signStandard('webhook')(body, { secret: 'whsec_b3RoZXIgYWNjb3VudCdzIHNlY3JldA==' }).headers,
    };
    expect(codeOf(verify({ secrets: [whsec] }, { body, headers }))).to.equal('SIGNATURE_MISMATCH');
  });

  it('has a window on both sides, as wide as is set', () => {
    const sent = signStandard('webhook')(JSON.stringify(standard), { at });
    for (const [seconds, code] of [
      [60, 'accepted'],
      [61, 'SIGNATURE_STALE'],
      [-60, 'accepted'],
      [-61, 'SIGNATURE_STALE'],
    ] as const) {
      const terms = { at: new Date(at.getTime() + seconds * 1000) };
      expect(codeOf(verify({ secrets: [whsec], toleranceSeconds: 60 }, sent, terms)), `${seconds} s`).to.equal(code);
    }
  });

  it('reads stamps in seconds, milliseconds and ISO 8601, from headers, pairs and the body', () => {
    const sign = (text: string): string => createHmac('sha256', textSecret).update(text).digest('hex');
    const iso = at.toISOString();
    const dated = JSON.stringify({ id: 'evt_demo', created: iso });
    const cases: [NonNullable<SignedOptions['signature']>, string, Record<string, string>][] = [
      [
        { signed: '{timestamp}.{body}', timestamp: { header: 'X-Time', unit: 'milliseconds' } },
        body,
        { 'x-time': '1700000000000', 'x-signature': sign(`1700000000000.${body}`) },
      ],
      [
        { signed: '{timestamp}.{body}', timestamp: { header: 'X-Time', unit: 'iso' } },
        body,
        { 'x-time': iso, 'x-signature': sign(`${iso}.${body}`) },
      ],
      [{ timestamp: { field: '/created', unit: 'iso' } }, dated, { 'x-signature': sign(dated) }],
    ];
    for (const [signature, text, headers] of cases) {
      const options = { ...plain, signature: { ...plain.signature, ...signature } };
      expect(codeOf(verify(options, { body: text, headers }, { at }))).to.equal('accepted');
      expect(codeOf(verify(options, { body: text, headers }, { at: new Date(at.getTime() + 301_000) }))).to.equal(
        'SIGNATURE_STALE',
      );
    }
  });

  it('reads a stamp in the body only once its signature is right', () => {
    const options = { ...plain, signature: { ...plain.signature, timestamp: { field: '/created' } } };
    expect(
      codeOf(verify(options, { body: '{"created":"long ago"}', headers: { 'x-signature': '0'.repeat(64) } }, { at })),
    ).to.equal('SIGNATURE_MISMATCH');
  });

  it('makes keys of text, hexadecimal and base64, and none of what is written otherwise', () => {
    const sent = (key: Buffer) => ({
      body,
      headers: { 'x-signature': createHmac('sha256', key).update(body).digest('base64url') },
    });
    const withKey = (key: 'text' | 'hex' | 'base64' | 'whsec', secret: string): SignedOptions => ({
      ...plain,
      secrets: [secret],
      signature: { ...plain.signature, digest: 'base64url', key },
    });
    const bytes = Buffer.from('0123456789abcdef');
    const cases = [
      ['text', '0123456789abcdef', 'accepted'],
      ['hex', bytes.toString('hex').toUpperCase(), 'accepted'],
      ['base64', bytes.toString('base64'), 'accepted'],
      ['whsec', `whsec_${bytes.toString('base64')}`, 'accepted'],
      ['hex', '0123456789abcde', 'SIGNATURE_MISMATCH'],
      ['base64', 'not base64 at all', 'SIGNATURE_MISMATCH'],
    ] as const;
    for (const [key, secret, code] of cases)
      expect(codeOf(verify(withKey(key, secret), sent(bytes))), `${key} ${secret}`).to.equal(code);
  });

  it('believes nothing made with an empty or very short key', () => {
    for (const secret of ['', ' ', 'abc', 'whsec_', 'whsec_AAAA']) {
      const key = Buffer.from(secret.replace('whsec_', '').trim(), 'base64');
      for (const made of [key, Buffer.from(secret.trim())]) {
        const headers = { 'x-signature': createHmac('sha256', made).update(body).digest('hex') };
        for (const form of ['text', 'whsec'] as const) {
          if (form === 'text' && secret.length >= 6) continue;
          const options: SignedOptions = { ...plain, secrets: [secret], signature: { ...plain.signature, key: form } };
          expect(codeOf(verify(options, { body, headers })), `${form} ${secret}`).to.equal('SIGNATURE_MISMATCH');
        }
      }
    }
  });

  it('takes no word of the request for how it is signed', () => {
    const headers = { 'x-signature': createHmac('sha1', textSecret).update(body).digest('hex'), 'x-signature-algorithm': 'sha1' };
    expect(codeOf(verify(plain, { body, headers }))).to.equal('SIGNATURE_MALFORMED');
  });
});

describe('a profile that is not complete', () => {
  const cases: [string, Partial<SignedOptions>][] = [
    ['no header', { signature: { digest: 'hex' } }],
    ['no pair', { signature: { header: 'x', grammar: 'pairs' } }],
    ['no id header', { signature: { header: 'x', signed: '{id}.{body}' } }],
    ['no url', { signature: { header: 'x', signed: '{url}{body}' } }],
    ['no stamp', { signature: { header: 'x', signed: '{timestamp}.{body}' } }],
    ['a stamp nobody signs', { signature: { header: 'x', timestamp: { header: 'y' } } }],
    ['a text without the body', { signature: { header: 'x', signed: 'ok' } }],
    ['the body twice', { signature: { header: 'x', signed: '{body}{body}' } }],
    ['no events', { events: {} }],
    ['no purchase', { fields: {} }],
  ];

  it('proves nothing, asks the sender to come again, and the self-check says why', async () => {
    for (const [what, change] of cases) {
      const options = { ...plain, ...change };
      const sent = signPlain('x-signature', 'hex')(body);
      expect(codeOf(verify(options, sent)), what).to.equal('SIGNED_PROFILE_INCOMPLETE');
      expect((await answerTo(options, sent))?.status, what).to.equal(503);
      const findings = await signed.check?.(contextFor(options));
      expect(
        findings?.every(({ ok, message }) => !ok && message.includes('not set up completely')),
        what,
      ).to.equal(true);
    }
  });

  it('is told apart from one that is', async () => {
    expect(await signed.check?.(contextFor(plain))).to.have.nested.property('[0].ok', true);
    const findings = await signed.check?.(contextFor({ ...plain, secrets: ['abc'] }));
    expect(findings?.[0]).to.include({ ok: false });
  });
});

describe('what a signed callback means', () => {
  const send = (message: object, options: Partial<SignedOptions> = {}, id = 'msg_1') =>
    eventsOf({ secrets: [whsec], ...options }, signStandard('webhook')(JSON.stringify(message), { id }));
  const withData = (data: object, type = 'payment.completed') => ({ ...standard, type, data: { ...standard.data, ...data } });

  it('is told in the shape of our own, and in our own words for what happened', async () => {
    const [event] = await send(standard);
    expect(event).to.deep.equal({
      kind: 'payment.completed',
      gateway: 'shop',
      id: 'ord_1:completed',
      at: '2026-01-02T03:04:05.000Z',
      purchase: 'ord_1',
      payment: 'ord_1',
      mode: 'live',
      amount: { amount: 3998, currency: 'EUR' },
      lines: [
        {
          sku: 'TS-101',
          title: 'TS-101',
          quantity: 2,
          subtotal: { amount: 3998, currency: 'EUR' },
          total: { amount: 3998, currency: 'EUR' },
        },
      ],
      buyer: { email: 'ada@example.org' },
    });
    const refund = withData({ payment: 'pay_1', reversal: 're_1', amount: 1000, reason: 'asked for' }, 'payment.refunded');
    expect(told(await send(refund))).to.deep.equal(['payment.refunded ord_1 pay_1 re_1 1000 EUR']);
    const ended = { type: 'subscription.ended', timestamp: standard.timestamp, data: { id: 'sub_1' } };
    expect(told(await send(ended))).to.deep.equal(['subscription.ended sub_1']);
  });

  it('adds up several items at their own prices, less discounts', async () => {
    const items = [
      { sku: 'A', title: 'Course A', quantity: 2, price: 1000 },
      { sku: 'B', quantity: 1, price: 2500, discount: 502 },
    ];
    const [event] = await send(withData({ items }));
    expect(
      event?.lines?.map(({ sku, title, quantity, subtotal, discount, total }) => [
        sku,
        title,
        quantity,
        subtotal.amount,
        discount?.amount,
        total.amount,
      ]),
    ).to.deep.equal([
      ['A', 'Course A', 2, 2000, undefined, 2000],
      ['B', 'B', 1, 2500, 502, 1998],
    ]);
  });

  it('adds tax that comes on top, where prices do not contain it', async () => {
    const items = [{ sku: 'A', quantity: 1, price: 3360, tax: 638 }];
    const [added] = await send(withData({ items }), { taxes: 'added' });
    expect(added?.lines?.[0]).to.deep.include({
      subtotal: { amount: 3360, currency: 'EUR' },
      tax: { amount: 638, currency: 'EUR' },
      total: { amount: 3998, currency: 'EUR' },
    });
    const [included] = await send(withData({ items: [{ ...items[0], total: 3998 }] }));
    expect(included?.lines?.[0]).to.deep.include({
      subtotal: { amount: 3998, currency: 'EUR' },
      total: { amount: 3998, currency: 'EUR' },
    });
  });

  it('reads decimal amounts exactly, as texts and as numbers', async () => {
    const cases: [unknown, string, number][] = [
      ['19.99', 'EUR', 1999],
      [19.9, 'EUR', 1990],
      [0.29, 'EUR', 29],
      ['1234567890.12', 'EUR', 123456789012],
      ['19.9900', 'EUR', 1999],
      [500, 'JPY', 500],
      ['1.234', 'KWD', 1234],
    ];
    for (const [amount, currency, minor] of cases) {
      const [event] = await send(withData({ amount, currency }), { amounts: 'decimal' });
      expect(event?.amount, String(amount)).to.deep.equal({ amount: minor, currency });
    }
  });

  it('parks what is no amount, no purchase or no quantity, naming the place', async () => {
    const cases: [object, Partial<SignedOptions>, string][] = [
      [{ amount: '19.999' }, { amounts: 'decimal' }, '/data/amount'],
      [{ amount: '1e3' }, { amounts: 'decimal' }, '/data/amount'],
      [{ amount: 19.99 }, {}, '/data/amount'],
      [{ amount: -1 }, {}, '/data/amount'],
      [{ amount: null }, {}, '/data/amount'],
      [{ currency: 'euro' }, {}, '/data/currency'],
      [{ id: null }, {}, '/data/id'],
      [{ items: [{ sku: 'A', quantity: '1.5' }] }, {}, '1.5'],
      [{ items: [{ sku: 'A' }, { sku: 'B' }] }, {}, 'no price'],
    ];
    for (const [change, options, named] of cases) {
      const failure = await failureOf(send(withData(change), options));
      expect(failure.code, JSON.stringify(change)).to.equal('SIGNED_CALLBACK_UNREADABLE');
      expect(failure.message).to.contain(named);
    }
  });

  it('reads ids as numbers of any length, and any key as data', async () => {
    const text =
      '{"type":"order.paid","timestamp":"2026-01-02T03:04:05Z","data":{"id":12345678901234567890,"amount":1,"currency":"EUR","metadata":{"__proto__":"odd","n":7,"t":true,"o":{}}}}';
    const [event] = await eventsOf({ secrets: [whsec] }, signStandard('webhook')(text));
    expect(event?.purchase).to.equal('12345678901234567890');
    expect(Object.entries(event?.metadata ?? {})).to.deep.equal([
      ['__proto__', 'odd'],
      ['n', '7'],
      ['t', 'true'],
    ]);
  });

  it('follows places of its own, with alternatives, conditions and lists', async () => {
    const options: SignedOptions = {
      preset: 'hmac',
      secrets: [textSecret],
      signature: { header: 'X-Signature' },
      type: ['/kind', '/event/kind'],
      id: ['/event/no', '/event/try'],
      times: 'seconds',
      mode: { field: '/event/real', live: 'yes' },
      fields: {
        at: '/event/at',
        purchase: ['/event/order', '/event/a~1b'],
        amount: '/event/parts/*/sum - /event/credit',
        currency: '/event/currency',
        references: ['/event/invoice', '/event/none'],
        lines: { each: '/event/parts', sku: '@/what', subtotal: '@/sum', title: '@/what' },
        buyer: { email: '/event/mail' },
      },
      events: {
        sold: [
          { is: 'payment.completed', when: { '/event/state': ['done', 'closed'], '/event/void': null, '/event/order': '*' } },
        ],
        back: [{ is: 'payment.refunded', each: '/event/parts', fields: { reversal: '@/no', amount: '- @/sum' } }],
        gone: 'ignore',
      },
    };
    const send = (event: object, kind: string) =>
      signPlain('x-signature', 'hex')(JSON.stringify({ event: { kind, order: 'o 1', currency: 'eur', ...event } }));
    const sold = {
      no: 1,
      try: 'a',
      at: 1_767_323_045,
      state: 'done',
      void: null,
      real: 'yes',
      parts: [
        { what: 'course', sum: 1500 },
        { what: 'B', sum: 600 },
      ],
      credit: 100,
      invoice: 'R-1',
      mail: 'ada@example.org',
    };
    expect(verify(options, send(sold, 'sold'))).to.deep.equal({ kind: 'accepted', deliveryId: '1:a' });
    const [event] = await eventsOf(options, send(sold, 'sold'));
    expect(event).to.deep.include({
      amount: { amount: 2000, currency: 'EUR' },
      mode: 'live',
      at: '2026-01-02T03:04:05.000Z',
      references: ['R-1'],
    });
    expect(event?.lines?.map(({ sku }) => sku)).to.deep.equal(['course', 'B']);
    expect((await eventsOf(options, send({ ...sold, real: true }, 'sold')))[0]?.mode).to.equal('test');
    for (const change of [{ state: 'open' }, { void: 'yes' }, { order: null, 'a/b': 'x' }]) {
      expect(codeOf(verify(options, send({ ...sold, ...change }, 'sold'))), JSON.stringify(change)).to.equal('ignored');
    }
    const back = {
      no: 2,
      try: 'a',
      parts: [
        { no: 'r1', sum: -500 },
        { no: 'r2', sum: -200 },
      ],
    };
    expect(told(await eventsOf(options, send(back, 'back')))).to.deep.equal([
      'payment.refunded o 1 r1 500 EUR',
      'payment.refunded o 1 r2 200 EUR',
    ]);
    expect(codeOf(verify(options, send({ ...back, parts: [] }, 'back')))).to.equal('ignored');
    expect(codeOf(verify(options, send({}, 'gone')))).to.equal('ignored');
    expect(codeOf(verify(options, send({}, 'toString')))).to.equal('ignored');
  });

  it('is proved live before it counts as live', async () => {
    const modes: [SignedOptions['mode'], object, string][] = [
      [{ field: '/data/test', test: true }, { test: false }, 'live'],
      [{ field: '/data/test', test: true }, { test: true }, 'test'],
      [{ field: '/data/test', test: true }, {}, 'test'],
      [{ field: '/data/live', live: true }, { live: true }, 'live'],
      [{ field: '/data/live', live: true }, {}, 'test'],
      ['test', {}, 'test'],
      ['site', {}, 'live'],
    ];
    for (const [mode, data, expected] of modes) {
      const [event] = await send(withData(data), { mode: mode! });
      expect(event?.mode, JSON.stringify([mode, data])).to.equal(expected);
    }
  });

  it('keeps failed attempts of different times apart, and one that is told twice together', async () => {
    const failed = (timestamp: string) => ({ ...standard, type: 'payment.failed', timestamp });
    const ids = [];
    for (const [timestamp, id] of [
      ['2026-01-02T03:04:05Z', 'msg_1'],
      ['2026-01-02T03:04:05Z', 'msg_2'],
      ['2026-01-02T03:09:00Z', 'msg_3'],
    ] as const) {
      ids.push((await send(failed(timestamp), {}, id))[0]?.id);
    }
    expect(new Set(ids).size).to.equal(2);
  });

  it('is of the time it arrived when it does not say when it happened', async () => {
    const timeless = { type: standard.type, data: standard.data };
    expect((await send(timeless))[0]?.at).to.equal('2026-01-02T03:04:59.000Z');
    expect((await send({ ...standard, timestamp: '2026-01-02T04:04:05+01:00' }))[0]?.at).to.equal('2026-01-02T03:04:05.000Z');
    expect((await send({ ...standard, timestamp: '2026-01-02T03:04:05' }))[0]?.at).to.equal('2026-01-02T03:04:05.000Z');
  });

  it('has its whole body for a name where nothing else is signed', () => {
    const one = verify(plain, signPlain('x-signature', 'hex')('{"id":"1"}'));
    const other = verify(plain, signPlain('x-signature', 'hex')('{"id":"1" }'));
    expect(one)
      .to.have.property('deliveryId')
      .that.matches(/^[0-9a-f]{64}$/);
    expect(other).to.not.deep.equal(one);
  });

  it('is answered as the sender wants', async () => {
    const options: SignedOptions = { ...plain, reply: { status: 202, body: '[accepted]' } };
    expect(await answerTo(options, signPlain('x-signature', 'hex')(body))).to.deep.include({ status: 202, body: '[accepted]' });
    expect(await answerTo(options, { body, headers: {} })).to.equal(undefined);
  });
});
