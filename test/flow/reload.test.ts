import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ConfigurationError } from '../../src/config/index.ts';
import { importKeys } from '../../src/fulfilment/key-pools.ts';
import { startMailbox } from '../../src/testing/mailbox.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  buyer,
  enrolments,
  keysOf,
  newestMail,
  openShop,
  pageAddress,
  pageJson,
  pageWords,
  recordOf,
  sell,
  settles,
  takes,
} from './shop.ts';
import { until } from './until.ts';

async function change(site: Site, file: string, edit: (old: Record<string, unknown>) => object): Promise<void> {
  const path = join(site.folder, file);
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>)));
}

const paidText = (heading: string) => (old: Record<string, unknown>) => ({
  ...old,
  outcomes: { paid: { page: { heading }, mail: { subject: heading } } },
});

describe('A change of the files while the site runs', () => {
  afterEach(closeSites);

  it('counts for what is bought from then on; earlier orders keep the words they were made under', async () => {
    const site = await openShop({ files: { 'products/TS-101.json': paidText('The first words') } });
    const before = sell(site, ['TS-101']);
    await takes(site, before.completed());
    await change(site, 'products/TS-101.json', paidText('The second words'));
    await site.app.reload();
    const after = sell(site, ['TS-101'], { buyer: { email: 'kim@example.org' } });
    await takes(site, after.completed());

    expect(await pageWords(site, before)).to.contain('The first words');
    expect(await pageWords(site, after)).to.contain('The second words');
    expect(newestMail(site).subject).to.equal('The first words');
    expect(newestMail(site, 'kim@example.org').subject).to.equal('The second words');
  });

  it('is taken up by itself', async () => {
    const site = await openShop({ handover: { watch: true } });
    await change(site, 'products/TS-101.json', paidText('Seen without being told'));
    await until(
      'the new words',
      () => site.app.configuration().products.get('TS-101')?.outcomes.paid?.page?.heading === 'Seen without being told',
    );
    await until('the version is in force', () =>
      site.log.some(({ message }) => message === 'The changed configuration is in force.'),
    );
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    expect(await pageWords(site, sale)).to.contain('Seen without being told');
  });

  it('that is wrong is refused whole and told, and the last good files stay in force until it is right', async () => {
    const site = await openShop({ handover: { watch: true } });
    const { version } = site.app.configuration();
    await change(site, 'products/TS-102.json', (old) => ({ ...old, price: '5.00 EUR' }));
    await writeFile(join(site.folder, 'products', 'TS-101.json'), '{ "sku": "TS-101", "title": ');
    await until('the refusal', () =>
      site.log.some(({ level, message }) => level === 'error' && message.includes('products/TS-101.json')),
    );
    expect(site.app.configuration().version).to.equal(version);
    const sale = sell(site, ['TS-101', 'TS-102']);
    await takes(site, sale.completed());
    expect((await pageJson(site, sale)).outcome).to.equal('paid');

    await site.writes('products/TS-101.json', { sku: 'TS-101', title: 'Mended', price: '49.00 EUR', grants: {} });
    await until('the mended files', () => site.app.configuration().products.get('TS-101')?.title === 'Mended');
    expect(site.app.configuration().products.get('TS-102')?.price).to.deep.equal('5.00 EUR');
  });

  it('that is wrong is named when it is asked for', async () => {
    const site = await openShop();
    await change(site, 'products/TS-101.json', (old) => ({ ...old, price: '49 Euro', titel: 'x' }));
    const error = await site.app.reload().catch((thrown: unknown) => thrown as ConfigurationError);
    expect(error).to.include({ code: 'CONFIG_INVALID' });
    expect((error as ConfigurationError).problems.map(({ file }) => file)).to.deep.equal([
      'products/TS-101.json',
      'products/TS-101.json',
    ]);
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    expect(enrolments(site)).to.have.length(1);
  });

  it('of a price counts for new orders, and makes no old one wrong', async () => {
    const site = await openShop();
    const before = sell(site, ['TS-101']);
    await takes(site, before.completed());
    await change(site, 'products/TS-101.json', (old) => ({ ...old, price: '59.00 EUR' }));
    await site.app.reload();
    await takes(site, ...before.refunded({ amount: 100 }));
    expect((await recordOf(site, before)).order.status).to.equal('partlyRefunded');

    const old = sell(site, ['TS-101'], { buyer: { email: 'kim@example.org' } });
    await takes(site, old.completed());
    expect((await recordOf(site, old)).order.holds.map(({ code }) => code)).to.deep.equal(['AMOUNT_MISMATCH']);
  });

  it('that takes a product away leaves its orders able to be shown, refunded and paused', async () => {
    const site = await openShop();
    const [refunded, disputed] = [sell(site, ['TS-101']), sell(site, ['TS-101'], { buyer: { email: 'kim@example.org' } })];
    await takes(site, refunded.completed());
    await takes(site, disputed.completed());
    await rm(join(site.folder, 'products', 'TS-101.json'));
    await site.app.reload();

    expect(await pageWords(site, refunded)).to.contain('TypeScript in a week');
    await takes(site, ...refunded.refunded());
    await takes(site, disputed.disputed());
    const left = site.lms.books.enrolments;
    expect(left.map(({ email }) => email)).to.deep.equal(['kim@example.org']);
    await site.restart();
    await takes(site, disputed.disputeClosed('lost'));
    expect(enrolments(site)).to.deep.equal([]);
  });

  it('of a signing secret loses no callback: old and new are taken side by side', async () => {
    const site = await openShop({ handover: { env: { NEW_SECRET: 'whsec_new_one' } } });
    const newSecret = { env: 'NEW_SECRET' };
    const edit = (secrets: readonly object[]) => (old: Record<string, unknown>) => {
      const { stripe, ...others } = old['gateways'] as { stripe: object };
      return { ...old, gateways: { ...others, stripe: { ...stripe, secrets } } };
    };
    const signedWithNew = (body: string): Promise<{ status: number }> =>
      site.receives({ body, headers: site.stripe.sign(body, { secret: 'whsec_new_one' }) });
    const next = () => sell(site, ['TS-101']).completed();

    expect((await signedWithNew(next().body)).status).to.equal(400);
    await change(site, 'handover.json', edit([newSecret, { env: 'STRIPE_WEBHOOK_SECRET' }]));
    await site.app.reload();
    expect((await signedWithNew(next().body)).status).to.equal(200);
    expect((await site.receives(next())).status).to.equal(200);
    await change(site, 'handover.json', edit([newSecret]));
    await site.app.reload();
    expect((await site.receives(next())).status).to.equal(400);
  });

  it('that takes a gateway away parks what it had sent, and nothing is lost when it is put back', async () => {
    const site = await openShop({ handover: { worker: false } });
    const sale = sell(site, ['TS-101']);
    const paid = sale.completed();
    expect((await site.receives(paid)).status).to.equal(200);
    const whole = await readFile(join(site.folder, 'handover.json'), 'utf8');
    await change(site, 'handover.json', (old) => ({ ...old, gateways: { sandbox: {} } }));
    await site.app.reload();
    expect((await site.receives(paid)).status).to.equal(404);
    site.app.runner.start();
    await site.finishesItsSteps();
    const [parked] = await site.app.store.parkedCallbacks(5);
    expect(parked?.problem.code).to.equal('GATEWAY_UNKNOWN');

    await writeFile(join(site.folder, 'handover.json'), whole);
    await site.app.reload();
    await site.app.store.retryCallback(parked!.id, 'a test');
    site.app.runner.wake();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['ada@example.org: 17']);
  });

  it('that takes a connector away parks its steps, and a retry finishes them when it is back', async () => {
    const stocked = {
      sku: 'POOL-1',
      title: 'From stock',
      price: '5.00 EUR',
      grants: { licence: { action: 'test-pro.issueKey', with: { source: 'stock' } } },
    };
    const site = await openShop({ files: { 'products/POOL-1.json': stocked } });
    const sale = site.stripe.sale({ lines: [{ sku: 'POOL-1', unitAmount: 500 }] });
    await takes(site, sale.completed());
    const whole = await readFile(join(site.folder, 'handover.json'), 'utf8');
    for (const sku of ['POOL-1', 'TP-7', 'KIT']) await rm(join(site.folder, 'products', `${sku}.json`));
    await change(site, 'handover.json', (old) => ({
      ...old,
      connectors: { 'axis-lms': (old['connectors'] as Record<string, object>)['axis-lms'] },
    }));
    await site.app.reload();
    const parked = await until('the step is parked', async () => (await site.app.store.parkedSteps(5))[0]);
    expect(parked.error?.code).to.equal('ACCOUNT_UNKNOWN');

    await writeFile(join(site.folder, 'handover.json'), whole);
    await site.app.reload();
    await importKeys(site.app.store, site.app.sealer(), 'stock', 'AAAA-1111');
    await site.app.store.retryStep(parked.key, 'a test');
    site.app.runner.wake();
    await settles(site);
    expect(await keysOf(site, sale)).to.deep.equal(['AAAA-1111']);
  });

  it('of the mail server counts for the next mail', async () => {
    const site = await openShop();
    const other = await startMailbox();
    try {
      await takes(site, sell(site, ['TS-101']).completed());
      await change(site, 'handover.json', (old) => ({
        ...old,
        mail: { from: { email: 'new@example.org' }, smtp: { host: '127.0.0.1', port: other.port } },
      }));
      await site.app.reload();
      await takes(site, sell(site, ['TS-102']).completed());
      expect(site.mailbox.messagesFor(buyer)).to.have.length(1);
      expect(other.messagesFor(buyer).map(({ from }) => from)).to.deep.equal(['new@example.org']);
    } finally {
      await other.close();
    }
  });

  it('of the public address gives new links, and old ones stay good', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completed());
    const old = await pageAddress(site, sale);
    await change(site, 'handover.json', (settings) => ({ ...settings, baseUrl: 'https://shop.example.com/shop' }));
    await site.app.reload();
    expect(await pageAddress(site, sale)).to.match(/^https:\/\/shop\.example\.com\/shop\/orders\//);
    expect((await site.get(old)).status).to.equal(200);
  });
});
