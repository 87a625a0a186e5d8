import { statSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { expect } from 'chai';
import { drainBacklog } from '../../bench/support/backlog.ts';
import { load, onAnswer } from '../../bench/support/load.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import type { Callback } from '../../src/contract/gateway.ts';
import { createVerdictCounter } from '../../src/wiring/verdict-counter.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { openShop, sell, type ShopOptions } from './shop.ts';

type StripeCallback = Parameters<Site['receives']>[0];

function asRequest({ body, headers }: StripeCallback): Buffer {
  const all = { Host: '127.0.0.1', 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`POST /shop/callbacks/stripe HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}

/** One callback on a connection of its own. Gives the status and whether the answer says when to come again. */
function sendAlone(port: number, callback: StripeCallback): Promise<{ status: number; comesAgain: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    onAnswer(socket, (status) => {
      resolve({ status, comesAgain: /^retry-after: \d+/im.test(text) });
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`The connection was closed without an answer: ${text}`)));
    socket.write(asRequest(callback));
  });
}

const portOf = ({ url }: Site): number => Number(new URL(url).port);

async function burst({ site: files, handover }: ShopOptions): Promise<void> {
  const site = await openShop({ ...(files && { site: files }), handover: { worker: false, ...handover } });
  const callbacks = Array.from({ length: 1000 }, (_, index) =>
    sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } }).completed(),
  );
  const answers = await Promise.all(callbacks.map((callback) => sendAlone(portOf(site), callback)));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.filter(({ status, comesAgain }) => status !== 503 || !comesAgain)).to.deep.equal([]);
  expect((await site.app.store.status()).callbacks.open, 'kept').to.equal(1000 - refused.length);
  for (const [index, { status }] of answers.entries()) {
    if (status !== 200) expect((await sendAlone(portOf(site), callbacks[index]!)).status).to.equal(200);
  }
  expect((await site.app.store.status()).callbacks.open, 'kept in the end').to.equal(1000);
}

describe('A burst of a thousand callbacks at the same moment', function () {
  this.timeout(60_000);
  afterEach(closeSites);

  it('is answered 200, or 503 with the time to come again, and none is lost, on SQLite', () => burst({}));

  it('is answered 200, or 503 with the time to come again, and none is lost, on PostgreSQL', async () => {
    const { url } = await sharedCluster();
    await burst({
      site: { secret: { env: 'HANDOVER_SECRET' } },
      handover: {
        store: `${url}?schema=${freshSchema()}`,
        env: { HANDOVER_SECRET: 'thirty-two random characters, or more' },
      },
    });
  });
});

describe('A flood of forged callbacks', function () {
  this.timeout(60_000);
  afterEach(closeSites);

  it('is refused and counted to the last one, takes next to no room, and delays no genuine payment for good', async () => {
    const site = await openShop({ handover: { worker: false } });
    const genuine = sell(site, ['TS-101']).completed();
    const stamp = Math.floor(Date.now() / 1000);
    const signatures = [
      ['stripe-signature', `t=${stamp},v1=${'a'.repeat(64)}`],
      ['stripe-signature', `t=${stamp - 5000},v1=${'b'.repeat(64)}`],
      ['stripe-signature', 'nothing of the kind'],
      ['x-nothing', 'here'],
    ] as const;
    const count = 20_000;
    const forged = Array.from({ length: count }, (_, index) => {
      const [name, value] = signatures[index % signatures.length]!;
      const body = genuine.body.replace(/evt_\w+/, `evt_forged_${index}`);
      return asRequest({ body, headers: { 'content-type': 'application/json', [name]: value } });
    });
    const flood = load(portOf(site), forged, 64, 60);
    const sales = Array.from({ length: 200 }, (_, index) =>
      sell(site, ['TS-101'], { buyer: { email: `b${index}@example.org` } }).completed(),
    );
    for (const sale of sales) expect((await site.receives(sale)).status).to.equal(200);
    expect((await flood).not200).to.equal(count);

    await site.app.verdicts.flush();
    const { callbacks, verdicts } = await site.app.store.status();
    expect(callbacks).to.include({ open: sales.length, parked: 0 });
    const refused = verdicts.filter(({ verdict }) => verdict === 'refused');
    expect(refused.reduce((sum, each) => sum + each.count, 0)).to.equal(count);
    expect(refused.length, 'codes').to.be.within(3, 5);
    expect(await site.app.store.refusedSamples('stripe', 1000)).to.have.length.within(3, 100);
    const bytes = ['', '-wal'].map((end) => statSync(join(site.folder, `handover.db${end}`)).size);
    expect(bytes[0]! + bytes[1]!, 'bytes on the disk').to.be.below(8_000_000);
    expect(site.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('fills neither memory nor table where its codes and bodies are made up anew each time', async () => {
    const written: { code: string; count: number; bytes: number }[] = [];
    let isDown = true;
    const store = {
      async countVerdict(_gateway: string, _verdict: string, code: string, count: number, sample?: Callback) {
        if (isDown) throw new Error('The store is down.');
        written.push({ code, count, bytes: sample?.body.buffer.byteLength ?? 0 });
      },
    };
    const counter = createVerdictCounter(store, silentLog, 5);
    const body = new Uint8Array(100_000);
    const callback = { gateway: 'any', method: 'POST', url: '/', headers: {}, body, receivedAt: new Date() };
    for (let index = 0; index < 20_000; index += 1) counter.count(callback, { kind: 'refused', code: `CODE_${index}` });
    await counter.flush();
    isDown = false;
    await counter.flush();
    await counter.close();
    expect(written.reduce((sum, { count }) => sum + count, 0)).to.equal(20_000);
    expect(written).to.have.length(101);
    expect(Math.max(...written.map(({ bytes }) => bytes))).to.be.at.most(2048);
  });
});

describe('The backlog of an outage', function () {
  this.timeout(120_000);

  it('is taken and carried out once, though three quarters of it are repeats', async () => {
    const { statuses, parked, open, orders } = await drainBacklog(3000);
    expect(Object.keys(statuses).filter((status) => status !== '200' && status !== '503')).to.deep.equal([]);
    expect(statuses['200']).to.equal(3000);
    expect([orders, open, parked]).to.deep.equal([750, 0, 0]);
  });
});
