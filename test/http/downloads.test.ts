import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startS3, type S3Double } from '../../src/testing/s3/index.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { decided } from '../../src/wiring/own-events.ts';
import { openShop, newestMail, pageJson, recordOf, sell, takes, type Sale } from '../flow/shop.ts';

const content = randomBytes(300_000);
const day = 86_400_000;

describe('A download', () => {
  let folder: string;
  let time = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handover-files-'));
    await mkdir(join(folder, 'notes'));
    await writeFile(join(folder, 'notes/Übung "1".bin'), content);
    await writeFile(join(folder, 'notes/second.bin'), 'The second edition.');
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => (time = Date.parse('2026-03-10T12:00:00Z')));
  afterEach(closeSites);

  const first = { version: '1.0', path: 'notes/Übung "1".bin', released: '2026-01-01' };
  const second = { version: '1.1', path: 'notes/second.bin', released: '2026-04-01', notes: 'Everything is new.' };

  async function open({ input = {}, versions = [first], account = {}, site = {} } = {}): Promise<Site> {
    const downloads = { folder, catalogue: { notes: { versions } }, ...account };
    const grants = { notes: { action: 'downloads.file', with: { file: 'notes', limit: 3, ...input } } };
    return openShop({
      files: { 'products/TS-102.json': (old: object) => ({ ...old, grants }) },
      connectors: { downloads },
      handover: { now: () => new Date(time) },
      stripe: { now: () => new Date(time) },
      site,
    });
  }

  async function sold(site: Site): Promise<{ sale: Sale; readonly click: () => Promise<string> }> {
    const sale = sell(site, ['TS-102']);
    await takes(site, sale.completed());
    const { items } = await pageJson(site, sale);
    const link = items[0]!.grants[0]!.outputs['link']!.values[0]!;
    return { sale, click: async () => (await site.get(link)).headers.get('location') ?? '' };
  }

  it('is the file as it is, under its name, with its sum', async () => {
    const site = await open();
    const { sale, click } = await sold(site);
    const address = await click();
    expect(address).to.match(new RegExp(`^${site.url}/files/`));
    const answer = await site.get(address);
    expect(answer.status).to.equal(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).to.equal(true);
    expect(answer.headers.get('content-disposition')).to.match(
      /^attachment; filename=".*"; filename\*=UTF-8''%C3%9Cbung%20%221%22.bin$/,
    );
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
    const sum = createHash('sha256').update(content);
    const { outputs } = (await pageJson(site, sale)).items[0]!.grants[0]!;
    expect([outputs['version']!.values[0], outputs['size']!.values[0], outputs['sha256']!.values[0]]).to.deep.equal([
      '1.0',
      '300 KB',
      sum.copy().digest('hex'),
    ]);
    expect(answer.headers.get('repr-digest')).to.equal(`sha-256=:${sum.digest('base64')}:`);
  });

  it('is counted, and after the limit a page says so', async () => {
    const site = await open();
    const { click } = await sold(site);
    for (let time = 0; time < 3; time += 1)
      expect((await (await site.get(await click())).arrayBuffer()).byteLength).to.equal(300_000);
    const refused = await site.get(await click(), { accept: 'text/html' });
    expect([refused.status, await refused.text()].join(' ')).to.match(/^403 .*as often as possible/s);
  });

  it('can be resumed, and that counts once; looking does not count at all', async () => {
    const site = await open({ input: { limit: 1 } });
    const { click } = await sold(site);
    const address = await click();
    for (let time = 0; time < 3; time += 1) {
      const head = await fetch(address, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length'), head.headers.get('accept-ranges')]).to.deep.equal([
        200,
        '300000',
        'bytes',
      ]);
    }
    const begun = await site.get(address, { range: 'bytes=0-99999' });
    const etag = begun.headers.get('etag')!;
    const parts = [Buffer.from(await begun.arrayBuffer())];
    for (const range of ['bytes=100000-199999', 'bytes=200000-']) {
      const part = await site.get(address, { range, 'if-range': etag });
      expect(part.status).to.equal(206);
      parts.push(Buffer.from(await part.arrayBuffer()));
    }
    expect(Buffer.concat(parts).equals(content)).to.equal(true);
    expect((await site.get(address, { range: 'bytes=900000-' })).status).to.equal(416);
    expect((await site.get(address, { 'if-none-match': etag })).status).to.equal(304);
    expect((await site.get(address)).status).to.equal(403);
  });

  it('is sent whole when a part of another edition is asked for', async () => {
    const site = await open();
    const address = await (await sold(site)).click();
    const answer = await site.get(address, { range: 'bytes=100-', 'if-range': '"another"' });
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).to.deep.equal([200, 300_000]);
  });

  it('does not use up the limit where the connection breaks', async () => {
    const big = join(folder, 'notes/big.bin');
    await writeFile(big, Buffer.alloc(60_000_000));
    const site = await open({ input: { limit: 1 }, versions: [{ ...first, path: 'notes/big.bin' }] });
    const address = await (await sold(site)).click();
    for (const from of [0, 1000, 2000, 3000]) {
      const cut = new AbortController();
      const answer = await fetch(address, { headers: { range: `bytes=${from}-` }, signal: cut.signal });
      expect(answer.status, `from ${from}`).to.equal(206);
      await answer.body!.getReader().read();
      cut.abort();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await rm(big);
  });

  it('ends with the payment, and is open again when a dispute is won', async () => {
    const site = await open();
    const { sale, click } = await sold(site);
    const address = await click();
    await takes(site, sale.disputed());
    const refused = await site.get(address, { accept: 'text/html' });
    expect([refused.status, await refused.text()].join(' ')).to.match(/^403 .*not available at the moment/s);
    expect(await site.app.store.fileGrants('downloads', 'notes', 5)).to.deep.equal([]);
    await takes(site, sale.disputeClosed('won'));
    expect((await site.get(address)).status).to.equal(200);
    await takes(site, ...sale.refunded());
    expect((await site.get(address)).status).to.equal(403);
    expect((await fetch(address, { method: 'POST', redirect: 'manual' })).status).to.equal(403);
  });

  it('ends for whoever had it when it goes to another person', async () => {
    const site = await open();
    const { sale, click } = await sold(site);
    const before = await click();
    const { order } = await recordOf(site, sale);
    const staff = { by: 'bo', because: 'Left the company.', lines: [1], person: { email: 'bo@example.org' } };
    await site.app.reconsider(order.id, [decided(order, 'learner.assigned', staff, site.app.now())]);
    await site.finishesItsSteps();
    expect((await site.get(before)).status).to.equal(404);
  });

  it('has an address that expires; a new one comes by mail to the buyer, once a day', async () => {
    const site = await open({ input: { days: 2 } });
    const { click } = await sold(site);
    const old = await click();
    time += 3 * day;
    const page = await site.get(old, { accept: 'text/html' });
    expect([page.status, await page.text()].join(' ')).to.match(/^410 .*has expired.*Ask for a new link/s);
    const mails = site.mailbox.messages.length;
    for (const attempt of ['first', 'second']) {
      const answer = await fetch(old, { method: 'POST', headers: { accept: 'text/html' }, redirect: 'manual' });
      expect([attempt, answer.status, await answer.text()].join(' ')).to.match(/200 .*new link is on its way/s);
      await site.finishesItsSteps();
    }
    expect(site.mailbox.messages.length).to.equal(mails + 1);
    const link = /http:\S+\/open\/\S+/.exec(newestMail(site).text)?.[0];
    const fresh = (await site.get(link!)).headers.get('location')!;
    expect((await site.get(fresh)).status).to.equal(200);
  });

  it('makes the new address at once where no mail can be sent', async () => {
    const site = await open({ input: { days: 2 }, site: { mail: undefined } });
    const { click } = await sold(site);
    const old = await click();
    time += 3 * day;
    const answer = await fetch(old, { method: 'POST', redirect: 'manual' });
    expect((await site.get(answer.headers.get('location')!)).status).to.equal(200);
  });

  for (const [updates, wanted] of [
    ['all', 'The second edition.'],
    ['none', undefined],
    [{ days: 30 }, 'The second edition.'],
    [{ days: 5 }, undefined],
  ] as const) {
    it(`gives the newest edition at the click where updates are ${JSON.stringify(updates)}`, async () => {
      const site = await open({ input: { updates }, versions: [first, second] });
      const { click } = await sold(site);
      expect(Buffer.from(await (await site.get(await click())).arrayBuffer()).equals(content)).to.equal(true);
      time = Date.parse('2026-04-02T00:00:00Z');
      const later = Buffer.from(await (await site.get(await click())).arrayBuffer());
      expect(later.equals(wanted === undefined ? content : Buffer.from(wanted))).to.equal(true);
    });
  }

  it('never leaves the folder, not by dots and not by a symbolic link', async () => {
    await symlink('/etc/hosts', join(folder, 'notes/link')).catch(() => undefined);
    for (const path of ['../../../../etc/hosts', '/etc/hosts', 'notes/link', 'notes']) {
      const site = await open({ versions: [{ ...first, path }] });
      const sale = sell(site, ['TS-102']);
      await takes(site, sale.completed());
      const parked = await site.app.store.parkedSteps(5);
      expect(
        parked.map(({ error }) => error?.code),
        path,
      ).to.deep.equal([path === 'notes' ? 'DOWNLOAD_MISSING' : 'DOWNLOAD_OUTSIDE']);
      await site.close();
    }
  });

  it('serves its own purpose only, and knows no altered address', async () => {
    const site = await open();
    const { sale, click } = await sold(site);
    const address = await click();
    const token = address.slice(address.lastIndexOf('/') + 1);
    const { url } = await pageJson(site, sale);
    const pageToken = url.slice(url.lastIndexOf('/') + 1);
    for (const bad of [`/files/${pageToken}`, `/files/${token}x`, `/orders/${token}`, `/open/${token}`, '/files/x']) {
      expect((await site.get(bad)).status, bad).to.equal(404);
    }
  });

  it("is looked at again at each click: a file that was taken away is nobody's error page", async () => {
    const site = await open({ versions: [{ ...first, path: 'notes/gone.bin' }] });
    await writeFile(join(folder, 'notes/gone.bin'), 'Here for now.');
    const { click } = await sold(site);
    const address = await click();
    await rm(join(folder, 'notes/gone.bin'));
    const answer = await site.get(address, { accept: 'text/html' });
    expect(answer.status).to.equal(503);
    expect(await answer.text()).not.to.contain('gone.bin');
    expect(site.log.some(({ fields }) => (fields as { code?: string }).code === 'DOWNLOAD_MISSING')).to.equal(true);
  });

  describe('from a bucket', () => {
    let s3: S3Double;
    before(async () => {
      s3 = await startS3({ now: () => new Date(time) });
      s3.put('notes/first.txt', 'The first edition.');
    });
    after(() => s3.close());

    it('leads to an address that the bucket accepts, for some minutes, counted', async () => {
      const { endpoint, region, bucket } = s3;
      const env = { S3_ID: s3.accessKeyId, S3_SECRET: s3.secretAccessKey };
      const downloads = {
        s3: { endpoint, region, bucket, pathStyle: true, accessKeyId: { env: 'S3_ID' }, secretAccessKey: { env: 'S3_SECRET' } },
        catalogue: { notes: { versions: [{ ...first, path: 'notes/first.txt' }] } },
      };
      const grants = { notes: { action: 'downloads.file', with: { file: 'notes', limit: 1 } } };
      const site = await openShop({
        files: { 'products/TS-102.json': (old: object) => ({ ...old, grants }) },
        connectors: { downloads },
        handover: { now: () => new Date(time), env },
        stripe: { now: () => new Date(time) },
      });
      const { click } = await sold(site);
      const address = await click();
      expect((await fetch(address, { method: 'HEAD', redirect: 'manual' })).status).to.equal(200);
      const answer = await site.get(address);
      expect(answer.status).to.equal(303);
      const target = answer.headers.get('location')!;
      const file = await fetch(target, { headers: { range: 'bytes=4-' } });
      expect([file.status, await file.text()]).to.deep.equal([206, 'first edition.']);
      expect(file.headers.get('content-disposition')).to.contain('filename="first.txt"');
      expect((await fetch(target.replace('first', 'other'))).status).to.equal(403);
      expect((await site.get(address)).status).to.equal(403);
      time += 3_600_000;
      expect((await fetch(target)).status).to.equal(403);
      expect(JSON.stringify(site.log)).not.to.contain(s3.secretAccessKey);
    });
  });
});
