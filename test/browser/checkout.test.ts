import { expect } from 'chai';
import { chromium as launcher, type Browser, type Page } from 'playwright-core';
import { createOfflineDesk } from '../../src/wiring/offline-desk.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { describeInBrowser } from '../support/chromium.ts';
import { openShop } from '../flow/shop.ts';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
];

describeInBrowser('A buyer who pays by bank transfer, with a phone', (executablePath) => {
  let browser: Browser;
  let site: Site;
  let complaints: string[];

  before(async () => {
    browser = await launcher.launch({ executablePath, args });
  });
  after(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    const transfer = { iban: 'DE02 1203 0000 0000 2020 51', holder: 'Example School Ltd' };
    site = await openShop({ site: { gateways: { offline: { methods: { transfer, cash: {} } }, sandbox: {} } } });
  });
  afterEach(closeSites);

  async function visit(path: string, javaScriptEnabled = true): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${site.url}${path}`);
    return page;
  }

  const isTooWide = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');

  it('walks from the cart to the instructions, and sees the course open when staff have the money', async () => {
    const page = await visit('/cart?items=TS-101:2,TP-7:1');
    expect(await isTooWide(page)).to.equal(false);
    expect(await page.getByRole('row', { name: /Total/ }).innerText()).to.include('€117.00');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Name').fill('Ada Byron');
    await page.getByRole('button', { name: 'Bank transfer' }).click();

    await page.getByRole('heading', { level: 1, name: 'Thank you, your order is placed' }).waitFor();
    expect(page.url()).to.match(/\/shop\/orders\/[\w.-]+$/);
    expect(await isTooWide(page)).to.equal(false);
    expect(await page.getByText('DE02 1203 0000 0000 2020 51').isVisible()).to.equal(true);
    const reference = await page.getByText(/^RF\d{2} /).innerText();

    const [order] = await site.app.store.findOrders({ text: reference.replaceAll(' ', ''), limit: 1 });
    await createOfflineDesk(site.app).confirm(order?.id ?? '', {
      amount: { amount: 11700, currency: 'EUR' },
      reference: 'BANK-1',
      by: 'Bob',
      because: 'Seen on the account.',
      at: new Date(),
    });
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('can go back, choose again, and needs no script', async () => {
    const page = await visit('/cart?items=TS-101:1', false);
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByRole('button', { name: 'Cash to the courier' }).click();
    await page.getByRole('heading', { level: 1, name: 'Thank you, your order is placed' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Bank transfer' }).click();
    await page.getByText('DE02 1203 0000 0000 2020 51').waitFor();
    expect(await site.app.store.findOrders({ limit: 10 })).to.have.length(2);
  });

  it('is told on the page when the address is forgotten', async () => {
    const page = await visit('/cart?items=TS-101:1');
    await page.getByRole('button', { name: 'Bank transfer' }).click();
    expect(
      (await page.locator('input:invalid').count()) + (await page.getByText('Please give your e-mail address').count()),
    ).to.equal(1);
    expect(await site.app.store.findOrders({ limit: 10 })).to.deep.equal([]);
  });
});
