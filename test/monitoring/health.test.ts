import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import express from 'express';
import { createApp } from '../../src/app.ts';
import { HandoverError } from '../../src/contract/errors.ts';
import { createHealth, type Health, type HealthParts } from '../../src/monitoring/health.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import type { StoreStatus } from '../../src/storage/store.ts';
import { createAppRouter } from '../../src/wiring/router.ts';
import { openShop, sell, takes } from '../flow/shop.ts';
import { until } from '../flow/until.ts';
import { closeSites, openSite, type Site } from '../support/open-site.ts';

async function ask(site: Site): Promise<{ status: number; health: Health; headers: Headers }> {
  const answer = await site.get('/health');
  return { status: answer.status, health: (await answer.json()) as Health, headers: answer.headers };
}

describe('GET /health', function () {
  this.timeout(30_000);
  afterEach(closeSites);

  it('says that payments can be taken, and how much waits for a person', async () => {
    const site = await openShop();
    await takes(site, sell(site, ['TS-101']).completed());
    await takes(site, site.stripe.sale({ lines: [{ sku: 'NEW-1', unitAmount: 100 }] }).completed());
    await takes(site, site.stripe.sale({ lines: [{ sku: 'TS-102', unitAmount: 1 }] }).completed());
    const { status, health, headers } = await ask(site);
    expect(status).to.equal(200);
    expect(health).to.deep.equal({
      status: 'ok',
      code: null,
      store: 'writable',
      worker: 'running',
      configuration: site.app.configuration().version,
      oldestOpenSeconds: null,
      parked: { steps: 0, callbacks: 0, orders: 1 },
      held: 1,
    });
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
  });

  it('says that the site lives without asking anybody', async () => {
    const site = await openSite('examples/minimal');
    await site.app.store.close();
    const answer = await site.get('/health/live');
    expect([answer.status, await answer.json()]).to.deep.equal([200, { status: 'ok' }]);
    expect((await ask(site)).health.code).to.equal('STORE_CLOSED');
  });

  it('says so when this process carries nothing out, as it was told', async () => {
    const site = await openSite('examples/minimal', { handover: { worker: false } });
    const { status, health } = await ask(site);
    expect([status, health.worker]).to.deep.equal([200, 'off']);
  });

  it('is failing within two seconds while another process holds the store, and well again by itself', async () => {
    const site = await openSite('examples/minimal', { handover: { worker: false } });
    const other = new DatabaseSync(join(site.folder, 'handover.db'));
    other.exec('BEGIN IMMEDIATE');
    const began = performance.now();
    const { status, health } = await ask(site);
    expect(performance.now() - began).to.be.below(2000);
    expect([status, health.status, health.code, health.held]).to.deep.equal([503, 'failing', 'STORE_SILENT', null]);
    other.exec('ROLLBACK');
    other.close();
    await until('it is well again', async () => (await ask(site)).status === 200);
  });

  it('says what is wrong while the store cannot be opened', async () => {
    const site = await openSite('examples/minimal');
    const app = createApp({
      config: site.folder,
      store: join(site.folder, 'missing', 'shop.db'),
      env: site.env,
      logger: silentLog,
    });
    const server = express().use(createAppRouter(app)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
    const health = (await answer.json()) as Health;
    expect([answer.status, health.code, health.store]).to.deep.equal([503, 'STORE_FOLDER_MISSING', 'starting']);
    server.close();
    await app.close();
  });
});

describe('Health', () => {
  const status = {
    callbacks: { open: 1, parked: 0 },
    steps: { ready: 0, waiting: 0, running: 0, parked: 2 },
    orders: { held: 0, waitingForProduct: 0 },
    verdicts: [],
    gateways: [],
    oldestOpenMs: 61_400,
  } as StoreStatus;

  function look(changes: Partial<HealthParts> = {}): { health: () => Promise<Health>; touched: () => number } {
    let touched = 0;
    const store = {
      touch: async () => void (touched += 1),
      status: async () => status,
    };
    const plain = { store, start: () => ({ isReady: true }), worker: () => 'running' as const, version: () => 'v1' };
    const parts = { ...plain, ...changes };
    const counted = { ...parts.store, touch: () => ((touched += changes.store ? 1 : 0), parts.store.touch()) };
    return { health: createHealth({ ...parts, store: counted }), touched: () => touched };
  }

  it('writes once a second at most, however many ask', async () => {
    const { health, touched } = look();
    const told = await Promise.all(Array.from({ length: 100 }, () => health()));
    expect(new Set(told.map((each) => JSON.stringify(each))).size).to.equal(1);
    await health();
    expect(touched()).to.equal(1);
    expect(told[0]).to.include({ status: 'ok', oldestOpenSeconds: 61 });
  });

  it('asks again once its answer has aged', async () => {
    const { health, touched } = look({ freshMs: 5 });
    await health();
    await sleep(20);
    await health();
    expect(touched()).to.equal(2);
  });

  it('asks a store that hangs once, and answers all the same', async () => {
    let hanging: (() => void) | undefined;
    const store = { touch: () => new Promise<void>((resolve) => (hanging = resolve)), status: async () => status };
    const { health, touched } = look({ store, patienceMs: 20, freshMs: 0 });
    const first = await health();
    const second = await health();
    expect([first.code, second.code, first.store, touched()]).to.deep.equal(['STORE_SILENT', 'STORE_SILENT', 'failing', 1]);
    hanging?.();
    await sleep(5);
    void health();
    expect(touched()).to.equal(2);
  });

  it('names the code of what the store throws, and nothing else of it', async () => {
    const secret = new HandoverError('STORE_UNAVAILABLE', 'PostgreSQL of ada@example.org cannot be used.', { where: 'the path' });
    const store = { touch: () => Promise.reject(secret), status: async () => status };
    const told = await look({ store }).health();
    expect(told).to.include({ status: 'failing', code: 'STORE_UNAVAILABLE', parked: null });
    expect(JSON.stringify(told)).not.to.match(/ada|path/);
  });

  it('is failing while it starts, and when the runner hangs', async () => {
    const starting = await look({ start: () => ({ isReady: false }) }).health();
    expect(starting).to.include({ status: 'failing', code: 'NOT_READY', store: 'starting', worker: 'starting' });
    const failed = await look({ start: () => ({ isReady: false, code: 'STORE_FOLDER_MISSING' }) }).health();
    expect(failed.code).to.equal('STORE_FOLDER_MISSING');
    const stuck = await look({ worker: () => 'stuck' }).health();
    expect(stuck).to.include({ status: 'failing', code: 'WORKER_STUCK', store: 'writable' });
  });
});
