import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { closeSites, type Site } from '../support/open-site.ts';
import type { StripeCallback } from '../../src/testing/stripe/index.ts';
import { enrolments, openShop, sell, settles, timesEnrolled } from './shop.ts';
import { until } from './until.ts';

interface Attack {
  readonly what: string;
  readonly path?: string;
  readonly method?: string;
  /** A list is sent as a header of its own for each value. */
  readonly headers?: Record<string, string | string[]>;
  readonly body?: Uint8Array | string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends a request as it is. A connection that is cut before an answer counts as status 0. */
function send(site: Site, { path = '/callbacks/stripe', method = 'POST', headers = {}, body = '' }: Attack): Promise<Answer> {
  return new Promise((resolve) => {
    const length = Buffer.byteLength(body);
    const sent = request(
      `${site.url}${path}`,
      { method, agent, headers: { 'content-length': String(length), ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', () => resolve({ status: 0, text }));
      },
    );
    sent.on('error', () => resolve({ status: 0, text: '' }));
    sent.end(body);
  });
}

async function sendAll(site: Site, attacks: readonly Attack[], each: (attack: Attack, answer: Answer) => void): Promise<void> {
  const waiting = [...attacks];
  const work = async (): Promise<void> => {
    for (let attack = waiting.pop(); attack; attack = waiting.pop()) each(attack, await send(site, attack));
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

/** Everything that is not exactly what Stripe signed. */
function forgeries(site: Site, { body, headers }: StripeCallback): Attack[] {
  const bytes = Buffer.from(body);
  const signature = headers['stripe-signature']!;
  const [, stamp, digest] = /t=(\d+),v1=([0-9a-f]{64})/.exec(signature) as unknown as [string, string, string];
  const now = Math.floor(Date.now() / 1000);
  const signed = (options: Parameters<Site['stripe']['sign']>[1], of: string | Uint8Array = body) =>
    site.stripe.sign(of, options);
  const changed = (what: string, other: string | Uint8Array): Attack => ({ what, headers, body: other });
  const withHeader = (what: string, value: string | string[]): Attack => ({
    what: `${what}: ${String(value).slice(0, 60)}`,
    headers: { ...headers, 'stripe-signature': value },
    body,
  });

  const everyByte = Array.from({ length: 240 }, (_, index) => {
    const at = Math.floor((index / 240) * bytes.length);
    const other = Buffer.from(bytes);
    other[at] = other[at]! ^ (1 << (index % 8));
    return changed(`one bit at byte ${at}`, other);
  });
  const cuts = Array.from({ length: 40 }, (_, index) =>
    changed(`cut to ${index}/40`, bytes.subarray(0, Math.floor((index / 40) * bytes.length))),
  );
  const spaces = [
    changed('written without spaces', JSON.stringify(JSON.parse(body))),
    changed('indented by four', JSON.stringify(JSON.parse(body), null, 4)),
    changed('a line break behind it', `${body}\n`),
    changed('a space before it', ` ${body}`),
    changed('a byte order mark before it', `\uFEFF${body}`),
    changed('line breaks of Windows', body.replaceAll('\n', '\r\n')),
    changed('letters as escapes', body.replaceAll('event', '\\u0065vent')),
    changed('in UTF-16', Buffer.from(body, 'utf16le')),
    changed(
      'keys in another order',
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body) as object).reverse()), null, 2),
    ),
    changed('a NUL behind it', `${body}\0`),
    changed('twice', body + body),
    changed('nothing', ''),
    changed('another amount', body.replace(/"amount_total": \d+/, '"amount_total": 1')),
    changed('another buyer', body.replaceAll('victim@example.org', 'eve@example.org')),
  ];
  const numbers = ((): Attack[] => {
    const written = body.replace(/"created": (\d+)/, '"created": $1.0');
    const proof = signed({}, written);
    return [{ what: '1.0 as 1', headers: proof, body: written.replace(/"created": (\d+)\.0/, '"created": $1') }];
  })();
  const stamps = [-100_000_000, -86_400, -3600, -330, -301, 340, 400, 3600, 86_400, 100_000_000].flatMap((offset): Attack[] => [
    { what: `signed ${offset} s from now`, headers: signed({ at: new Date((now + offset) * 1000) }), body },
    withHeader(`a stamp exchanged by ${offset} s`, signature.replace(stamp, String(now + offset))),
  ]);
  const secrets = [
    'whsec_wrong',
    'whsec_doubl',
    'whsec_double ',
    'WHSEC_DOUBLE',
    '',
    ' ',
    'double',
    'undefined',
    'null',
    site.stripe.apiKey,
    '[object Object]',
  ].map((secret): Attack => ({ what: `signed with "${secret}"`, headers: signed({ secret }), body }));
  const signatures = [
    '',
    ' ',
    'x',
    ',',
    '=',
    't=',
    'v1=',
    `t=${stamp}`,
    `v1=${digest}`,
    `t=${stamp},v1=`,
    `t=${stamp},v1=0`,
    `t=${stamp},v1=${'0'.repeat(64)}`,
    `t=${stamp},v0=${digest}`,
    `t=${stamp},v2=${digest}`,
    `t=${stamp},v1=${digest.toUpperCase()}`,
    `t=${stamp},v1=${digest.slice(0, 63)}`,
    `t=${stamp},v1=${digest}0`,
    `t=${stamp},v1= ${digest.slice(1)}`,
    `t=${stamp}.0,v1=${digest}`,
    `t=0x${Number(stamp).toString(16)},v1=${digest}`,
    `t=+${stamp},v1=${digest}`,
    `t=${stamp}e0,v1=${digest}`,
    `t=${stamp},t=${now + 1},v1=${digest}`,
    `t=Infinity,v1=${digest}`,
    `t=NaN,v1=${digest}`,
    `t=-1,v1=${digest}`,
    `t=${'9'.repeat(400)},v1=${digest}`,
    `__proto__=1,t=${stamp},v1=${'1'.repeat(64)}`,
    `t=${stamp};v1=${digest}`,
    `"t=${stamp},v1=${digest}"`,
    Buffer.from(digest, 'hex').toString('base64'),
    digest,
    `t=${stamp},${`v1=${'0'.repeat(64)},`.repeat(150)}v1=${'0'.repeat(64)}`,
  ].map((value) => withHeader('the header', value));
  const doubled = [
    withHeader('two headers, the first stale', [`t=${now - 4000},v1=${digest}`, signature]),
    withHeader('two headers, both forged', ['t=1,v1=1', 't=2,v1=2']),
    { what: 'no header', headers: { 'content-type': 'application/json' }, body },
    { what: 'the header under another name', headers: { 'x-stripe-signature': signature }, body },
    { what: 'the signature in the query', path: `/callbacks/stripe?stripe-signature=${encodeURIComponent(signature)}`, body },
  ];
  const kinds = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=x',
    '',
    'x'.repeat(1000),
  ].map((type): Attack => ({
    what: `as ${type.slice(0, 40)}`,
    headers: { 'content-type': type, 'stripe-signature': `t=${now},v1=${'a'.repeat(64)}` },
    body,
  }));
  const packed: Attack[] = [
    {
      what: 'packed, signed as packed',
      headers: { ...signed({}, gzipSync(body)), 'content-encoding': 'gzip' },
      body: gzipSync(body),
    },
    { what: 'said to be packed', headers: { ...headers, 'content-encoding': 'gzip' }, body },
    { what: 'packed and cut', headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body).subarray(0, 80) },
    { what: 'packed by an unknown way', headers: { ...headers, 'content-encoding': 'zstd' }, body },
    { what: 'two ways of packing', headers: { ...headers, 'content-encoding': 'gzip, br' }, body: gzipSync(body) },
    { what: 'a packing bomb', headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(20_000_000)) },
  ];
  const forged = { 'stripe-signature': `t=${now},v1=${'b'.repeat(64)}` };
  const shapes: Attack[] = ['[', '{"a":', '"', '-', '1e999,'].map((text) => ({
    what: `deep ${text}`,
    headers: forged,
    body: text.repeat(100_000),
  }));
  const names: Attack[] = [
    '{"__proto__":{"accepted":true}}',
    '{"constructor":{"prototype":{"x":1}}}',
    'null',
    '1',
    '"x"',
    '[]',
    '{}',
  ].map((text) => ({ what: text, headers: forged, body: text }));
  const large: Attack[] = [{ what: 'two megabytes', headers, body: Buffer.alloc(2_000_000, 'a') }];
  const methods: Attack[] = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'].map((method) => ({
    what: method,
    method,
    headers,
    body: method === 'GET' ? '' : body,
  }));
  const places: Attack[] = [
    ...[
      'nobody',
      '__proto__',
      'constructor',
      'toString',
      'Stripe',
      'stripe%00',
      '%E0%A4%A',
      '..',
      '.',
      '%2e%2e',
      'stripe%2f',
      'stripe/x',
      'sandbox',
      '',
    ].map((name): Attack => ({ what: `to ${name}`, path: `/callbacks/${name}`, headers, body })),
    {
      what: 'the buyer forging the sandbox',
      path: '/callbacks/sandbox',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"evt_1","type":"payment.completed"}',
    },
  ];
  return [
    everyByte,
    cuts,
    spaces,
    numbers,
    stamps,
    secrets,
    signatures,
    doubled,
    kinds,
    packed,
    shapes,
    names,
    large,
    methods,
    places,
  ].flat();
}

