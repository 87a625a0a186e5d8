import { expect } from 'chai';
import { Registry } from 'prom-client';
import { HandoverError } from '../../src/contract/errors.ts';
import { fault } from '../../src/testing/double-server.ts';
import { loadPeer } from '../../src/monitoring/load-peer.ts';
import { openShop, sell, settles, takes, type ShopOptions } from '../flow/shop.ts';
import { closeSites, type Site } from '../support/open-site.ts';

const token = 'a-token-of-these-tests';
const withToken = { site: { metrics: { token: { env: 'METRICS_TOKEN' } } } };

async function openWatched(metrics: boolean | Registry = true, options: ShopOptions = {}): Promise<Site> {
  const { site, handover, ...others } = options;
  const env = { METRICS_TOKEN: token };
  return openShop({ site: { ...withToken.site, ...site }, handover: { metrics, env, ...handover }, ...others });
}

async function scrape(site: Site, authorization = `Bearer ${token}`): Promise<{ status: number; text: string }> {
  const answer = await site.get('/metrics', { authorization });
  return { status: answer.status, text: await answer.text() };
}

/** The value of a sample whose name and labels begin so. */
function valueOf(text: string, sample: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

describe('GET /metrics', () => {
  afterEach(closeSites);

  it('counts callbacks, attempts and what is open, as Prometheus reads it', async () => {
    const site = await openWatched();
    site.lms.faults.next(fault.status(503));
    await takes(site, sell(site, ['TS-101']).completed());
    const forged = sell(site, ['TS-102']).completed();
    await site.receives({ ...forged, headers: site.stripe.sign(forged.body, { secret: 'whsec_wrong' }) });
    await takes(site, site.stripe.sale({ lines: [{ sku: 'TS-102', unitAmount: 1 }] }).completed());
    await settles(site);
    const { status, text } = await scrape(site);

    expect(status).to.equal(200);
    expect(valueOf(text, 'handover_callbacks_total{gateway="stripe",verdict="accepted",code=""}')).to.equal(2);
    expect(valueOf(text, 'handover_callbacks_total{gateway="stripe",verdict="refused",code="SIGNATURE_MISMATCH"}')).to.equal(1);
    expect(valueOf(text, 'handover_callback_duration_seconds_count{gateway="stripe"}')).to.equal(3);
    expect(valueOf(text, 'handover_callback_commit_seconds_count')).to.equal(2);
    const grant = 'account="axis-lms",action="axis-lms.enrol",verb="grant"';
    expect(valueOf(text, `handover_step_attempts_total{${grant},result="done"}`)).to.equal(1);
    expect(valueOf(text, 'handover_step_duration_seconds_count{account="axis-lms",verb="grant"}')).to.be.at.least(1);
    expect(valueOf(text, 'handover_callback_to_delivered_seconds_count')).to.equal(1);
    expect(valueOf(text, 'handover_orders_held')).to.equal(1);
    expect(valueOf(text, 'handover_orders_parked')).to.equal(0);
    expect(valueOf(text, 'handover_steps{state="parked"}')).to.equal(0);
    expect(valueOf(text, 'handover_oldest_open_seconds')).to.equal(0);
    expect(valueOf(text, 'handover_store_readable')).to.equal(1);
    expect(text).not.to.match(/process_cpu|nodejs_/);
  });

  it('shows the free keys of each pool', async () => {
    const site = await openWatched();
    await site.app.store.importKeys('stock', [{ fingerprint: 'one', sealed: 'sealed' }]);
    expect(valueOf((await scrape(site)).text, 'handover_key_pool_free{pool="stock"}')).to.equal(1);
  });

  it('answers nobody without the token', async () => {
    const site = await openWatched();
    for (const wrong of ['', 'Bearer', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`]) {
      const { status, text } = await scrape(site, wrong);
      expect([wrong, status]).to.deep.equal([wrong, 401]);
      expect(text).not.to.contain('handover_');
    }
    expect((await scrape(site, `bearer ${token}`)).status).to.equal(200);
  });

  it('does not exist without a token, or without the option', async () => {
    const open = await openShop({ handover: { metrics: true } });
    expect((await scrape(open)).status).to.equal(404);
    const off = await openShop({ ...withToken, handover: { env: { METRICS_TOKEN: token } } });
    expect((await scrape(off)).status).to.equal(404);
  });

  it('puts them into a registry of the site, and takes them out when it closes', async () => {
    const collection = new Registry();
    const site = await openWatched(collection);
    expect(await collection.metrics()).to.contain('handover_callbacks_total');
    const second = await openWatched(collection).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(second).to.be.instanceOf(HandoverError).with.property('code', 'METRICS_REGISTRY_TAKEN');
    await site.restart();
    expect(await collection.metrics()).to.contain('handover_callbacks_total');
    await site.close();
    expect(collection.getMetricsAsArray()).to.deep.equal([]);
  });

  it('leaves out what the store cannot say, and says that it cannot', async () => {
    const site = await openWatched(true, { handover: { worker: false } });
    await site.app.store.close();
    const { status, text } = await scrape(site);
    expect([status, valueOf(text, 'handover_store_readable')]).to.deep.equal([200, 0]);
    expect(valueOf(text, 'handover_orders_held')).to.equal(undefined);
    expect(text).not.to.match(/^handover_steps\{/m);
  });

  it('says what to install when the package is not there', () => {
    const missing = Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    const load = (): unknown => {
      throw missing;
    };
    expect(() => loadPeer('prom-client', 'metrics', load))
      .to.throw(HandoverError, 'needs the package "prom-client"')
      .with.property('hint', 'Install it beside handover: npm install prom-client');
  });
});
