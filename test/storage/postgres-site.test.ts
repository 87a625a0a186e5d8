import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { createApp } from '../../src/app.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import { buyer, enrolments, openShop, pageWords, recordOf, sell, takes } from '../flow/shop.ts';
import type { ShopOptions } from '../flow/shop.ts';
import { until } from '../flow/until.ts';
import { closeSites } from '../support/open-site.ts';
import type { Site } from '../support/open-site.ts';
import { freshSchema, sharedCluster, startCluster } from '../support/postgres.ts';
import type { Cluster } from '../support/postgres.ts';

const secret = 'a secret of thirty-two characters, or more';
const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

describe('A site whose store is PostgreSQL', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let store: string;

  before(async () => (cluster = await sharedCluster()));
  beforeEach(() => (store = `${cluster.url}?schema=${freshSchema()}`));
  afterEach(closeSites);

  const openSite = (place: string, options: ShopOptions['handover'] = {}) =>
    openShop({
      site: { secret: { env: 'HANDOVER_SECRET' } },
      handover: { ...options, store: place, env: { HANDOVER_SECRET: secret } },
    });

  it('gives what was paid for, and knows everything after a restart', async () => {
    const site = await openSite(store);
    const sale = sell(site, ['TS-101', 'TP-7']);
    await takes(site, sale.completed());
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    const page = await pageWords(site, sale);
    expect(page).to.contain('Thank you, everything is ready');
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);

    await site.restart();
    await takes(site, sale.completed());
    expect(await pageWords(site, sale)).to.equal(page);
    expect(site.lms.books.notifications).to.have.length(1);
    expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
  });

  it('does not start without a secret, since there is no place for one beside the store', async () => {
    const site = await openSite(store);
    const settings = JSON.parse(await readFile(join(site.folder, 'handover.json'), 'utf8')) as object;
    await site.writes('handover.json', { ...settings, secret: undefined });
    const app = createApp({
      config: site.folder,
      store: `${cluster.url}?schema=${freshSchema()}`,
      watch: false,
      logger: silentLog,
      env: envOf(site),
    });
    const error = await app.ready().catch((thrown: unknown) => thrown);
    await app.close();
    expect(error).to.include({ code: 'SECRET_REQUIRED' });
  });

  it('asks the gateway to come again while the server is away, and goes on by itself when it is back', async () => {
    const own = await startCluster();
    const site = await openSite(own.url);
    const [first, second] = [sell(site, ['TS-101']), sell(site, ['TS-102'])];
    await takes(site, first.completed());
    await own.stop();
    const { body, headers } = second.completed();
    const refused = await fetch(`${site.url}/callbacks/stripe`, { method: 'POST', body, headers });
    expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([503, '30']);
    await own.start();
    expect((await site.receives({ body, headers })).status).to.equal(200);
    await until('the course of the second sale is there', () => enrolments(site).length === 2);
    await site.finishesItsSteps();
    expect((await recordOf(site, second)).steps.map(({ state }) => state)).to.not.include.members(['ready', 'parked']);
    await site.close();
    await own.remove();
  });

  it('leaves the work to "npx handover work", which stops in good order when it is told to', async () => {
    const site = await openSite(store, { worker: false });
    const worker = startWorker(site, store);
    const sale = sell(site, ['TS-101']);
    expect((await site.receives(sale.completed())).status).to.equal(200);
    await until('the worker has mailed the buyer', () => site.mailbox.messagesFor(buyer).length === 1, 20_000);
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
    expect(await pageWords(site, sale)).to.contain('Thank you, everything is ready');
    worker.kill('SIGTERM');
    expect(await once(worker, 'close')).to.deep.equal([0, null]);
  });

  it('has a worker that waits for a server that is not there yet', async () => {
    const own = await startCluster();
    const site = await openSite(own.url, { worker: false });
    await own.stop();
    const worker = startWorker(site, own.url);
    let log = '';
    worker.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
    await until('the worker has found no server', () => log.includes('STORE_UNAVAILABLE'), 20_000);
    await own.start();
    await until('the worker is ready', () => log.includes('Handover is ready'), 20_000);
    worker.kill('SIGINT');
    expect(await once(worker, 'close')).to.deep.equal([0, null]);
    await site.close();
    await own.remove();
  });
});

function startWorker(site: Site, store: string): ChildProcess {
  const env = { ...process.env, ...envOf(site), HANDOVER_SECRET: secret, HANDOVER_SHOP: site.folder, HANDOVER_STORE: store };
  return spawn(process.execPath, ['--conditions=dev-source', cli, 'work'], { env, stdio: ['ignore', 'inherit', 'pipe'] });
}

/** What the files of the shop ask of the environment. */
function envOf({ url, stripe, lms, mailbox }: Site): Record<string, string> {
  return {
    HANDOVER_BASE_URL: url,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_API_BASE: stripe.url,
    AXIS_LMS_URL: lms.url,
    AXIS_LMS_API_KEY: lms.apiKey,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mailbox.port),
    TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
  };
}