describe('Hostile callbacks', () => {
  afterEach(closeSites);

  it('are all refused, whatever is forged of them, while genuine payments are served and nothing is leaked', async function () {
    this.timeout(30_000);
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { buyer: { email: 'victim@example.org', name: 'Victim Example' } });
    const attacks = forgeries(site, sale.completed());
    expect(attacks.length).to.be.greaterThan(380);

    const genuine = Array.from({ length: 10 }, (_, index) =>
      sell(site, ['TS-101'], { buyer: { email: `ada${index}@example.org`, name: 'Ada Example' } }),
    );
    const wrong: string[] = [];
    const flood = sendAll(site, attacks, ({ what }, { status }) => {
      if (![400, 404, 405, 408, 413, 415, 431].includes(status)) wrong.push(`${status} ${what}`);
    });
    for (const each of genuine) expect((await site.receives(each.completed())).status).to.equal(200);
    await flood;
    await settles(site);

    expect(wrong).to.deep.equal([]);
    expect(enrolments(site)).to.deep.equal(genuine.map((_, index) => `ada${index}@example.org: 17`));
    expect(await site.app.store.findOrders({ limit: 100 })).to.have.length(10);
    expect(site.mailbox.messagesFor('victim@example.org')).to.deep.equal([]);

    await site.app.verdicts.flush();
    const { callbacks, verdicts } = await site.app.store.status();
    expect(callbacks).to.deep.equal({ open: 0, parked: 0 });
    const counted = verdicts.filter(({ verdict }) => verdict === 'refused').reduce((sum, { count }) => sum + count, 0);
    expect(counted).to.be.greaterThan(300);
    expect((await site.app.store.refusedSamples('stripe', 1000)).length).to.be.within(1, 100);

    const log = JSON.stringify(site.log);
    for (const secret of [
      'victim@',
      'Victim',
      'ada1@',
      'eve@',
      site.stripe.webhookSecret,
      site.stripe.apiKey,
      site.lms.apiKey,
      'TypeError',
    ])
      expect(log).not.to.contain(secret);
    expect(site.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
    expect(site.log.length, 'a flood does not become a flood of lines').to.be.lessThan(100);
  });

  it('that were genuine once are nothing new when they are replayed, and refused when they are old', async () => {
    let ahead = 0;
    const site = await openShop({ handover: { now: () => new Date(Date.now() + ahead) } });
    const paid = sell(site, ['TS-101']).completed();
    const recorded = { body: paid.body, headers: { ...paid.headers } };
    for (let count = 0; count < 5; count += 1) expect((await site.receives(recorded)).status).to.equal(200);
    await settles(site);
    ahead = 310_000;
    const late = await site.receives(recorded);
    expect([late.status, late.text]).to.satisfy(
      ([status, text]: [number, string]) => status === 400 && text.startsWith('SIGNATURE_STALE'),
    );
    expect(timesEnrolled(site)).to.equal(1);
  });

  it('never make the process hold much, however many and however large they come', async function () {
    this.timeout(20_000);
    const site = await openShop();
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const { headers } = sell(site, ['TS-101']).completed();
    const before = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 5);
    const bombs = Array.from({ length: 40 }, (): Attack => ({
      what: 'bomb',
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: bomb,
    }));
    const floods = Array.from({ length: 8 }, () => flood(site, 30_000_000));
    const statuses: number[] = [];
    await Promise.all([sendAll(site, bombs, (_, { status }) => statuses.push(status)), ...floods]);
    clearInterval(watch);
    expect(new Set(statuses)).to.deep.equal(new Set([413]));
    expect(most - before.arrayBuffers).to.be.lessThan(150_000_000);
    expect((await site.receives(sell(site, ['TS-101']).completed())).status).to.equal(200);
  });

  it('that stop in the middle or never begin leave nothing behind, and the next one is served', async () => {
    const site = await openShop();
    const paid = sell(site, ['TS-101']).completed();
    const { port } = new URL(site.url);
    const sockets = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        const head = `POST /shop/callbacks/stripe HTTP/1.1\r\nHost: x\r\nStripe-Signature: ${paid.headers['stripe-signature']!}\r\n`;
        const begun = [
          head,
          `${head}Content-Length: 5000\r\n\r\n`,
          `${head}Content-Length: 5000\r\n\r\n${paid.body.slice(0, 100)}`,
          `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
        ];
        socket.write(begun[index % begun.length]!);
        return socket;
      }),
    );
    expect((await site.receives(paid)).status).to.equal(200);
    for (const socket of sockets) socket.destroy();
    await settles(site);
    expect(timesEnrolled(site)).to.equal(1);
    await until('the site has seen them go', async () => {
      await site.app.verdicts.flush();
      const { verdicts } = await site.app.store.status();
      return verdicts.some(({ code, count }) => code === 'BODY_CUT_OFF' && count >= 40);
    });
    expect(site.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});

/** Sends an endless body in pieces until the server hangs up. */
async function flood(site: Site, bytes: number): Promise<void> {
  const { port } = new URL(site.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  socket.write('POST /shop/callbacks/stripe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const piece = Buffer.concat([Buffer.from('ffff\r\n'), Buffer.alloc(0xffff, 'a'), Buffer.from('\r\n')]);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += piece.length) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
  }
  socket.destroy();
}

/** Signed with the right secret, so somebody who knows it, or a Stripe we have not met yet. */
const oddities: Readonly<Record<string, (id: string) => unknown>> = {
  'an empty object': () => ({}),
  'no JSON': () => undefined,
  'JSON that is no object': () => 'text',
  null: () => null,
  'a list': () => [1, 2, 3],
  'an event without a type': (id) => ({ id, object: 'event', created: 1, data: { object: {} } }),
  'an event of an unknown type': (id) => ({ id, object: 'event', type: 'moon.risen', created: 1, data: { object: {} } }),
  'a type named after a part of JavaScript': (id) => ({
    id,
    object: 'event',
    type: '__proto__',
    created: 1,
    data: { object: {} },
  }),
  'a session without anything': (id) => event(id, {}),
  'a session whose id is a number': (id) => event(id, { id: 17, object: 'checkout.session' }),
  'a session whose id leads elsewhere': (id) =>
    event(id, { id: '../../v1/charges?limit=1#', object: 'checkout.session', payment_status: 'paid', status: 'complete' }),
  'a session whose amounts are texts': (id) =>
    event(id, { id: 'cs_test_1', amount_total: '4900', currency: 17, payment_status: 'paid' }),
  'a session with a thousand keys': (id) =>
    event(id, Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, index]))),
  'metadata that would change prototypes': (id) =>
    event(id, { id: 'cs_test_2', metadata: JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":"x"}') as object }),
  'nested thousands deep': (id) => event(id, JSON.parse(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`) as object),
  'an impossible time': (id) => ({ ...(event(id, { id: 'cs_test_3' }) as object), created: 1e300 }),
  'a thin event about nothing': (id) => ({
    id,
    object: 'v2.core.event',
    type: 'v1.checkout.session.completed',
    created: '2026-01-01T00:00:00Z',
    related_object: null,
  }),
  'a thin event about another kind of thing': (id) => ({
    id,
    object: 'v2.core.event',
    type: 'v1.checkout.session.completed',
    created: '2026-01-01T00:00:00Z',
    related_object: { id: 'cus_1/../x', type: 'customer', url: 'http://evil.example/' },
  }),
};

function event(id: string, object: object): unknown {
  return {
    id,
    object: 'event',
    type: 'checkout.session.completed',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object },
  };
}

