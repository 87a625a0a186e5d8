import { expect } from 'chai';
import type { HttpClient, HttpRequest } from '../../src/contract/http.ts';
import { keyedCalls } from '../../src/fulfilment/keyed-calls.ts';
import { openShop, sell, takes } from '../flow/shop.ts';
import { closeSites } from '../support/open-site.ts';

const stepKey = 'K3M9-2QXT-7BHD/1/1/course/grant/1';
const enrol: HttpRequest = { method: 'POST', url: 'https://lms.example.com/api', json: { call: 'enrol', user: 7 } };

/** The keys with which these requests go out, in one attempt. */
async function keysOf(requests: readonly HttpRequest[], key = stepKey): Promise<(string | undefined)[]> {
  const sent: HttpRequest[] = [];
  const http: HttpClient = { send: (request) => (sent.push(request), Promise.resolve({} as never)) };
  const client = keyedCalls(http, key);
  for (const request of requests) await client.send(request);
  return sent.map(({ headers = {} }) => headers['Idempotency-Key'] ?? headers['idempotency-key']);
}

describe('A call of an action', () => {
  afterEach(closeSites);

  it('has the same key at each attempt', async () => {
    const first = await keysOf([enrol, { ...enrol, json: { call: 'notify' } }]);
    expect(await keysOf([enrol, { ...enrol, json: { call: 'notify' } }])).to.deep.equal(first);
    expect(first[0]).to.match(/^K3M9-2QXT-7BHD\/1\/1\/course\/grant\/1:[0-9a-f]{24}$/);
  });

  it('has another key than any other call of the step, also at one address', async () => {
    const calls: HttpRequest[] = [
      enrol,
      { ...enrol, json: { call: 'enrol', user: 8 } },
      { ...enrol, method: 'PUT' },
      { ...enrol, url: 'https://lms.example.com/api/2' },
      { method: 'POST', url: enrol.url, form: { call: 'enrol' } },
      { method: 'POST', url: enrol.url, bytes: Buffer.from([1]) },
      { method: 'POST', url: enrol.url, bytes: Buffer.from([2]) },
      enrol,
    ];
    const keys = await keysOf(calls);
    expect(new Set(keys).size).to.equal(calls.length);
    expect(keys.at(-1)).to.equal(`${keys[0]}:2`);
  });

  it('has none when it changes nothing, and keeps one of its own', async () => {
    expect(
      await keysOf([
        { method: 'GET', url: enrol.url },
        { method: 'HEAD', url: enrol.url },
      ]),
    ).to.deep.equal([undefined, undefined]);
    expect(await keysOf([{ ...enrol, headers: { 'idempotency-key': 'own' } }])).to.deep.equal(['own']);
  });

  it('has a key that fits a header, whatever the step is called', async () => {
    const [key] = await keysOf([enrol], 'notice/ümlaut and spaces');
    expect(key).to.match(/^[\x21-\x7e]{10,200}$/);
  });

  it('reaches the other side so, and a sign-in link made at a click does not', async () => {
    const site = await openShop();
    await takes(site, sell(site, ['TS-101']).completed());
    const writes = site.lms.books.requests.filter(({ method }) => method === 'POST');
    expect(writes.length).to.be.at.least(1);
    for (const { headers } of writes) expect(headers['idempotency-key']).to.match(/^[0-9A-Z-]{14}\//);
  });
});
