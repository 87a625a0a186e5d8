import { expect } from 'chai';
import { chromium as launcher, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { closeSites, openSite, type Site } from '../support/open-site.ts';
import { describeInBrowser } from '../support/chromium.ts';

/** Without these, Chromium asks the network for things of its own. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 } };

describeInBrowser('A buyer with a phone', (executablePath) => {
  let browser: Browser;
  let site: Site;
  /** What the browser complained of: errors of scripts, and whatever the Content-Security-Policy refused. */
  let complaints: string[];

  before(async () => {
    browser = await launcher.launch({ executablePath, args });
  });
  after(() => browser.close());
  beforeEach(async () => {
    complaints = [];
    site = await openSite('examples/minimal');
    site.lms.addCourse({ id: '17', name: 'TypeScript' });
  });
  afterEach(closeSites);

  async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ ...phone, ...options });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${site.url}${path}`);
    return page;
  }

  async function pay(page: Page, act: string): Promise<void> {
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Name').fill('Ada Byron');
    await page.getByRole('button', { name: act, exact: false }).first().click();
  }

  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();
  const isTooWide = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');

  it('pays, is in, and signs in to the course from the page itself', async () => {
    const page = await visit('/sandbox/pay?items=TS-101:1');
    expect(await isTooWide(page)).to.equal(false);
    await pay(page, 'Approve');
    await page.getByRole('link', { name: 'Sign in' }).waitFor();

    expect(page.url()).to.match(/\/shop\/orders\/[\w.-]+$/);
    expect(await isTooWide(page)).to.equal(false);
    expect(site.lms.books.enrolments.map(({ email }) => email)).to.deep.equal(['ada@example.org']);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText('Signed in as').waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('sees "waiting for your bank" become the result by itself', async () => {
    const page = await visit('/sandbox/pay?items=TS-101:1');
    await pay(page, 'Approve later');
    await page.getByRole('heading', { level: 1, name: /waiting/i }).waitFor();
    await page.evaluate('window.stillTheSamePage = true');
    const [order] = await site.app.store.findOrders({ limit: 1 });
    await approveAsTheBankWould(site, order!.purchase);

    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('window.stillTheSamePage')).to.equal(undefined);
    expect(complaints).to.deep.equal([]);
  });

  it('gets the same without any script', async () => {
    const page = await visit('/sandbox/pay?items=TS-101:1', { javaScriptEnabled: false });
    await pay(page, 'Approve');
    await page.getByRole('link', { name: 'Sign in' }).waitFor({ timeout: 15_000 });
    expect(await headingOf(page)).to.not.match(/waiting/i);
  });

  it('is told kindly when the payment is declined', async () => {
    const page = await visit('/sandbox/pay?items=TS-101:1');
    await pay(page, 'Decline');
    await page.getByRole('heading', { level: 1, name: /not/i }).waitFor();
    expect(site.lms.books.enrolments).to.deep.equal([]);
    expect(complaints).to.deep.equal([]);
  });
});

/** Approves a waiting sandbox payment as its bank would, by a signed callback. */
async function approveAsTheBankWould(site: Site, purchase: string): Promise<void> {
  const { createSandbox } = await import('../../src/gateways/index.ts');
  const options = site.app.gateway('sandbox')?.context.options as { secret: string };
  const record = await site.app.store.findPurchase('sandbox', purchase);
  const order = record!.order;
  const sandbox = createSandbox({
    products: () => new Map(),
    secret: options.secret,
    callbackUrl: () => `${site.url}/callbacks/sandbox`,
    http: site.app.http,
  });
  const sale = { payment: purchase, lines: order.events[0]!.lines ?? [], total: order.total!, buyer: order.buyer };
  await sandbox.act(sale, 'approve');
}
