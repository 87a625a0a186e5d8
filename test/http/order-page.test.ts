import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import {
  keysOf,
  openShop,
  pageAddress,
  pageJson,
  recordOf,
  returnAddress,
  sell,
  takes,
  wordsOf,
  type Sale,
} from '../flow/shop.ts';
import { until } from '../flow/until.ts';

async function sold(site: Site, ...skus: Parameters<typeof sell>[1]): Promise<Sale> {
  const sale = sell(site, skus);
  await takes(site, sale.completed());
  return sale;
}

const quiet = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
};

function expectQuiet(answer: Response): void {
  for (const [name, value] of Object.entries(quiet)) expect(answer.headers.get(name), name).to.equal(value);
  const policy = answer.headers.get('content-security-policy');
  expect(policy).to.contain("default-src 'none'").and.contain("frame-ancestors 'none'").and.contain("base-uri 'none'");
  expect(policy).not.to.contain('unsafe');
}

describe('The signed order page', () => {
  afterEach(closeSites);

  it('is a page for browsers and JSON for programs, and tells caches that they differ', async () => {
    const site = await openShop();
    const address = await pageAddress(site, await sold(site, 'TS-101'));
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const [accept, type] of [
      [browser, 'text/html; charset=utf-8'],
      ['*/*', 'text/html; charset=utf-8'],
      ['application/json', 'application/json; charset=utf-8'],
      ['application/json, text/html;q=0.5', 'application/json; charset=utf-8'],
      ['image/png', 'text/html; charset=utf-8'],
    ] as const) {
      const answer = await site.get(address, { accept });
      expect([answer.status, answer.headers.get('content-type')], accept).to.deep.equal([200, type]);
      expect(answer.headers.get('vary')).to.match(/accept/i);
      expectQuiet(answer);
      await answer.arrayBuffer();
    }
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it('shows the keys, which stand neither in the log nor in the history nor readable in the database', async () => {
    const site = await openShop();
    const sale = await sold(site, ['TP-7', 2], 'KIT');
    const keys = await keysOf(site, sale);
    expect(keys).to.have.length(3);
    const html = await (await site.get(await pageAddress(site, sale))).text();
    const record = await recordOf(site, sale);
    const history = await site.app.store.history(record.order.id);
    for (const key of keys) {
      expect(html).to.contain(key);
      expect(JSON.stringify(site.log)).not.to.contain(key);
      expect(JSON.stringify(history)).not.to.contain(key);
      expect(JSON.stringify(record)).not.to.contain(key);
    }
  });

  it('loads only what we send: style sheet and scripts from below the mount, nothing inline', async () => {
    const site = await openShop();
    const html = await (await site.get(await pageAddress(site, await sold(site, 'TP-7')))).text();
    expect(html)
      .not.to.match(/<script(?![^>]*\ssrc=)/)
      .and.not.match(/<style/)
      .and.not.match(/\sstyle="/)
      .and.not.match(/\son[a-z]+="/);
    const assets = [...html.matchAll(/(?:src|href)="([^"]*\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    expect(assets.length).to.be.greaterThan(0);
    for (const path of assets) {
      const answer = await site.get(new URL(path, site.url).href);
      expect([answer.status, answer.headers.get('x-content-type-options')], path).to.deep.equal([200, 'nosniff']);
      const again = await site.get(new URL(path, site.url).href, { 'if-none-match': answer.headers.get('etag')! });
      expect([again.status, await again.text()]).to.deep.equal([304, '']);
    }
    for (const path of ['/assets/handover.js', '/assets/..%2f..%2fpackage.json', '/assets/__proto__', '/assets/constructor']) {
      expect((await site.get(path)).status, path).to.equal(404);
    }
  });

  it('is not found with an unknown, altered, foreign or cut-off link, and says nothing more', async () => {
    const site = await openShop();
    const other = await openShop();
    const address = await pageAddress(site, await sold(site, 'TS-101'));
    const token = address.slice(address.lastIndexOf('/') + 1);
    const [head, body, signature] = token.split('.') as [string, string, string];
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const swapped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const openLink = (await pageJsonOf(site, address)).items[0]!.grants[0]!.outputs['loginUrl']!.values[0]!;
    const tokens = [
      'x',
      '%00',
      '%E0%A4%A',
      token.slice(0, -1),
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}.${body}.${swapped}`,
      `${head}.${encode({ ...claims, sub: 'AAAA-BBBB-CCCC' })}.${signature}`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${body}.${signature}`,
      `${encode({ alg: 'RS256', typ: 'JWT' })}.${body}.${signature}`,
      openLink.slice(openLink.lastIndexOf('/') + 1),
      'A'.repeat(5000),
    ];
    const seen = new Set<string>();
    for (const each of tokens) {
      const answer = await site.get(`/orders/${each}`, { accept: 'text/html' });
      expect(answer.status, each.slice(0, 80)).to.equal(404);
      expectQuiet(answer);
      seen.add(await answer.text());
      const json = await site.get(`/orders/${each}`, { accept: 'application/json' });
      expect(await json.json()).to.deep.equal({ error: 'LINK_UNKNOWN', message: 'This link does not work, or not any more.' });
    }
    expect(seen.size, 'all refusals look the same').to.equal(1);
    expect([...seen][0]).not.to.match(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/);
    expect((await other.get(`/orders/${token}`)).status, 'a link of another site').to.equal(404);
    expect((await site.get(`/open/${token}`)).status, 'a page link is no sign-in link').to.equal(404);
    expect((await site.get(`/orders/${token.slice(1)}/events`)).status).to.equal(404);
  });

  it('ends with its time, and a newer link still works', async () => {
    let ahead = 0;
    const site = await openShop({ site: { links: { pageDays: 1 } }, handover: { now: () => new Date(Date.now() + ahead) } });
    const sale = await sold(site, 'TS-101');
    const old = await pageAddress(site, sale);
    const { order } = await recordOf(site, sale);
    ahead = 86_400_000 - 5000;
    expect((await site.get(old)).status).to.equal(200);
    ahead = 86_400_000 + 1000;
    const late = await site.get(old);
    expect([late.status, wordsOf(await late.text())].join(' ')).to.match(/^404 .*This link does not work any more/);
    expect((await site.get(site.app.edition().links.page(order.id))).status).to.equal(200);
  });

  it('lets nobody frame, post to or cache it, and answers other methods as the host does', async () => {
    const site = await openShop();
    const address = await pageAddress(site, await sold(site, 'TS-101'));
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect((await fetch(address, { method })).status).to.equal(404);
  });

  it('tells waiting browsers of a change at once', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completedUnpaid());
    const address = await pageAddress(site, sale);
    const html = await (await site.get(address)).text();
    expect(html).to.contain(`${new URL(address).pathname}/events`);

    const stop = new AbortController();
    const answer = await fetch(`${address}/events`, { signal: stop.signal, headers: { accept: 'text/event-stream' } });
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'text/event-stream']);
    expectQuiet(answer);
    let heard = '';
    const listening = (async () => {
      for await (const chunk of answer.body!) heard += Buffer.from(chunk).toString('utf8');
    })();
    await until('the stream has begun', () => heard.includes('retry:'));
    expect(heard).not.to.contain('event: change');
    await takes(site, sale.asyncSucceeded());
    await listening;
    expect(heard).to.contain('event: change\ndata: {}\n\n');
    expect((await pageJson(site, sale)).outcome).to.equal('paid');
  });

  it('tells a browser that comes too late to listen that the page it holds is old', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completedUnpaid());
    const address = await pageAddress(site, sale);
    const html = await (await site.get(address)).text();
    const events = /data-events="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
    await takes(site, sale.asyncSucceeded());
    const answer = await fetch(new URL(events!, site.url), {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.timeout(5000),
    });
    expect(await answer.text()).to.contain('event: change');
  });

  it('turns away more listeners than it can serve, and they can still read the page', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    await takes(site, sale.completedUnpaid());
    const address = await pageAddress(site, sale);
    const stop = new AbortController();
    const answers = await Promise.all(Array.from({ length: 203 }, () => fetch(`${address}/events`, { signal: stop.signal })));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused).to.have.length(3);
    expect(refused[0]!.headers.get('retry-after')).to.equal('10');
    expect((await site.get(address)).status).to.equal(200);
    stop.abort();
    await until('a place is free again', async () => {
      const next = new AbortController();
      const { status } = await fetch(`${address}/events`, { signal: next.signal });
      next.abort();
      return status === 200;
    });
  });
});

