import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { planReleaseMails } from '../../src/fulfilment/release-mails.ts';
import { runCli } from '../cli/command-line.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { newestMail, openShop, sell, takes, type Sale } from './shop.ts';

describe('A new version of a file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handover-files-'));
    for (const name of ['first.txt', 'second.txt']) await writeFile(join(folder, name), name);
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(closeSites);

  const first = { version: '1.0', path: 'first.txt', released: '2026-01-01' };
  const second = { version: '1.1', path: 'second.txt', released: '2026-02-01', notes: 'Chapter 4 is new.' };
  const account = { account: 'downloads', file: 'notes', others: new Map([['1.0', new Date('2026-01-01')]]) };
  const release = { ...account, version: '1.1', releasedAt: new Date('2026-02-01'), notes: 'Chapter 4 is new.' };

  function open(updates: unknown = 'all'): Promise<Site> {
    const grants = { notes: { action: 'downloads.file', with: { file: 'notes', version: '1.0', updates } } };
    return openShop({
      files: { 'products/TS-102.json': (old: object) => ({ ...old, grants }) },
      connectors: { downloads: { folder, catalogue: { notes: { versions: [first, second] } } } },
    });
  }

  async function buys(site: Site, email: string): Promise<Sale> {
    const sale = sell(site, ['TS-102'], { buyer: { email, name: 'Ada Byron' } });
    await takes(site, sale.completed());
    return sale;
  }

  async function tell(site: Site): Promise<string[]> {
    const found = await planReleaseMails(site.app.store, release);
    await site.app.store.addSteps(found.map(({ step }) => step));
    site.app.runner.wake();
    await site.finishesItsSteps();
    return found.map(({ email }) => email).sort();
  }

  it('is told once to each buyer who is entitled, with a link that gives it', async () => {
    const site = await open();
    await buys(site, 'ada@example.org');
    await buys(site, 'ADA@example.org');
    await buys(site, 'grace@example.org');
    const before = site.mailbox.messages.length;
    expect((await tell(site)).map((email) => email.toLowerCase())).to.deep.equal(['ada@example.org', 'grace@example.org']);
    await tell(site);
    expect(site.mailbox.messages.length).to.equal(before + 2);
    const { subject, text } = newestMail(site);
    expect(subject).to.equal('Types in depth: version 1.1 is out');
    expect(text).to.contain('Chapter 4 is new.');
    const link = /http:\S+\/open\/\S+/.exec(text)![0];
    expect(await (await site.get((await site.get(link)).headers.get('location')!)).text()).to.equal('second.txt');
  });

  it('is not told after a refund, during a dispute, or to who bought no updates', async () => {
    const site = await open();
    const [refunded, disputed] = [await buys(site, 'ada@example.org'), await buys(site, 'grace@example.org')];
    await takes(site, ...refunded.refunded());
    await takes(site, disputed.disputed());
    expect(await tell(site)).to.deep.equal([]);
    const other = await open('none');
    await buys(other, 'ada@example.org');
    expect(await tell(other)).to.deep.equal([]);
  });

  it('is not told when the money went back between planning and sending', async () => {
    const site = await open();
    const sale = await buys(site, 'ada@example.org');
    const found = await planReleaseMails(site.app.store, release);
    await takes(site, ...sale.refunded());
    const before = site.mailbox.messages.length;
    await site.app.store.addSteps(found.map(({ step }) => step));
    site.app.runner.wake();
    await site.finishesItsSteps();
    expect(site.mailbox.messages.length).to.equal(before);
  });

  it('is told by one command, which lists first who would be', async () => {
    const site = await open();
    await buys(site, 'ada@example.org');
    const env = { HANDOVER_SHOP: site.folder, HANDOVER_BASE_URL: site.url, ...(await envOf(site)) };
    const trial = await runCli(['release-notes', 'notes', '1.1', '--dry-run'], { env });
    expect(trial.err).to.equal('');
    expect(trial.out).to.contain('1 buyer would be told').and.to.contain('ada@example.org');
    const before = site.mailbox.messages.length;
    await site.finishesItsSteps();
    expect(site.mailbox.messages.length).to.equal(before);
    const { out } = await runCli(['release-notes', 'notes', '1.1'], { env });
    expect(out).to.contain('1 buyer told');
    await site.finishesItsSteps();
    expect(newestMail(site).subject).to.equal('Types in depth: version 1.1 is out');
    expect((await runCli(['release-notes', 'notes', '1.2'], { env })).err).to.match(/^RELEASE_UNKNOWN .*1\.1/);
    expect((await runCli(['release-notes', 'note', '1.1'], { env })).err).to.match(/^RELEASE_UNKNOWN .*notes/);
  });

  async function envOf(site: Site): Promise<Record<string, string>> {
    return {
      STRIPE_WEBHOOK_SECRET: site.stripe.webhookSecret,
      STRIPE_API_KEY: site.stripe.apiKey,
      STRIPE_API_BASE: site.stripe.url,
      AXIS_LMS_URL: site.lms.url,
      AXIS_LMS_API_KEY: site.lms.apiKey,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(site.mailbox.port),
      TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
    };
  }
});
