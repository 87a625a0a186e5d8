import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { productsFromSnapshot } from '../../src/config/index.ts';
import { changed, env, moodle, product, productContent, Shop, site, siteContent, stripe } from './shop.ts';

describe('the configuration of a shop', () => {
  let shop: Shop;
  beforeEach(() => void (shop = new Shop()));
  afterEach(() => shop.remove());

  it('fills in what a short file leaves out', () => {
    const { site: loaded, products, gateways, accounts, warnings } = shop.load();
    expect(loaded.mode).to.equal('live');
    expect(loaded.site).to.deep.include({ language: 'en', timeZone: 'UTC' });
    expect(loaded.brand).to.deep.include({
      layout: 'card',
      fonts: { body: 'system-ui, sans-serif', heading: 'system-ui, sans-serif' },
    });
    expect(loaded.mail?.smtp).to.deep.include({ port: 587, secure: false });
    expect(loaded.retries).to.deep.equal({
      delaysSeconds: [0, 5, 30, 120, 600, 1800, 7200, 21600, 43200],
      everySeconds: 43200,
      untilHours: 72,
    });
    expect(loaded).to.deep.include({
      messages: 'condensed',
      discounts: 'hold',
      taxes: 'included',
      mailPatienceSeconds: 120,
      links: { pageDays: 90 },
    });
    expect(products.get('TS-101')).to.deep.include({ metadata: {} });
    expect(products.get('TS-101')?.grants['course']?.with).to.deep.equal({ course: 'ts-101', days: 365 });
    expect(gateways.get('stripe')).to.deep.include({ name: 'stripe', ignoreSkus: [], receivers: [] });
    expect(accounts.get('keys')?.limits).to.deep.equal({ parallel: 4, timeoutSeconds: 30 });
    expect(warnings).to.deep.equal([]);
  });

  it('hands gateways and connectors their options with secrets in place, and nothing of ours', () => {
    const { gateways, accounts, site: loaded } = shop.load();
    expect(gateways.get('stripe')?.gateway).to.equal(stripe);
    expect(gateways.get('stripe')?.options).to.deep.equal({ webhookSecret: env.STRIPE_SECRET, toleranceSeconds: 300 });
    expect(accounts.get('moodle')?.connector).to.equal(moodle);
    expect(accounts.get('moodle')?.options).to.deep.equal({ url: 'https://lms.example.com', token: env.MOODLE_TOKEN });
    expect(loaded.secret).to.deep.equal([env.HANDOVER_SECRET]);
    expect(loaded.mail?.smtp.password).to.equal(env.SMTP_PASSWORD);
    expect(loaded).not.to.have.any.keys('gateways', 'connectors', '$schema');
  });

  it('takes one type of gateway and connector under several names, and an older name', () => {
    const webhookSecret = [{ env: 'STRIPE_SECRET' }, { file: 'second' }];
    const options = { use: 'stripe', webhookSecret, receiver: 'acct_1', ignoreSkus: ['POSTER-*'] };
    const lms = { url: 'https://old.example.com', token: { env: 'MOODLE_TOKEN' } };
    shop.write('second', '  whsec_second \n');
    const connectors = { 'moodle-lms': lms, branch: { ...lms, use: 'moodle-lms', limits: { parallel: 1 } } };
    shop.write('handover.json', changed(site('gateways.cards', options), 'connectors', connectors));
    shop.write('products/TS-101.json', product('grants.course.action', 'branch.enrol'));
    const { gateways, accounts } = shop.load();
    expect(gateways.get('cards')).to.deep.include({ receivers: ['acct_1'], ignoreSkus: ['POSTER-*'] });
    expect(gateways.get('cards')?.options['webhookSecret']).to.deep.equal([env.STRIPE_SECRET, 'whsec_second']);
    expect(accounts.get('moodle-lms')?.connector).to.equal(moodle);
    expect(accounts.get('branch')?.limits).to.deep.equal({ parallel: 1, timeoutSeconds: 30 });
  });

  it('reads settings from the environment, as the type they have', () => {
    const settings = changed(site('baseUrl', { env: 'SHOP_URL', default: 'http://localhost:3000' }), 'mail.smtp.port', {
      env: 'SMTP_PORT',
    });
    shop.write('handover.json', settings);
    const set = shop.load({ env: { ...env, SHOP_URL: 'https://pay.example.com/a/', SMTP_PORT: '2525' } }).site;
    const unset = shop.load({ env: { ...env, SHOP_URL: '', SMTP_PORT: '25' } }).site;
    expect([set.baseUrl, set.mail?.smtp.port]).to.deep.equal(['https://pay.example.com/a', 2525]);
    expect(unset.baseUrl).to.equal('http://localhost:3000');
  });

  it('cuts off space around secrets, wherever they come from', () => {
    shop.write('handover.json', site('secret', [{ env: 'HANDOVER_SECRET' }, { file: 'old-secret' }]));
    shop.write('old-secret', `\uFEFF${'b'.repeat(40)}\r\n`);
    const { secret } = shop.load({ env: { ...env, HANDOVER_SECRET: `\t${'a'.repeat(40)}\n` } }).site;
    expect(secret).to.deep.equal(['a'.repeat(40), 'b'.repeat(40)]);
  });

  it('cannot be changed by anyone who holds it', () => {
    const loaded = shop.load();
    expect(() => (loaded.site.site.name = 'x')).to.throw(TypeError);
    expect(() => loaded.site.retries.delaysSeconds.push(1)).to.throw(TypeError);
    expect(() => (loaded.products.get('TS-101')!.grants['course']!.with = {})).to.throw(TypeError);
    expect(() => (loaded.products as Map<string, unknown>).set('X', 1)).to.throw(TypeError);
    expect(() => Object.assign(loaded.gateways.get('stripe')!.options, { webhookSecret: 'x' })).to.throw(TypeError);
    expect(() => Object.assign(loaded.accounts.get('keys')!.limits, { parallel: 9 })).to.throw(TypeError);
    expect(Object.isFrozen(stripe)).to.equal(false);
  });

  it('keeps its version when only the layout of a file changes, and gets another one when a text does', () => {
    const { version } = shop.load();
    shop.write('products/TS-101.json', `\uFEFF${JSON.stringify(productContent())}\n`);
    expect(shop.load().version)
      .to.equal(version)
      .and.to.match(/^[0-9a-f]{12}$/);
    shop.write('products/TS-101.json', product('outcomes.paid.mail.subject', 'Welcome'));
    expect(shop.load().version).not.to.equal(version);
  });

  it('has the same version on a machine with other secrets, and never a secret in its snapshot', () => {
    const { version, snapshot } = shop.load();
    const elsewhere = shop.load({
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, `${value}-other`])),
    });
    expect(elsewhere.version).to.equal(version);
    expect(snapshot).to.include('STRIPE_SECRET').and.not.to.include('very-secret');
  });

  it('gives an old version back from its snapshot, without environment, gateways or connectors', () => {
    const before = shop.load();
    const old = productsFromSnapshot(before.snapshot);
    expect(old.products.get('TS-101')).to.deep.equal(before.products.get('TS-101'));
    expect(old.site).to.deep.equal({
      site: before.site.site,
      brand: before.site.brand,
      owner: before.site.owner,
      messages: 'condensed',
      discounts: 'hold',
      taxes: 'included',
      outcomes: {},
      mailPatienceSeconds: 120,
    });
    expect(() => (old.products.get('TS-101')!.title = 'x')).to.throw(TypeError);
    expect(() => productsFromSnapshot('{"files"'))
      .to.throw()
      .with.property('code', 'CONFIG_SNAPSHOT_UNREADABLE');
    expect(() => productsFromSnapshot('[]'))
      .to.throw()
      .with.property('code', 'CONFIG_SNAPSHOT_UNREADABLE');
  });

  it('takes product files that are links, as a cluster mounts them', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'handover-config-'));
    writeFileSync(join(elsewhere, 'data'), JSON.stringify({ ...productContent(), sku: 'LINKED' }));
    symlinkSync(join(elsewhere, 'data'), join(shop.folder, 'products/linked.json'));
    shop.write('products/.TS-101.json.swp', 'an editor at work');
    shop.write('products/README.md', 'what these are');
    const skus = [...shop.load().products.keys()];
    rmSync(elsewhere, { recursive: true });
    expect(skus).to.deep.equal(['TS-101', 'LINKED']);
  });

  it('lets placeholders stand in an input that must have a certain form', () => {
    const input = { course: '{{product.sku}}', email: '{{buyer.email}}', role: '{{metadata.role}}' };
    shop.write('products/TS-101.json', changed(product('grants.course.with', input), 'metadata', { role: 'student' }));
    expect(shop.load().products.get('TS-101')?.grants['course']?.with).to.deep.equal({ ...input, days: 365 });
  });

  it('lets a text for the whole site use what only some products give, inside its own section', () => {
    const text = '{{buyer.name}}: {{course.courseUrl}} {{#key.key}}Your key: {{key.key}}{{/key.key}}';
    shop.write('handover.json', site('outcomes.paid.mail.text', text));
    const both = { course: { action: 'moodle.enrol', with: { course: 'b' } }, key: { action: 'keys.take' } };
    shop.write('products/both.json', { ...productContent(), sku: 'BOTH', grants: both });
    expect(shop.load().site.outcomes.paid?.mail).to.deep.equal({ text });
  });

  it('takes a view of the shop', () => {
    shop.write('pages/welcome.ejs', '<p></p>');
    shop.write('products/TS-101.json', product('outcomes.paid.page.view', 'welcome'));
    expect(shop.load().products.get('TS-101')?.outcomes.paid?.page?.view).to.equal('welcome');
  });

  it('works without products and gateways, and says so', () => {
    const empty = new Shop({
      'products/TS-101.json': undefined,
      'handover.json': { ...siteContent(), gateways: {}, baseUrl: 'http://shop.example.com' },
    });
    const { warnings, products } = empty.load();
    empty.remove();
    expect(products.size).to.equal(0);
    expect(warnings.map(({ file, path }) => `${file} ${path}`.trim())).to.deep.equal([
      'products',
      'handover.json gateways',
      'handover.json baseUrl',
    ]);
  });

  it('needs no mail server and takes the test gateway in test mode', () => {
    shop.write('handover.json', changed(changed(site('mode', 'test'), 'mail', undefined), 'gateways.sandbox', {}));
    expect([...shop.load().gateways.keys()]).to.deep.equal(['stripe', 'sandbox']);
  });
});
