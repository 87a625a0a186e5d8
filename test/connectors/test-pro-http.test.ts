import { expect } from 'chai';
import { StepError } from 'handover/contract';
import type { IssuedKey, IssueKeyInput } from '../../connectors/test-pro/index.ts';
import type { HttpSettings } from '../../connectors/test-pro/options.ts';
import { fault } from '../../src/testing/double-server.ts';
import { startKeySource } from '../../src/testing/key-source/index.ts';
import type { KeySourceDouble, KeySourceOptions } from '../../src/testing/key-source/index.ts';
import { contextOf, issueKeyOf } from './test-pro-context.ts';
import type { Scene } from './test-pro-context.ts';

const action = issueKeyOf();

describe('test-pro: keys from an address', () => {
  let far: KeySourceDouble;
  const open = async (options: KeySourceOptions = {}): Promise<void> => {
    far = await startKeySource(options);
  };
  afterEach(() => far.close());

  const settings = (more: Partial<HttpSettings> = {}): HttpSettings => ({
    kind: 'http',
    url: far.url,
    deduplicates: true,
    ...more,
  });
  const grant = (more: Partial<HttpSettings> = {}, scene: Partial<Scene> = {}, input: IssueKeyInput = {}): Promise<IssuedKey> =>
    action.grant(input, contextOf({ sources: { keygen: settings(more) }, ...scene }));
  const revoke = (issued: IssuedKey, more: Partial<HttpSettings>): Promise<void> =>
    action.revoke!(issued, {}, contextOf({ sources: { keygen: settings(more) }, verb: 'revoke', generation: 2 }));

  it('are one for each unit, and the same on a repeated attempt', async () => {
    await open();
    const first = await grant({}, { quantity: 3 });
    expect((await grant({}, { quantity: 3 })).key).to.equal(first.key);
    const others = [await grant({}, { quantity: 3, unit: 2 }), await grant({}, { quantity: 3, unit: 3 })];
    expect(new Set([first, ...others].map(({ key }) => key)).size).to.equal(3);
    expect(far.books.issued.map(({ key }) => key)).to.deep.equal([first, ...others].map(({ key }) => key));
    expect(far.books.issued[1]?.fulfilmentId).to.equal('K3M9-2QXT-7BHD/1/2/key/grant/1/2');
  });

  it('are found in text, JSON, XML and by regular expression', async () => {
    await open();
    const { key } = await grant();
    far.switches.answer = 'json';
    expect((await grant({ answer: { jsonPointer: '/activation/key' } })).key).to.equal(key);
    expect((await grant({ answer: { regex: '"key":"([^"]+)"' } })).key).to.equal(key);
    far.switches.answer = 'xml';
    expect((await grant({ answer: { xmlElement: 'key' } })).key).to.equal(key);
  });

  it('are asked for with nothing personal, unless the file says so', async () => {
    await open();
    await grant({}, { quantity: 2 });
    expect(far.books.issued[0]?.sent).to.deep.equal({
      order: 'K3M9-2QXT-7BHD',
      sku: 'TPD-7',
      seats: 1,
      step: 'K3M9-2QXT-7BHD/1/1/key/grant/1',
      unit: 1,
    });
    expect(JSON.stringify(far.books.requests)).to.not.include('ada');
  });

  it('are asked for as the file says: in the query, a form or JSON, with its headers', async () => {
    await open({ authorization: 'Bearer s3cret' });
    const secretHeaders = { Authorization: 'Bearer s3cret' };
    const who = {
      who: '{{buyer.firstName}} <{{buyer.email}}>',
      seats: '{{seats}}',
      vat: '{{metadata.vat}}',
      until: '{{expires}}',
    };
    const sent = { who: 'Ada <ada@example.org>', vat: 'A&B=1', until: '2026-05-31' };
    const scene = { quantity: 3, metadata: { vat: 'A&B=1' } };
    const input: IssueKeyInput = { seats: 'oneKeyWithSeats', validDays: 30 };
    await grant({ secretHeaders, method: 'GET', query: who, url: `${far.url}?old=1` }, { ...scene, generation: 1 }, input);
    await grant({ secretHeaders, bodyEncoding: 'form', body: who }, { ...scene, generation: 3 }, input);
    await grant({ secretHeaders, body: who, headers: { 'X-Shop': 'shop' } }, { ...scene, generation: 5 }, input);
    expect(far.books.issued.map((each) => each.sent)).to.deep.equal([
      { ...sent, seats: '3', old: '1' },
      { ...sent, seats: '3' },
      { ...sent, seats: 3 },
    ]);
    expect(far.books.requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'POST']);
    expect(far.books.requests[2]?.headers['x-shop']).to.equal('shop');
  });

  it('may be named by another header', async () => {
    await open({ idFrom: ['header:x-fulfilment'] });
    expect((await grant({ idempotencyHeader: 'X-Fulfilment' })).key).to.equal(
      (await grant({ idempotencyHeader: 'X-Fulfilment' })).key,
    );
  });

  it('are waited for when the source has none, whichever way it says so', async () => {
    await open({ keys: [] });
    const soldOut = { code: 'KEYS_SOLD_OUT', retry: 'later', unknown: false };
    expect(await failureOf(grant())).to.include(soldOut);
    far.switches.whenEmpty = 'emptyBody';
    expect(await failureOf(grant())).to.include(soldOut);
    expect(await failureOf(grant({ deduplicates: false }))).to.include(soldOut);
    far.restock('AAA-1');
    expect((await grant()).key).to.equal('AAA-1');
  });

  it('are the same after a lost answer when the source deduplicates', async () => {
    await open();
    far.faults.next(fault.commitThenDrop());
    expect(await failureOf(grant())).to.include({ code: 'NO_ANSWER', retry: 'later', unknown: true });
    far.faults.next(fault.commitThen500());
    expect(await failureOf(grant())).to.include({ code: 'KEY_SOURCE_UNAVAILABLE', retry: 'later', unknown: true });
    const { key } = await grant();
    expect(far.books.issued.map((each) => each.key)).to.deep.equal([key]);
  });

  it('are named as possible orphans after a lost answer when it does not, and nothing is repeated', async () => {
    await open({ deduplicates: false });
    const orphan = { code: 'KEY_PERHAPS_ISSUED', retry: 'never', unknown: true };
    for (const lost of [fault.commitThenDrop(), fault.commitThen500(), fault.drop(), fault.html()]) {
      far.faults.next(lost);
      const error = await failureOf(grant({ deduplicates: false }));
      expect(error, lost.kind).to.include(orphan);
      expect(error.message).to.include('a possible orphan key');
      expect(error.where).to.match(/^serial \w{4}-\w{4}-\w{4}$/);
    }
    expect(far.books.issued).to.have.length(2);
    expect(far.faults.waiting).to.equal(0);
  });

  it('are parked too when time runs out before a blind source answers', async () => {
    await open({ deduplicates: false });
    far.faults.next(fault.delay(60_000));
    expect(await failureOf(grant({ deduplicates: false }, { signal: AbortSignal.timeout(100) }))).to.include({
      code: 'KEY_PERHAPS_ISSUED',
    });
  });

  it('are simply tried again while the source is surely not reached', async () => {
    await open();
    await far.goDown();
    for (const deduplicates of [true, false]) {
      expect(await failureOf(grant({ deduplicates }))).to.include({ code: 'NOT_SENT', retry: 'later', unknown: false });
    }
  });

  it('are tried again when the source asks for patience, and not before it says', async () => {
    await open();
    far.faults.next(fault.status(429, { retryAfter: 7 }));
    const error = await failureOf(grant({ deduplicates: false }));
    expect(error).to.include({ code: 'KEY_SOURCE_UNAVAILABLE', retry: 'later', unknown: false, retryAfterMs: 7000 });
  });

  it('are a problem for a person when no repetition can help', async () => {
    await open({ authorization: 'Bearer s3cret' });
    expect(await failureOf(grant({ secretHeaders: { Authorization: 'Bearer wrong' } }))).to.include({
      code: 'KEY_SOURCE_DENIED',
      retry: 'never',
    });
    far.faults.next(fault.redirect('https://elsewhere.example.com/'));
    expect(await failureOf(grant())).to.include({ code: 'KEY_SOURCE_REFUSED', retry: 'never' });
    far.faults.next(fault.status(422));
    expect(await failureOf(grant())).to.include({ code: 'KEY_SOURCE_REFUSED', retry: 'never' });
    const answer = { jsonPointer: '/nothing' };
    const error = await failureOf(grant({ secretHeaders: { Authorization: 'Bearer s3cret' }, answer }));
    expect(error).to.include({ code: 'KEY_ANSWER_UNREADABLE', retry: 'never' });
    expect(error.message).to.not.include('KEY-');
  });

  it('never leave in clear over the network', async () => {
    await open();
    for (const url of [
      'http://keys.example.com/',
      'http://localhost@keys.example.com/',
      'http://127.0.0.1.example.com/',
      'ftp://127.0.0.1/',
      'nonsense',
    ]) {
      expect(await failureOf(grant({ url })), url).to.include({ code: 'KEY_ADDRESS_REFUSED', retry: 'never' });
    }
  });

  describe('when they are taken back', () => {
    it('are told to the address for that, as often as it takes', async () => {
      await open();
      const issued = await grant();
      far.faults.next(fault.commitThenDrop());
      expect(await failureOf(revoke(issued, { revokeUrl: far.revokeUrl }))).to.include({
        code: 'NO_ANSWER',
        retry: 'later',
        unknown: false,
      });
      await revoke(issued, { revokeUrl: far.revokeUrl });
      expect(far.books.issued.map(({ isRevoked }) => isRevoked)).to.deep.equal([true]);
      const { json, headers } = far.books.requests.at(-1)!;
      expect(json).to.deep.equal({ key: issued.key, serial: issued.serial, order: 'K3M9-2QXT-7BHD', sku: 'TPD-7' });
      expect(headers['idempotency-key']).to.equal('K3M9-2QXT-7BHD/1/1/key/revoke/2');
    });

    it('may be unknown there already', async () => {
      await open();
      const issued = await grant();
      await revoke(
        { ...issued, key: 'UNKNOWN' },
        { revokeUrl: far.revokeUrl, bodyEncoding: 'form', revokeBody: { key: '{{key}}' } },
      );
      expect(far.books.requests.at(-1)?.form).to.deep.equal({ key: 'UNKNOWN' });
    });

    it('stay a task when that address refuses', async () => {
      await open();
      const issued = await grant();
      far.faults.next(fault.status(403));
      expect(await failureOf(revoke(issued, { revokeUrl: far.revokeUrl }))).to.include({
        code: 'KEY_SOURCE_DENIED',
        retry: 'never',
      });
    });

    it('are only marked here when there is no such address', async () => {
      await open();
      const issued = await grant();
      await revoke(issued, {});
      expect(far.books.requests).to.have.length(1);
    });
  });
});

async function failureOf(run: Promise<unknown>): Promise<StepError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof StepError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
