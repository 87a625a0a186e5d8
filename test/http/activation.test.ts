import { createHash, createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import express from 'express';
import { expect } from 'chai';
import { writeRequestCode } from '../../src/activation/activation-request.ts';
import { decided } from '../../src/wiring/own-events.ts';
import { closeSites, type Site } from '../support/open-site.ts';
import { runCli } from '../cli/command-line.ts';
import { openShop, pageJson, sell, takes, type Sale } from '../flow/shop.ts';

const day = 86_400_000;

interface Claims {
  readonly status: string;
  readonly machine: string;
  readonly nonce?: string;
  readonly exp?: number;
  readonly seats?: { used: number; of: number };
  readonly keys?: readonly string[];
}

describe('Software that asks about its key', () => {
  let time = 0;
  beforeEach(() => (time = Date.parse('2026-03-10T12:00:00Z')));
  afterEach(closeSites);

  function open({ devices = 2, activation = {}, input = {}, before = [] as express.RequestHandler[] } = {}): Promise<Site> {
    const grants = { licence: { action: 'test-pro.issueKey', with: { source: 'made', product: 'SAFETY', devices, ...input } } };
    return openShop({
      files: { 'products/TP-7.json': (old: object) => ({ ...old, grants }) },
      site: { activation },
      handover: { now: () => new Date(time) },
      stripe: { now: () => new Date(time) },
      before,
    });
  }

  async function sold(site: Site): Promise<{ sale: Sale; key: string }> {
    const sale = sell(site, ['TP-7']);
    await takes(site, sale.completed());
    return { sale, key: await keyOf(site, sale) };
  }

  const keyOf = async (site: Site, sale: Sale) => (await pageJson(site, sale)).items[0]!.grants[0]!.outputs['key']!.values[0]!;

  async function ask(site: Site, what: string, body: object) {
    const answer = await fetch(`${site.url}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    const json = (await answer.json()) as { status?: string; answer?: string; error?: string };
    return { code: answer.status, ...json, claims: json.answer === undefined ? undefined : await proved(site, json.answer) };
  }

  /** As the software does it: with the public key it was built with. */
  async function proved(site: Site, jws: string): Promise<Claims> {
    const { pem, kid } = (await (await site.get('/activation-key', { accept: 'application/json' })).json()) as {
      pem: string;
      kid: string;
    };
    const [header = '', body = '', signature = ''] = jws.trim().split('.');
    const isOurs = verify(null, Buffer.from(`${header}.${body}`), createPublicKey(pem), Buffer.from(signature, 'base64url'));
    expect(isOurs, 'the signature').to.equal(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).to.deep.equal({ alg: 'EdDSA', typ: 'JWT', kid });
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
  }

  it('is told so, signed, for as many machines as were bought; the same machine is no new one', async () => {
    const site = await open();
    const { key } = await sold(site);
    const first = await ask(site, 'activate', {
      product: 'SAFETY',
      key: ` ${key}\n`,
      machine: 'one',
      version: '2.0',
      nonce: 'n1',
    });
    expect(first.code).to.equal(200);
    expect(first.claims).to.include({
      status: 'active',
      machine: 'one',
      nonce: 'n1',
      aud: 'SAFETY',
      iss: site.url,
      version: '2.0',
    });
    expect(first.claims!.seats).to.deep.equal({ used: 1, of: 2 });
    expect(first.claims!.exp).to.equal(time / 1000 + 30 * 86_400);
    expect((await ask(site, 'activate', { product: 'SAFETY', key, machine: 'one' })).claims!.seats!.used).to.equal(1);
    expect((await ask(site, 'activate', { product: 'SAFETY', key, machine: 'two' })).code).to.equal(200);
    expect(await ask(site, 'activate', { product: 'SAFETY', key, machine: 'three' })).to.include({ code: 409, status: 'full' });
    expect((await ask(site, 'validate', { product: 'SAFETY', key, machine: 'three' })).status).to.equal('inactive');
    expect((await ask(site, 'validate', { product: 'SAFETY', key, machine: 'one' })).status).to.equal('active');
  });

  it('gives a seat back, so often in a month', async () => {
    const site = await open({ devices: 1, activation: { returnsPerMonth: 1 } });
    const { key } = await sold(site);
    const about = (machine: string) => ({ product: 'SAFETY', key, machine });
    await ask(site, 'activate', about('one'));
    expect(await ask(site, 'deactivate', about('one'))).to.include({ code: 200, status: 'inactive' });
    expect((await ask(site, 'activate', about('two'))).status).to.equal('active');
    expect(await ask(site, 'deactivate', about('two'))).to.include({ code: 429, status: 'tooOften' });
  });

  it('is told the same of an unknown key and of another product', async () => {
    const site = await open();
    const { key } = await sold(site);
    const shapes: unknown[] = [];
    for (const wrong of [
      { product: 'FIRE', key },
      { product: 'SAFETY', key: 'no such key' },
    ]) {
      const { code, status, claims } = await ask(site, 'activate', { ...wrong, machine: 'one' });
      shapes.push({ code, status, names: Object.keys(claims!) });
    }
    expect(shapes[0]).to.deep.equal(shapes[1]);
    expect(shapes[0]).to.include({ code: 404, status: 'unknown' });
  });

  it('is told that a key was refunded, and finds it in the signed list', async () => {
    const site = await open();
    const { sale, key } = await sold(site);
    const before = await site.get('/revoked-keys');
    expect((await proved(site, await before.text())).keys).to.deep.equal([]);
    await ask(site, 'activate', { product: 'SAFETY', key, machine: 'one' });
    await takes(site, ...sale.refunded());
    expect(await ask(site, 'validate', { product: 'SAFETY', key, machine: 'one' })).to.include({ code: 403, status: 'revoked' });
    const list = await site.get('/revoked-keys', { 'if-none-match': before.headers.get('etag')! });
    expect(list.status).to.equal(200);
    const mark = createHash('sha256').update(`handover-key:${key}`).digest('base64url');
    const text = await list.text();
    expect((await proved(site, text)).keys).to.deep.equal([mark]);
    expect(text).not.to.contain(key);
    expect((await site.get('/revoked-keys', { 'if-none-match': list.headers.get('etag')! })).status).to.equal(304);
  });

  it('is told that a key has expired, and no answer outlives the key', async () => {
    const site = await open({ input: { validDays: 10 } });
    const { key } = await sold(site);
    const about = { product: 'SAFETY', key, machine: 'one' };
    expect((await ask(site, 'activate', about)).claims!.exp).to.equal(Date.parse('2026-03-21T00:00:00Z') / 1000);
    time += 11 * day;
    expect(await ask(site, 'activate', about)).to.include({ code: 403, status: 'expired' });
  });

  it('is slowed down, by address and by key', async () => {
    const site = await open({ activation: { requestsPerMinute: 9 } });
    const { key } = await sold(site);
    const codes: number[] = [];
    for (let time = 0; time < 5; time += 1)
      codes.push((await ask(site, 'validate', { product: 'SAFETY', key, machine: 'one' })).code);
    expect(codes).to.deep.equal([200, 200, 200, 429, 429]);
    for (let time = 0; time < 6; time += 1)
      codes.push((await ask(site, 'validate', { product: 'SAFETY', key: `${time}`, machine: 'one' })).code);
    expect(codes.slice(5)).to.deep.equal([404, 404, 404, 404, 429, 429]);
  });

  it('is told what is wrong with a question, without what it said', async () => {
    const site = await open();
    const wrong: [object, RegExp][] = [
      [{}, /"product" is missing/],
      [{ product: 'P', key: 'SECRET-KEY' }, /"machine" is missing/],
      [{ product: 'P', key: 'SECRET-KEY', machine: 'x'.repeat(300) }, /"machine" is too long/],
      [{ product: { $ne: 1 }, key: 'SECRET-KEY', machine: 'm' }, /"product" has to be a text/],
    ];
    for (const [body, says] of wrong) {
      const answer = await fetch(`${site.url}/activate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect([answer.status, text].join(' ')).to.match(/^400 .*ACTIVATION_MALFORMED/);
      expect((JSON.parse(text) as { message: string }).message).to.match(says);
      expect(text).not.to.contain('SECRET-KEY');
    }
    const broken = await fetch(`${site.url}/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).to.equal(400);
    const huge = await fetch(`${site.url}/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(50_000)}"`,
    });
    expect(huge.status).to.equal(413);
    expect((await fetch(`${site.url}/activate`, { method: 'POST', body: 'x' })).status).to.equal(415);
  });

  it('is understood where the host parses JSON first', async () => {
    const site = await open({
      before: [express.json({ verify: (req, _res, body) => void Object.assign(req, { rawBody: body }) })],
    });
    const { key } = await sold(site);
    expect((await ask(site, 'activate', { product: 'SAFETY', key, machine: 'one' })).status).to.equal('active');
  });

  it('is activated without a network, by a code typed into a page', async () => {
    const site = await open();
    const { key } = await sold(site);
    expect(await (await site.get('/activation', { accept: 'text/html' })).text()).to.contain('Request code');
    const send = async (request: string) => {
      const answer = await fetch(`${site.url}/activation`, {
        method: 'POST',
        headers: { accept: 'text/html' },
        body: new URLSearchParams({ request }),
      });
      return { status: answer.status, html: await answer.text() };
    };
    const code = writeRequestCode({ product: 'SAFETY', key, machine: 'far away' });
    const { status, html } = await send(`${code.slice(0, 40)}\n ${code.slice(40)}`);
    expect(status).to.equal(200);
    const claims = await proved(site, /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(html)![0]);
    expect(claims).to.include({ status: 'active', machine: 'far away' });
    expect(claims.exp).to.equal(time / 1000 + 365 * 86_400);
    expect(await send('HA1.nonsense!')).to.satisfy(
      ({ status: code, html: page }: { status: number; html: string }) => code === 400 && page.includes('no request code'),
    );
    const other = writeRequestCode({ product: 'FIRE', key, machine: 'far away' });
    expect((await send(other)).html).to.contain('We do not know this key');
  });

  it('is activated without a network, by staff on the command line', async () => {
    const site = await open();
    const { key } = await sold(site);
    const file = join(site.folder, 'request.txt');
    await writeFile(file, writeRequestCode({ product: 'SAFETY', key, machine: 'far away' }));
    const env = {
      HANDOVER_SHOP: site.folder,
      HANDOVER_BASE_URL: site.url,
      STRIPE_WEBHOOK_SECRET: site.stripe.webhookSecret,
      STRIPE_API_KEY: site.stripe.apiKey,
      AXIS_LMS_URL: site.lms.url,
      AXIS_LMS_API_KEY: site.lms.apiKey,
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(site.mailbox.port),
      TEST_PRO_SECRET: 'a secret of the key maker, long enough for it',
    };
    const { out, err } = await runCli(['activation', file], { env });
    expect(err).to.equal('');
    expect(await proved(site, out)).to.include({ status: 'active', machine: 'far away' });
    await writeFile(file, writeRequestCode({ product: 'SAFETY', key: 'none', machine: 'far away' }));
    expect((await runCli(['activation', file], { env })).err).to.match(/^ACTIVATION_REFUSED/);
  });

  it('keeps its signing key over a restart, and takes one from the configuration', async () => {
    const site = await open();
    const keyNow = async () => ((await (await site.get('/activation-key')).json()) as { key: string }).key;
    const first = await keyNow();
    await site.restart();
    expect(await keyNow()).to.equal(first);
    const own = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v_VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g'.replace('_', '/');
    const other = await openShop({
      site: { activation: { privateKey: { env: 'OWN_KEY' } } },
      handover: { env: { OWN_KEY: own } },
    });
    expect(((await (await other.get('/activation-key')).json()) as { jwk: { x: string } }).jwk.x).to.equal(
      '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    );
  });

  it('gets a new key when one is reissued, and the old one is refused', async () => {
    const site = await open();
    const { sale, key } = await sold(site);
    const record = (await site.app.store.findPurchase('stripe', sale.session.id))!;
    const staff = { by: 'Grace', because: 'It leaked', grantId: record.grants[0]!.id };
    await site.app.reconsider(record.order.id, [decided(record.order, 'grant.reissued', staff, new Date(time))]);
    await site.finishesItsSteps();
    const fresh = await keyOf(site, sale);
    expect(fresh).not.to.equal(key);
    expect((await ask(site, 'activate', { product: 'SAFETY', key, machine: 'one' })).status).to.equal('revoked');
    expect((await ask(site, 'activate', { product: 'SAFETY', key: fresh, machine: 'one' })).status).to.equal('active');
  });
});