describe('Signed callbacks that make no sense', () => {
  afterEach(closeSites);

  it('grant nothing, crash nothing, ask Stripe for nothing strange, and end in a state that staff see', async () => {
    const site = await openShop();
    for (const [index, [what, make]] of Object.entries(oddities).entries()) {
      const value = make(`evt_odd_${index}`);
      const body = value === undefined ? '{"half":' : JSON.stringify(value);
      const { status } = await site.receives({ body, headers: site.stripe.sign(body) });
      expect(status, what).to.be.oneOf([200, 400]);
    }
    await settles(site);
    expect(timesEnrolled(site)).to.equal(0);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    for (const { path } of site.stripe.requests)
      expect(path, 'ids stay one part of the path').not.to.match(/\/\.\.\/|\/v1\/charges|\/evil/);
    const { callbacks } = await site.app.store.status();
    expect(callbacks.open).to.equal(0);
    expect(callbacks.parked).to.be.greaterThan(2);

    const sale = sell(site, ['TS-101']);
    expect((await site.receives(sale.completed())).status).to.equal(200);
    await settles(site);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('are taken whatever their content type, and unpacked when they come packed', async () => {
    const site = await openShop();
    for (const [index, type] of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      '',
    ].entries()) {
      const { body, headers } = sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } }).completed();
      expect((await send(site, { what: type, headers: { ...headers, 'content-type': type }, body })).status, type).to.equal(200);
    }
    const { body, headers } = sell(site, ['TS-101'], { buyer: { email: 'packed@example.org' } }).completed();
    expect(
      (await send(site, { what: 'packed', headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) })).status,
    ).to.equal(200);
    await settles(site);
    expect(enrolments(site)).to.have.length(5).and.include('packed@example.org: 17');
  });
});
