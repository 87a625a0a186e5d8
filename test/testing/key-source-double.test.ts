import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { startKeySource, type KeySourceDouble, type KeySourceOptions } from '../../src/testing/key-source/index.ts';
import { ask, stoppedClock } from './axis-lms-client.ts';

describe('the double of a key source', () => {
  let source: KeySourceDouble;
  const clock = stoppedClock();
  const start = async (options: KeySourceOptions = {}) => (source = await startKeySource({ now: clock.now, ...options }));
  afterEach(() => source.close());

  const post = (id: string, fields: Record<string, string> = {}) =>
    ask(source.url, { method: 'POST', headers: { 'idempotency-key': id }, body: new URLSearchParams(fields) });

  it('gives one key for each fulfilment id, and the same one again', async () => {
    await start();
    const [first, again, second] = [await post('order-1/1'), await post('order-1/1'), await post('order-1/2')];
    expect(first.text).to.match(/^KEY-\d{4}-[0-9A-Z]{4}$/);
    expect(again.text).to.equal(first.text);
    expect(second.text).not.to.equal(first.text);
    expect(source.books.issued).to.have.length(2);
    expect(source.books.requests).to.have.length(3);
  });

  it('gives a new key to every call when it does not deduplicate', async () => {
    await start({ deduplicates: false });
    const [first, again] = [await post('order-1/1'), await post('order-1/1')];
    expect(again.text).not.to.equal(first.text);
    expect(source.books.issued.map(({ fulfilmentId }) => fulfilmentId)).to.deep.equal(['order-1/1', 'order-1/1']);
  });

  it('finds the fulfilment id in the header or in query, form or JSON, and misses it otherwise', async () => {
    await start({ keys: ['K1', 'K2'], idFrom: ['header:X-Order', 'field:order'] });
    const json = { 'content-type': 'application/json' };
    const answers = [
      await ask(`${source.url}?order=a`),
      await ask(source.url, { headers: { 'x-order': 'a' } }),
      await ask(source.url, { method: 'POST', body: new URLSearchParams({ order: 'a' }) }),
      await ask(source.url, { method: 'POST', headers: json, body: '{"order":"a","sku":"TP-1"}' }),
    ];
    expect(answers.map(({ text }) => text)).to.deep.equal(['K1', 'K1', 'K1', 'K1']);
    expect((await ask(source.url)).status).to.equal(400);
    expect((await post('a')).status).to.equal(400);
  });

  it('answers as text, JSON or XML', async () => {
    await start({ keys: ['A&B-1'] });
    const shapes: Record<KeySourceDouble['switches']['answer'], [type: string, body: string]> = {
      text: ['text/plain; charset=utf-8', 'A&B-1'],
      json: ['application/json', '{"activation":{"id":"order-1","key":"A&B-1"}}'],
      xml: ['text/xml; charset=utf-8', '<activation><id>order-1</id><key>A&#38;B-1</key></activation>'],
    };
    for (const [answer, [type, body]] of Object.entries(shapes)) {
      source.switches.answer = answer as keyof typeof shapes;
      const got = await post('order-1');
      expect([got.type, got.text]).to.deep.equal([type, body]);
    }
  });

  it('runs empty with 409 or with an empty body, and goes on when it is restocked', async () => {
    await start({ keys: ['K1'] });
    await post('order-1');
    expect((await post('order-2')).status).to.equal(409);
    source.switches.whenEmpty = 'emptyBody';
    const empty = await post('order-2');
    expect([empty.status, empty.text]).to.deep.equal([200, '']);
    expect((await post('order-1')).text).to.equal('K1');
    source.restock('K2');
    expect((await post('order-2')).text).to.equal('K2');
  });

  it('notes a key as issued although its answer never arrived', async () => {
    await start({ deduplicates: false });
    source.faults.next(fault.commitThenDrop());
    const lost = await post('order-1').catch(() => 'lost');
    expect(lost).to.equal('lost');
    await post('order-1', { sku: 'TP-1' });
    expect(source.books.issued).to.have.length(2);
    expect(source.books.issued[1]).to.deep.include({ at: clock.now(), sent: { sku: 'TP-1' }, isRevoked: false });
  });

  it('revokes the keys it has issued, and repeats are fine', async () => {
    await start({ keys: ['K1', 'K2'] });
    await post('order-1');
    await post('order-2');
    expect((await ask(`${source.revokeUrl}?key=K1`)).status).to.equal(200);
    const again = await ask(source.revokeUrl, { method: 'POST', body: new URLSearchParams({ key: 'K1' }) });
    expect(again.status).to.equal(200);
    expect((await ask(`${source.revokeUrl}?key=K9`)).status).to.equal(404);
    expect(source.books.issued.map(({ isRevoked }) => isRevoked)).to.deep.equal([true, false]);
  });

  it('answers at its own path, to GET and POST, and to who is authorized', async () => {
    await start({ path: '/licences/new', authorization: 'Basic c2hvcDpzZWNyZXQ=' });
    const headers = { 'idempotency-key': 'order-1', authorization: 'Basic c2hvcDpzZWNyZXQ=' };
    expect((await ask(source.url, { headers })).status).to.equal(200);
    expect((await ask(source.url, { method: 'PUT', headers })).status).to.equal(405);
    expect((await post('order-1')).status).to.equal(401);
    expect((await ask(`${new URL(source.url).origin}/keys`, { headers })).status).to.equal(404);
    expect(source.books.issued).to.have.length(1);
  });
});
