import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import express from 'express';
import { expect } from 'chai';
import { describeConfiguration, docsFile } from '../../.config/generate-docs.ts';
import { paymentPage, press, readPage, whereTo } from '../../examples/training-site/demo/browser.ts';
import type { Gateway } from '../../src/contract/gateway.ts';
import type { JsonSchema } from '../../src/contract/schema.ts';
import { builtInGateways } from '../../src/gateways/index.ts';
import { fencesOf } from '../support/markdown.ts';
import { closeSites, openSite, type Site } from '../support/open-site.ts';
import { readText, root } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/run-example.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const guide = 'docs/developer.md';
const gatewayGuide = 'docs/gateways/README.md';

/** The block of a page that has these words in it. */
function block(page: string, words: string): string {
  const found = fencesOf(page).find(({ text }) => text.includes(words));
  if (!found) throw new Error(`${page} has no block with "${words}".`);
  return found.text;
}

/** A folder in which code can be imported as in a site that has the package installed. */
function siteFolder(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'handover'));
  for (const name of ['express', 'mocha', '@types/express', '@types/node']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}

async function statusOf(site: Site, gateway: string, body: string, headers: Record<string, string>): Promise<number> {
  return (await site.receives({ body, headers }, gateway)).status;
}

describe('docs/developer.md', () => {
  after(closeSites);
  after(removeTemporaryFolders);

  it('names every option of handover()', () => {
    const options = [...readText('src/wiring/options.ts').matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name);

    expect(options).to.include('config');
    expect(options.filter((name) => !readText(guide).includes(`| \`${name ?? ''}\` `))).to.deep.equal([]);
  });

  it('shows TypeScript that compiles', async function () {
    this.timeout(60_000);
    const folder = siteFolder();
    const files = [guide, gatewayGuide]
      .flatMap(fencesOf)
      .filter(({ language, text }) => language === 'ts' && text.startsWith('import'))
      .map(({ text }, index) => {
        const name = text.includes('defineGateway') ? 'invoices.ts' : `block-${index}.ts`;
        writeFileSync(join(folder, name), text);
        return name;
      });
    const untyped = join(root, 'src/gateways/paypal/checkout-server-sdk.d.ts'); // sources are compiled here, with what describes them
    const options = { target: 'es2024', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, types: ['node'] };
    const unbuilt = { noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, customConditions: ['dev-source'] };
    const compilerOptions = { ...options, ...unbuilt, resolveJsonModule: true, noUncheckedIndexedAccess: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [...files, untyped] }));

    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const told = await run(process.execPath, [compiler, '-p', folder]).catch((error: unknown) => error as { stdout: string });

    expect(files).to.have.length(3);
    expect(told.stdout).to.equal('');
  });

  it('shows CommonJS and a test that stand in the examples', () => {
    const site = readText('examples/existing-express4/server.cjs');
    const shown = block(guide, "require('handover')").trimEnd().split('\n\n');

    expect(shown.filter((part) => !site.includes(part))).to.deep.equal([]);
    expect(readText('examples/training-site/shop.test.ts')).to.contain(block(guide, "test('a paid course").trimEnd());
  });

  it('tells how a body parser that comes first keeps the bytes', async () => {
    const text = block(guide, 'rawBody');
    const parser = express.json({
      verify: (req, _res, bytes) => {
        Object.assign(req, { rawBody: bytes });
      },
    });
    const site = await openSite('examples/minimal', { before: [parser] });
    const sale = site.stripe.sale({ lines: [{ sku: 'TS-101', unitAmount: 4900 }] });

    expect(text.replace(/\s+/g, ' ')).to.contain('verify: (req, _res, bytes) => { Object.assign(req, { rawBody: bytes }); }');
    expect((await site.receives(sale.completed())).status).to.equal(200);
  });

  it('shows a view that replaces the order page of an outcome', async () => {
    const view = block(guide, "partial('sections')");
    const site = await openSite('examples/training-site');
    const product = JSON.parse(readText('examples/training-site/shop/products/TPD-7.json')) as object;
    mkdirSync(join(site.folder, 'pages'));
    writeFileSync(join(site.folder, 'pages', 'welcome.ejs'), view);
    await site.writes('products/TPD-7.json', { ...product, outcomes: { paid: { page: { view: 'welcome' } } } });
    await site.app.reload();

    const back = await press(paymentPage(site.url, { 'TPD-7': 1 }), { name: 'act', value: 'approve' });
    await site.finishesItsSteps();
    const page = await until('the order is known', () => whereTo(back));

    expect(await readPage(page)).to.contain('Good to have you here, Ada. The first lesson is on Monday.');
  });
});

