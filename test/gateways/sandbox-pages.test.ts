import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import express5, { type Express } from 'express';
import type { SiteTexts } from '../../src/presentation/config-shapes.ts';
import { createSandbox, sandbox as sandboxGateway, type SandboxSale } from '../../src/gateways/index.ts';
import { createSandboxPages, type SandboxPages } from '../../src/http/sandbox-pages.ts';
import { readCart } from '../../src/http/sandbox-cart.ts';
import { createHttpClient } from '../../src/outgoing/axios-http.ts';
import { contextFor } from './stripe-site.ts';

const express4 = createRequire(import.meta.url)('express4') as typeof express5;

const site = {
  mode: 'test',
  baseUrl: 'https://shop.example.com/shop',
  site: { name: 'Example <School>', language: 'en', timeZone: 'UTC' },
  brand: { layout: 'card' },
  messages: 'condensed',
  outcomes: {},
  links: { pageDays: 90 },
} as unknown as SiteTexts;

for (const [version, express] of [
  ['5', express5],
  ['4', express4],
] as const) {
  describe(`the sandbox's pages on Express ${version}`, () => {
    let server: Server;
    let origin: string;
    let pages: SandboxPages;
    let callbacks: { type: string; data: Record<string, unknown> }[];
    let status: number;

    beforeEach(async () => {
      callbacks = [];
      status = 200;
      const app: Express = express();
      app.post('/shop/callbacks/sandbox', express.json(), (req, res) => {
        callbacks.push(req.body as (typeof callbacks)[number]);
        res.sendStatus(status);
      });
      const products = () =>
        new Map([
          ['A', { title: '<b>Course</b> A', price: { amount: 4900, currency: 'EUR' } }],
          ['B"x', { title: 'Course B', price: { amount: 1000, currency: 'EUR' } }],
        ]);
      const sandbox = createSandbox({
        products,
        secret: 'a secret of the test',
        callbackUrl: () => 'http://127.0.0.1:1/never',
        http: createHttpClient(),
      });
      pages = createSandboxPages({
        sandbox,
        site: () => site,
        viewsFolder: fileURLToPath(new URL('../../views', import.meta.url)),
      });
      app.use('/shop/sandbox', pages.handler);
      server = app.listen(0, '127.0.0.1');
      await once(server, 'listening');
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
      server.close();
      server.closeAllConnections();
    });

    async function get(path: string): Promise<{ status: number; html: string; headers: Headers }> {
      const response = await fetch(`${origin}/shop/sandbox${path}`);
      return { status: response.status, html: await response.text(), headers: response.headers };
    }
    function send(form: Record<string, string>): Promise<Response> {
      return fetch(`${origin}/shop/sandbox/pay`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    }
    async function open(path = '/pay?sku=A&quantity=2'): Promise<string> {
      const { html } = await get(path);
      return /name="sale" value="([^"]+)"/.exec(html)?.[1] ?? '';
    }
    const buyer = { email: 'ada@example.org', name: 'Ada Example' };

    it('takes up a cart that the shop began, under its own name, and knows the way back', async () => {
      const price = { amount: 4900, currency: 'EUR' };
      const started = await sandboxGateway.checkout!(
        {
          reference: 'cart-1',
          lines: [{ sku: 'A', title: 'Course A', quantity: 2, price, learner: { email: 'grace@example.org' } }],
          total: { ...price, amount: 9800 },
          buyer: { email: 'ada@example.net', name: 'Ada Example' },
          metadata: { campaign: 'spring' },
          returnUrl: 'https://shop.example.com/shop/return/sandbox',
          cancelUrl: 'https://shop.example.com/cart',
          callbackUrl: 'https://shop.example.com/shop/callbacks/sandbox',
        },
        contextFor({ secret: 'a secret of the test' }, { name: 'sandbox' }),
      );
      const url = new URL(started.kind === 'redirect' ? started.url : '');
      expect(url.href).to.match(/^https:\/\/shop\.example\.com\/shop\/sandbox\/pay\?sale=/);
      const { html } = await get(`/pay${url.search}`);
      expect(html).to.contain('href="https://shop.example.com/cart"').and.to.contain('value="ada@example.net"');
      const [, sale = ''] = /name="sale" value="([^"]+)"/.exec(html) ?? [];
      await send({ sale, act: 'approve', email: 'ada@example.net' });
      expect(callbacks[0]?.data).to.deep.include({ payment: started.purchase, metadata: { campaign: 'spring' } });
      expect(callbacks[0]?.data).to.not.have.property('cancelUrl');
      expect((callbacks[0]?.data['lines'] as object[])[0]).to.deep.include({ sku: 'A', learner: { email: 'grace@example.org' } });
    });

    it('shows the cart with every name escaped', async () => {
      const { status: code, html, headers } = await get('/pay?sku=A&sku=B%22x&quantity=2&email=%22%3E%3Cscript%3E&name=Ada');
      expect(code).to.equal(200);
      expect(html).to.contain('&lt;b&gt;Course&lt;/b&gt; A').and.to.contain('2 times').and.to.contain('108.00 EUR');
      expect(html).to.contain('value="&#34;&gt;&lt;script&gt;"').and.not.to.contain('<b>Course').and.not.to.contain('<School>');
      const policy = headers.get('content-security-policy');
      expect(policy).to.contain("default-src 'none'").and.to.contain("form-action 'self' https://shop.example.com;");
      expect(policy).to.match(/style-src 'self' 'sha256-[\w+/]+='/);
      expect(headers.get('cache-control')).to.equal('no-store');
    });

    it('sends a real callback and leads the browser to where a gateway would', async () => {
      const answer = await send({ sale: await open(), act: 'approve', ...buyer });
      expect(callbacks.map(({ type }) => type)).to.deep.equal(['payment.completed']);
      expect(callbacks[0]?.data).to.deep.include({ buyer, amount: { amount: 9800, currency: 'EUR' } });
      expect(answer.status).to.equal(303);
      expect(answer.headers.get('location')).to.equal(
        `https://shop.example.com/shop/return/sandbox?payment=${String(callbacks[0]?.data['payment'])}`,
      );
    });

    it('refunds a paid order from its own page, wholly or in part', async () => {
      const sale = await open();
      await send({ sale, act: 'approve', ...buyer });
      const { payment } = callbacks[0]!.data;
      const { pathname, search } = new URL(
        pages.addressOf({ ...callbacks[0]!.data, total: callbacks[0]!.data['amount'] } as unknown as SandboxSale),
      );
      const { html } = await get(`${pathname.replace('/shop/sandbox', '')}${search}`);
      expect(html).to.contain(String(payment)).and.to.contain('Refund everything');
      const again = /name="again" value="(\w+)"/.exec(html)?.[1] ?? '';
      const sealed = /name="sale" value="([^"]+)"/.exec(html)?.[1] ?? '';
      expect((await send({ sale: sealed, again, act: 'refundPart', amount: '10,50' })).status).to.equal(303);
      expect((await send({ sale: sealed, again, act: 'refund' })).status).to.equal(303);
      expect(callbacks.slice(1).map(({ type, data }) => [type, data['payment'], data['amount'], data['reversal']])).to.deep.equal(
        [
          ['payment.refunded', payment, { amount: 1050, currency: 'EUR' }, `${String(payment)}_refund_${again}`],
          ['payment.refunded', payment, { amount: 9800, currency: 'EUR' }, `${String(payment)}_refund`],
        ],
      );
    });

    it('refuses forms that it did not make, and says what is wrong with its own', async () => {
      const sale = await open();
      const cases: [Record<string, string>, string][] = [
        [{ act: 'approve' }, 'not made by this sandbox'],
        [{ sale: `${sale}x`, act: 'approve' }, 'not made by this sandbox'],
        [{ sale, act: 'constructor' }, 'does not say what is to happen'],
        [{ sale, act: 'approve', email: 'nobody' }, 'not an e-mail address'],
        [{ sale, act: 'refundPart', amount: '99.00' }, 'not an amount'],
        [{ sale, act: 'refundPart', amount: '-1' }, 'not an amount'],
      ];
      for (const [form, words] of cases) {
        const answer = await send(form);
        expect(answer.status, words).to.equal(422);
        expect(await answer.text()).to.contain(words);
      }
      expect(callbacks).to.deep.equal([]);
    });

    it('tells what cannot be bought, and what can', async () => {
      const unknown = await get('/pay?sku=NONE%3Ci%3E');
      expect(unknown.status).to.equal(422);
      expect(unknown.html).to.contain('NONE&lt;i&gt;').and.to.contain('There is A');
      expect((await get('/pay?items=A:0')).status).to.equal(422);
      const list = await get('/');
      expect(list.status).to.equal(200);
      expect(list.html).to.contain('name="of:B&#34;x"');
    });

    it('says so when the shop does not take the callback', async () => {
      status = 503;
      const answer = await send({ sale: await open(), act: 'approve', ...buyer });
      expect(answer.status).to.equal(502);
      expect(await answer.text()).to.contain('SANDBOX_NOT_DELIVERED');
    });

    it('leaves every other address to the site', async () => {
      expect((await get('/else')).status).to.equal(404);
      expect((await fetch(`${origin}/shop/sandbox/pay`, { method: 'DELETE' })).status).to.equal(404);
      const head = await fetch(`${origin}/shop/sandbox/pay?sku=A`, { method: 'HEAD' });
      expect([head.status, await head.text()]).to.deep.equal([200, '']);
    });
  });
}

describe("the sandbox's cart", () => {
  it('reads every way to name what is bought', () => {
    const cart = (query: string) => readCart(new URLSearchParams(query)).map(({ sku, quantity }) => `${sku} x ${quantity}`);
    expect(cart('sku=A&sku=B&quantity=2')).to.deep.equal(['A x 2', 'B x 1']);
    expect(cart('items=A:2,B,C:D:3')).to.deep.equal(['A x 2', 'B x 1', 'C:D x 3']);
    expect(cart('of:A=1&of:B=0&of:C=&of:D%20E=4')).to.deep.equal(['A x 1', 'D E x 4']);
    expect(cart('sku=A&quantity=-1')).to.deep.equal(['A x NaN']);
    expect(cart('sku=&items=&email=x')).to.deep.equal([]);
  });
});
