import { expect } from 'chai';
import { chromium as launcher, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { closeSites, type Site } from '../support/open-site.ts';
import { describeInBrowser } from '../support/chromium.ts';
import { enrolments, openShop, pageAddress, sell, takes, type Sale } from '../flow/shop.ts';

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const sizes: Readonly<Record<string, BrowserContextOptions>> = {
  'a phone, without any script': { viewport: { width: 390, height: 844 }, javaScriptEnabled: false },
  'a desktop': { viewport: { width: 1280, height: 900 } },
};

describeInBrowser('A buyer who hands out seats', (executablePath) => {
  let browser: Browser;
  let site: Site;
  let sale: Sale;
  let complaints: string[];

  before(async () => {
    browser = await launcher.launch({ executablePath, args });
  });
  after(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    site = await openShop({
      files: { 'products/TS-101.json': (old: object) => ({ ...old, seats: 'assign' }) },
    });
    sale = sell(site, [['TS-101', 3]], { buyer: { email: 'ada@example.org', name: 'Ada Byron' } });
    await takes(site, sale.completed());
  });
  afterEach(closeSites);

  async function visit(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });
    await page.goto(address);
    return page;
  }

  const isTooWide = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');

  for (const [name, options] of Object.entries(sizes)) {
    it(`gives one away and takes it back on ${name}`, async () => {
      const page = await visit(await pageAddress(site, sale), options);
      expect(await isTooWide(page)).to.equal(false);
      const seat = page.locator('.seats > li').first();
      await seat.getByLabel('Name').fill('Bo Example');
      await seat.getByLabel('E-mail').fill('bo@example.org');
      await seat.getByRole('button', { name: 'Hand out seat 1' }).click();
      await page.getByText('Bo Example, bo@example.org').waitFor();
      await site.finishesItsSteps();
      expect(enrolments(site)).to.deep.equal(['bo@example.org: 17']);
      await page.reload();
      expect(await isTooWide(page)).to.equal(false);
      expect(await page.locator('.seats > li').first().innerText()).to.contain('Ready');
      await page.getByRole('button', { name: 'Take back seat 1' }).click();
      await page.getByText('Seat 1: not handed out').waitFor();
      await site.finishesItsSteps();
      expect(enrolments(site)).to.deep.equal([]);
      expect(complaints).to.deep.equal([]);
    });
  }

  it('passes a link on, and whoever opens it first takes the seat', async () => {
    const page = await visit(await pageAddress(site, sale), sizes['a desktop']);
    const link = await page.locator('.claim code').first().innerText();
    const other = await visit(link.trim(), { viewport: { width: 390, height: 844 } });
    expect(await isTooWide(other)).to.equal(false);
    await other.getByLabel('Name').fill('Cy Example');
    await other.getByLabel('E-mail').fill('cy@example.org');
    await other.getByRole('button', { name: 'It is for me' }).click();
    await other.getByRole('heading', { name: 'It is yours' }).waitFor();
    await site.finishesItsSteps();
    expect(enrolments(site)).to.deep.equal(['cy@example.org: 17']);
    await page.reload();
    await page.getByText('Cy Example, cy@example.org').waitFor();
    expect(complaints).to.deep.equal([]);
  });
});