describe('docs/gateways/README.md', () => {
  after(closeSites);
  after(removeTemporaryFolders);

  it('shows a gateway that takes a signed call once and refuses a forged one', async () => {
    const file = join(siteFolder(), 'invoices.ts');
    writeFileSync(file, block(gatewayGuide, 'defineGateway'));
    const { invoices } = (await import(pathToFileURL(file).href)) as { invoices: Gateway<never> };
    const secret = 'what only the accounting program knows';
    const site = await openSite('examples/training-site', {
      handover: { gateways: [invoices], env: { INVOICES_SECRET: secret } },
      files: {
        'handover.json': (old) => ({ ...old, gateways: { invoices: { use: 'invoices', secret: { env: 'INVOICES_SECRET' } } } }),
      },
    });
    const about = { number: 'R-2026-17', paidAt: '2026-11-21T12:00:00Z', cents: 2900, sku: 'TPD-7', title: 'The package' };
    const body = JSON.stringify({ ...about, email: 'ada@example.org', isTest: true });
    const signed = { 'x-signature': createHmac('sha256', secret).update(body).digest('hex') };

    expect(await statusOf(site, 'invoices', body, { 'x-signature': '00' })).to.equal(400);
    expect(await statusOf(site, 'invoices', body, signed)).to.equal(200);
    expect(await statusOf(site, 'invoices', body, signed)).to.equal(200);
    await site.finishesItsSteps();
    await until('the mail has arrived', () => site.mailbox.subjectsFor('ada@example.org').length > 0);
    await site.finishesItsSteps();

    expect(site.mailbox.subjectsFor('ada@example.org')).to.deep.equal(['Your keys for Fire safety, the practice package']);
  });

  it('shows a test of that gateway that passes the suite', async () => {
    const folder = siteFolder();
    writeFileSync(join(folder, 'invoices.ts'), block(gatewayGuide, 'defineGateway'));
    writeFileSync(join(folder, 'invoices.test.ts'), block(gatewayGuide, 'gatewayTests'));

    const env = { ...process.env };
    delete env['NODE_TEST_CONTEXT'];
    const told = await run(process.execPath, ['--conditions=dev-source', '--test', 'invoices.test.ts'], { cwd: folder, env });

    expect(told.stdout)
      .to.match(/pass 1\d\b/)
      .and.to.match(/fail 0\b/);
  });

  it('lists every gateway that comes with the package', () => {
    const page = readText(gatewayGuide);

    expect(builtInGateways.filter(({ name }) => !page.includes(`| [${name}](`)).map(({ name }) => name)).to.deep.equal([]);
  });
});

describe('docs/gateways/sandbox.md', () => {
  after(closeSites);

  it('shows a message that another program can sign and send', async () => {
    const secret = 'what both programs know';
    const site = await openSite('examples/training-site', {
      handover: { env: { HANDOVER_SANDBOX_SECRET: secret } },
      files: {
        'handover.json': (old) => ({ ...old, gateways: { sandbox: { secret: { env: 'HANDOVER_SANDBOX_SECRET' } } } }),
      },
    });
    site.lms.addCourse({ id: '17', name: 'TypeScript in a week' });
    const body = block('docs/gateways/sandbox.md', '"payment.completed"');
    const id = `msg_${randomBytes(6).toString('hex')}`;
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret).update(`${id}.${stamp}.${body}`).digest('base64');

    const headers = { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': `v1,${signature}` };

    expect(await statusOf(site, 'sandbox', body, headers)).to.equal(200);
    await until('the buyer is enrolled', () => site.lms.books.enrolments.length === 1);
  });
});

describe('docs/operations.md', () => {
  after(closeSites);
  after(removeTemporaryFolders);

  it('shows a backup that can be made while the site runs, brought back elsewhere, and read', async () => {
    const folder = temporaryFolder();
    const site = await openSite('examples/training-site', { handover: { store: join(folder, 'handover.db') } });
    await press(paymentPage(site.url, { 'TPD-7': 1 }), { name: 'act', value: 'approve' });
    await site.finishesItsSteps();
    const [, file = ''] = /^npx handover backup (\S+)$/m.exec(block('docs/operations.md', 'npx handover backup')) ?? [];
    const handover = (...words: string[]) => {
      const program = join(root, 'src/cli/main.ts');
      return run(process.execPath, ['--conditions=dev-source', program, ...words], { cwd: folder });
    };

    mkdirSync(join(folder, 'backups'));
    await handover('backup', file, '--store', 'handover.db');
    await handover('restore', file, '--store', 'elsewhere.db');
    const listed = await handover('orders', '--store', 'elsewhere.db');

    expect(listed.stdout).to.contain('ada@example.org').and.to.contain('TPD-7');
  });
});

describe('docs/configuration.md', () => {
  it('says what config.schema.json says now', async () => {
    const isFresh =
      readText(docsFile) === (await describeConfiguration(JSON.parse(readText('config.schema.json')) as JsonSchema));

    expect(isFresh, `${docsFile} is stale: run "npm run generate"`).to.equal(true);
  });
});
