import { expect } from 'chai';
import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeNames, type ProductTexts, type SiteTexts } from '../../src/presentation/config-shapes.ts';
import type { OrderView } from '../../src/presentation/order-view.ts';
import { pageHeaders } from '../../src/responses/page-headers.ts';
import { toJson } from '../../src/responses/page-json.ts';
import { createPages, type Pages } from '../../src/responses/pages.ts';
import { sampleParts, sampleProducts, sampleSite, sampleView, type Sample } from './sample-order.ts';

const viewsFolder = new URL('../../views', import.meta.url).pathname;
const pages = createPages({ viewsFolder });

async function htmlOf(sample: Partial<Sample> = {}, site = sampleSite(), by: Pages = pages): Promise<string> {
  return showView(sampleView(sample, site), site, sample.products, by);
}

async function showView(
  view: OrderView,
  site: SiteTexts,
  products?: ReadonlyMap<string, ProductTexts>,
  by = pages,
): Promise<string> {
  const { status, html } = await by.showOrder(view, sampleParts(site, products));
  expect(status).to.equal(200);
  return html;
}

/** The words of a page, without markup. */
function words(html: string): string {
  return html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the response page', () => {
  it('has the buyer signed in by its first button', async () => {
    const html = await htmlOf({ mail: 'done' });
    const [first] = /<a class="button primary" href="([^"]+)">([^<]+)</.exec(html)?.slice(1) ?? [];
    expect(first).to.equal('https://shop.example.com/shop/open/1-1-course');
    expect(words(html)).to.contain('We have also sent this to ada@example.org.').and.contain('it works for 90 days');
  });

  it('shows each key in a field to copy from', async () => {
    const html = await htmlOf({ lines: [{ sku: 'KEY-7', quantity: 2 }] });
    expect([...html.matchAll(/<dd class="secret"><code data-copy>([^<]+)</g)].map(([, key]) => key)).to.deep.equal([
      'EDIT-11A7-QX4M-99TR-KLMN',
      'EDIT-12A7-QX4M-99TR-KLMN',
    ]);
  });

  it('names what is ready and what is late', async () => {
    const text = words(await htmlOf({ lines: [{ sku: 'TS-101' }, { sku: 'KEY-7', steps: ['ready'] }], mail: 'waiting' }));
    expect(text).to.match(/TypeScript from the start Ready Sign in/);
    expect(text).to.match(/Editor Pro, one year Being prepared/);
    expect(text).to.not.contain('is on its way to ada@example.org');
  });

  it('has a receipt: items, discount, refund and sum', async () => {
    const lines = [{ sku: 'TS-101' }, { sku: 'KEY-7', cents: 2000 }];
    const payments = [
      {
        reference: 'p',
        amount: { amount: 6900, currency: 'EUR' },
        at: '2026-05-03T10:00:00Z',
        refunded: 2000,
        dispute: 'none' as const,
      },
    ];
    const text = words(await htmlOf({ lines, order: { status: 'partlyRefunded', payments } }));
    expect(text).to.match(
      /TypeScript from the start €49\.00 .*Editor Pro, one year €20\.00 .*Paid €69\.00 .*Returned to you €20\.00/,
    );
  });

  for (const outcome of outcomeNames) {
    it(`is a complete document for the outcome "${outcome}", with order number and help, and needs no script`, async () => {
      const html = await showView({ ...sampleView(), outcome }, sampleSite());
      expect(html).to.match(/^<!doctype html>\n<html lang="en">/);
      expect(html).to.match(/<title>[^<]+ · Northern Academy<\/title>/);
      expect(html.match(/<h1[ >]/g)).to.have.length(1);
      expect(words(html)).to.match(/K3M9-2QXT-7BHD .*mention order K3M9-2QXT-7BHD/);
      expect(html).to.contain('href="mailto:help@example.com?subject=Order%20K3M9-2QXT-7BHD"');
      expect(html).to.contain('<a href="https://shop.example.com/">Back to Northern Academy</a>');
      expect(html).to.not.match(/ style=|<style| on\w+=|<script>|\{\{|undefined|null|NaN/);
    });
  }

  it('waits for the bank by a plain refresh, and listens where scripts run', async () => {
    const html = await htmlOf({ order: { status: 'pending', payments: [] } });
    expect(html).to.contain('<meta http-equiv="refresh" content="5">');
    expect(html).to.match(
      /src="\/shop\/assets\/waiting\.js" defer data-events="\/shop\/orders\/token-1\/events\?shown=[\w-]{16}"/,
    );
    expect(await htmlOf()).to.not.contain('refresh');
  });

  it('asks seldomer the older the order is', async () => {
    const refreshAt = async (now: string): Promise<string | undefined> => {
      const view = sampleView({ order: { status: 'pending', payments: [] } });
      const { html } = await pages.showOrder(view, { ...sampleParts(), now: new Date(now) });
      return /http-equiv="refresh" content="(\d+)"/.exec(html)?.[1];
    };
    expect(await refreshAt('2026-05-03T10:00:10Z')).to.equal('5');
    expect(await refreshAt('2026-05-03T10:20:00Z')).to.equal('30');
    expect(await refreshAt('2026-05-05T10:00:00Z')).to.equal('300');
  });

  it('marks test orders', async () => {
    expect(await htmlOf({ order: { mode: 'test' } })).to.contain('Test order');
    expect(await htmlOf()).to.not.contain('Test order');
  });

  it('offers the way back to the shop after a declined payment, and no reason that is for staff', async () => {
    const html = await htmlOf({ order: { status: 'declined', payments: [], reason: 'card reported stolen' } });
    expect(html).to.contain('<a class="button primary" href="https://shop.example.com/">Back to Northern Academy</a>');
    expect(html).to.not.contain('stolen');
  });

  it('escapes whatever buyer, shop and gateway wrote', async () => {
    const sly = `<script>alert("1")</script>'&`;
    const html = await htmlOf({
      order: { buyer: { name: sly, email: 'ada@example.org' } },
      products: sampleProducts({
        'TS-101': {
          title: sly,
          outcomes: {
            paid: { page: { heading: `${sly}{{buyer.name}}`, text: sly, button: { label: sly, link: '{{site.url}}' } } },
          },
        },
      }),
    });
    expect(html).to.not.contain('<script>alert');
    expect(html).to.contain('&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&#39;&amp;');
  });

  it('sends headers that let nothing foreign run, nobody frame it and no cache keep it', () => {
    expect(pageHeaders['content-security-policy']).to.contain("default-src 'none'").and.not.contain('unsafe');
    expect(pageHeaders).to.include({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('tells programs the same as people', () => {
    const json = JSON.parse(JSON.stringify(toJson(sampleView({ lines: [{ sku: 'KEY-7' }] }), sampleSite()))) as {
      outcome: string;
      items: { grants: { outputs: object }[] }[];
    };
    expect(json.outcome).to.equal('paid');
    expect(json.items[0]?.grants[0]?.outputs).to.deep.equal({ key: { kind: 'secret', values: ['EDIT-11A7-QX4M-99TR-KLMN'] } });
  });
});

describe('the owner’s words on the page', () => {
  const own: Partial<ProductTexts> = {
    outcomes: {
      paid: {
        page: {
          heading: 'You are in, {{buyer.firstName}}',
          text: 'Your user name: {{course.username}}',
          button: { label: 'Start', link: '{{course.loginUrl}}' },
        },
      },
    },
  };

  it('stand instead of ours for a purchase of one product, and what they name is not listed again', async () => {
    const html = await htmlOf({ products: sampleProducts({ 'TS-101': own }) });
    expect(words(html)).to.contain('You are in, Ada Your user name: ada Start What happens next');
    expect(html.match(/\/open\/1-1-course/g)).to.have.length(1);
  });

  it('come from the site where the product has none', async () => {
    const site = sampleSite({
      outcomes: {
        paid: { page: { heading: 'Welcome to {{site.name}}' } },
        declined: { page: { text: 'Try {{order.number}} again' } },
      },
    });
    expect(words(await htmlOf({}, site))).to.match(/Welcome to Northern Academy Your payment for order/);
    expect(words(await htmlOf({ order: { status: 'declined', payments: [] } }, site))).to.contain('Try K3M9-2QXT-7BHD again');
  });

  it('stand beside their item when several products were bought', async () => {
    const html = await htmlOf({ lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }], products: sampleProducts({ 'TS-101': own }) });
    expect(words(html)).to.match(
      /Thank you, everything is ready .*You are in, Ada Ready TypeScript from the start Your user name: ada/,
    );
  });

  it('go with the state of their own item: what is late is not called ready', async () => {
    const late = {
      lines: [{ sku: 'TS-101', steps: ['ready' as const] }, { sku: 'KEY-7' }],
      products: sampleProducts({ 'TS-101': own }),
    };
    expect(words(await htmlOf(late))).to.not.contain('You are in');
  });

  it('have a block of their own for products that want one', async () => {
    const together = await htmlOf({ lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }] });
    const apart = await htmlOf({
      lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }],
      products: sampleProducts({ 'KEY-7': { messages: 'perItem' } }),
    });
    expect(together.match(/<section class="items/g)).to.have.length(1);
    expect(apart.match(/<section class="items framed/g)).to.have.length(2);
    const site = sampleSite({ messages: 'perItem' });
    const allApart = {
      lines: [{ sku: 'TS-101' }, { sku: 'KEY-7' }, { sku: 'BUNDLE-1' }],
      products: sampleProducts({ 'TS-101': { messages: 'condensed' } }),
    };
    expect((await htmlOf(allApart, site)).match(/<section class="items framed/g)).to.have.length(3);
  });

  it('lose a button that leads nowhere yet', async () => {
    const outcomes = { partly: { page: { button: { label: 'Start', link: '{{course.loginUrl}}' } } } };
    const html = await htmlOf({
      lines: [{ sku: 'TS-101', steps: ['ready'] }],
      products: sampleProducts({ 'TS-101': { outcomes } }),
    });
    expect(html).to.not.contain('class="button');
  });

  it('may lead to a path on the site', async () => {
    const outcomes = { paid: { page: { button: { label: 'Start', link: '/learn?order={{order.number}}' } } } };
    expect(await htmlOf({ products: sampleProducts({ 'TS-101': { outcomes } }) })).to.contain(
      'href="https://shop.example.com/learn?order=K3M9-2QXT-7BHD"',
    );
  });
});

describe('pages without an order', () => {
  it('wait for the gateway after the buyer came back', async () => {
    const { status, html } = await pages.showReturn(sampleSite());
    expect(status).to.equal(200);
    expect(html).to.contain('http-equiv="refresh"').and.contain('Please do not pay a second time.');
  });

  it('say how to get a new link where a link does not work', async () => {
    const { status, html } = await pages.showUnknownLink(sampleSite());
    expect(status).to.equal(404);
    expect(html).to.contain('help@example.com');
  });

  it('say that the payment is safe when we break', async () => {
    const { status, html } = await pages.showError(sampleSite(), { number: 'K3M9-2QXT-7BHD', status: 503 });
    expect(status).to.equal(503);
    expect(html).to.contain('Your order and your payment are safe.').and.contain('K3M9-2QXT-7BHD');
  });

  it('name no help where the site has none', async () => {
    const { name, language, timeZone } = sampleSite().site;
    expect((await pages.showError(sampleSite({ site: { name, language, timeZone } }))).html).to.not.contain('Questions?');
  });

  it('serve the style sheet in the site’s colours, and nothing but our own files', () => {
    const site = sampleSite();
    const green = { ...site, brand: { ...site.brand, colors: { ...site.brand.colors, primary: '#0b6e4f' } } };
    const [one, other] = [pages.asset('handover.css', site), pages.asset('handover.css', green)];
    expect(other?.body).to.contain('--primary: #0b6e4f;');
    expect(one?.etag).to.not.equal(other?.etag);
    expect(pages.asset('waiting.js', site)?.type).to.contain('javascript');
    for (const name of ['../package.json', 'constructor', '', 'handover.css.bak'])
      expect(pages.asset(name, site)).to.equal(undefined);
  });
});

describe('the site’s own views', () => {
  let shopFolder = '';
  const warnings: object[] = [];
  const withOwn = (): Pages => createPages({ viewsFolder, shopFolder, log: { warn: (fields) => warnings.push(fields) } });

  beforeEach(() => {
    shopFolder = mkdtempSync(join(tmpdir(), 'handover-views-'));
    mkdirSync(join(shopFolder, 'pages'));
    warnings.length = 0;
  });
  afterEach(() => rmSync(shopFolder, { recursive: true }));

  it('stand instead of ours, with our partials at hand', async () => {
    writeFileSync(
      join(shopFolder, 'pages/order.ejs'),
      `<%- partial('head') %><h1>Ours: <%= order.buyer.name %></h1><%- partial('foot') %>`,
    );
    expect(await htmlOf({}, sampleSite(), withOwn()))
      .to.contain('<h1>Ours: Ada Lovelace</h1>')
      .and.contain('</html>');
  });

  it('are named by an outcome', async () => {
    writeFileSync(join(shopFolder, 'pages/party.ejs'), '<p>Party for <%= order.number %></p>');
    const products = sampleProducts({ 'TS-101': { outcomes: { paid: { page: { view: 'party' } } } } });
    expect(await htmlOf({ products }, sampleSite(), withOwn())).to.equal('<p>Party for K3M9-2QXT-7BHD</p>');
  });

  it('give way to ours when they fail, and the log says why', async () => {
    for (const broken of ['<% if ( %>', '<%= order.nothing.at.all %>', `<%- partial('missing') %>`]) {
      warnings.length = 0;
      writeFileSync(join(shopFolder, 'pages/order.ejs'), broken);
      expect(await htmlOf({}, sampleSite(), withOwn())).to.contain('Thank you, everything is ready');
      expect(warnings).to.have.length(1);
    }
    const products = sampleProducts({ 'TS-101': { outcomes: { paid: { page: { view: 'gone' } } } } });
    rmSync(join(shopFolder, 'pages/order.ejs'));
    expect(await htmlOf({ products }, sampleSite(), withOwn())).to.contain('Thank you, everything is ready');
    const outside = sampleProducts({ 'TS-101': { outcomes: { paid: { page: { view: '../../secret' } } } } });
    expect(await htmlOf({ products: outside }, sampleSite(), withOwn())).to.contain('Thank you, everything is ready');
  });

  it('are taken up when they change', async () => {
    const file = join(shopFolder, 'pages/order.ejs');
    const own = withOwn();
    writeFileSync(file, 'one');
    expect(await htmlOf({}, sampleSite(), own)).to.equal('one');
    writeFileSync(file, 'two');
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    expect(await htmlOf({}, sampleSite(), own)).to.equal('two');
  });
});