async function pageJsonOf(site: Site, address: string): Promise<Awaited<ReturnType<typeof pageJson>>> {
  return (await (await site.get(address, { accept: 'application/json' })).json()) as Awaited<ReturnType<typeof pageJson>>;
}

describe('The return address', () => {
  afterEach(closeSites);

  it('says that the bank is awaited while nothing has arrived, and grants nothing', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    sale.completed();
    const visit = (accept: string): Promise<Response> => site.get(returnAddress(sale), { accept });
    const [json, ...pages] = await Promise.all([visit('application/json'), visit('text/html'), visit('text/html'), visit('*/*')]);
    for (const page of pages) {
      expect([page.status, wordsOf(await page.text())].join(' ')).to.match(/^200 .*We are waiting for your bank/);
      expectQuiet(page);
    }
    expect(await json.json()).to.deep.equal({ outcome: 'pending', known: false });
    await site.finishesItsSteps();
    expect(site.lms.books.enrolments).to.deep.equal([]);
    expect(await site.app.store.findPurchase('stripe', sale.session.id)).to.equal(undefined);
  });

  it('leads to the signed page in the first hour only', async () => {
    let ahead = 0;
    const site = await openShop({ handover: { now: () => new Date(Date.now() + ahead) } });
    const sale = await sold(site, 'TP-7');
    const [key] = await keysOf(site, sale);
    ahead = 59 * 60_000;
    expect((await site.get(returnAddress(sale))).status).to.equal(303);
    ahead = 61 * 60_000;
    const late = await site.get(returnAddress(sale), { accept: 'text/html' });
    const text = await late.text();
    expect([late.status, wordsOf(text)].join(' ')).to.match(/^200 .*Your order has its own link/);
    expect(text).not.to.contain(key).and.not.contain('/orders/').and.not.contain('ada@example.org');
    const json = await site.get(returnAddress(sale), { accept: 'application/json' });
    expect(await json.json()).to.deep.equal({ outcome: 'paid', known: true });
  });

  it('is not found without an order in it, and takes nothing else from its query', async () => {
    const site = await openShop();
    const sale = await sold(site, 'TS-101');
    const { id } = sale.session;
    for (const query of [
      '',
      '?session_id=',
      '?session_id=x',
      `?session_id=${id}%00`,
      `?session_id[]=${id}`,
      `?session_id[a]=${id}`,
      `?session_id=${id}&session_id=${id}`,
      `?session_id=${'a'.repeat(600)}`,
      '?__proto__=1',
    ]) {
      expect((await site.get(`/return/stripe${query}`)).status, query).to.equal(404);
    }
    for (const gateway of ['nobody', '__proto__', 'constructor', 'toString']) {
      expect((await site.get(`/return/${gateway}?session_id=${id}`)).status, gateway).to.equal(404);
    }
    expect((await site.get(`${returnAddress(sale)}&outcome=paid&next=https://evil.example`)).headers.get('location')).to.match(
      new RegExp(`^${site.url}/orders/`),
    );
  });

  it('finds the order without asking Stripe, where the address names it', async () => {
    const site = await openShop();
    const sale = await sold(site, 'TS-101');
    await site.stripe.goDown();
    expect((await site.get(returnAddress(sale))).status).to.equal(303);
  });

  it('finds the order of a subscription, which only Stripe can tell from the session', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101'], { mode: 'subscription' });
    await takes(site, sale.completed());
    expect((await site.get(returnAddress(sale))).status).to.equal(303);
  });

  it('leads a buyer who is faster than the callback to the order all the same', async () => {
    const site = await openShop();
    const sale = sell(site, ['TS-101']);
    const paid = sale.completed();
    const visit = site.get(returnAddress(sale));
    await until('the visit has begun', () => site.stripe.requests.length > 0);
    await takes(site, paid);
    expect((await visit).status).to.equal(303);
  });

  it('lets invented addresses use up neither our calls at Stripe nor its patience', async () => {
    const site = await openShop();
    site.stripe.faults.always(fault.delay(300));
    const visits = await Promise.all(
      Array.from({ length: 60 }, (_, index) => site.get(`/return/stripe?session_id=cs_test_invented${index}`)),
    );
    expect(new Set(visits.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(site.stripe.requests.length).to.be.within(1, 8);
  });
});
