import { expect } from 'chai';
import ts from 'typescript';
import { packPackage, type PackedPackage, type Site } from './support/packed.ts';
import { packageFile } from './support/repository.ts';

/** Raised knowingly: whoever installs a shop waits for every byte. */
const mostBytes = 5_000_000;

describe('the package as it is published', () => {
  let packed: PackedPackage;
  let remove = (): void => undefined;

  before('build and pack it', async function () {
    this.timeout(120_000);
    const made = await packPackage();
    packed = made;
    remove = () => made.remove();
  });
  after('clear away', () => remove());

  it('holds the built code, the views, the schema and its papers, and nothing else', () => {
    const allowed =
      /^(?:dist\/(?:src|connectors)\/.+\.(?:js|d\.ts)|dist\/config\.schema\.json|views\/.+|config\.schema\.json|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    expect(packed.files.filter((file) => !allowed.test(file) || /\.test\.|fixtures\//.test(file))).to.deep.equal([]);
    expect(packed.files).to.include.members(['README.md', 'LICENSE', 'CHANGELOG.md', 'config.schema.json', 'dist/src/index.js']);
    expect(packed.files.filter((file) => file.startsWith('views/'))).to.not.be.empty;
  });

  it('names no source map, since it holds none', () => {
    const code = packed.files.filter((file) => /\.(?:js|d\.ts)$/.test(file));
    expect(code.filter((file) => packed.read(file).includes('sourceMappingURL='))).to.deep.equal([]);
  });

  it('stays small', () => {
    expect(packed.unpackedBytes, `${packed.unpackedBytes} bytes unpacked in ${packed.files.length} files`).to.be.below(mostBytes);
  });

  it('holds every file that its entry points name', () => {
    const { exports, bin, main, types } = JSON.parse(packed.read('package.json')) as Entries;
    const named = [main, types, ...Object.values(bin), ...Object.values(exports).flatMap(filesOf)].map((path) =>
      path.replace(/^\.\//, ''),
    );
    expect(named.filter((path) => !packed.files.some((file) => fits(file, path)))).to.deep.equal([]);
    for (const path of Object.values(bin)) expect(packed.read(path).split('\n')[0]).to.equal('#!/usr/bin/env node');
  });

  it('imports no package that its users need not have', () => {
    const { dependencies, peerDependencies } = packageFile();
    const known = ['handover', ...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const code = packed.files.filter((file) => /\.(?:js|d\.ts)$/.test(file));
    const unknown = code.flatMap((file) =>
      packagesIn(packed.read(file))
        .filter((name) => !known.includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  for (const version of ['5', '4']) {
    it(`mounts into an Express ${version} site that is written in CommonJS`, async function () {
      this.timeout(60_000);
      const site = packed.site(`express-${version}`, { ...production(), express: version === '5' ? 'express' : 'express4' });
      writeShop(site);
      site.write('server.cjs', server);

      const { code, stdout, stderr } = await site.node('server.cjs');

      expect(code, stderr).to.equal(0);
      const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(told['express']).to.match(new RegExp(`^${version}\\.`));
      expect(told['forged']).to.match(/^400 SIGNATURE_MISSING\b/);
      expect(told['unknownLink']).to.match(/^404 text\/html/);
      expect(told['styles']).to.match(/^200 text\/css/);
      expect(told['hostRoute']).to.equal('200 the site itself');
      expect(told['connector']).to.equal('greeter');
    });
  }

  it('tells all problems of a wrong configuration at once, by file and path', async () => {
    const site = packed.site('wrong', { ...production(), express: 'express' });
    writeShop(site, { mode: 'tset', owner: {} });
    site.write(
      'wrong.cjs',
      "try { require('handover').handover({ config: './shop' }); } catch (error) { console.log(error.code + '\\n' + error.message); }",
    );

    const { stdout } = await site.node('wrong.cjs');

    expect(stdout).to.match(/^CONFIG_INVALID\n/);
    expect(stdout)
      .to.match(/^ {2}handover\.json +mode$/m)
      .and.to.match(/^ {2}handover\.json +owner/m);
  });

  it('brings types that a strict TypeScript site compiles against', async function () {
    this.timeout(60_000);
    const types = { '@types/node': '@types/node', '@types/express': '@types/express', typescript: 'typescript' };
    const site = packed.site('types', { ...production(), ...types, express: 'express' });
    site.write('package.json', JSON.stringify({ type: 'module' }));
    site.write('tsconfig.json', JSON.stringify({ compilerOptions: compilerOptions, files: ['site.ts'] }));
    site.write('site.ts', typedSite);

    const { stdout } = await site.node('node_modules/typescript/bin/tsc', '-p', '.');

    expect(stdout).to.equal('');
  });

  it('has a command line that says what it can do', async () => {
    const site = packed.site('command-line', production());
    const [program = ''] = Object.values(packageFile().bin);

    const { code, stdout, stderr } = await site.node(`node_modules/handover/${program.replace(/^\.\//, '')}`, '--help');

    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^ {2}check /m);
  });

  it('starts a connector whose tests pass, with no package that only the mailbox needs', async function () {
    this.timeout(60_000);
    const site = packed.site('own-connector', production());
    site.write('package.json', JSON.stringify({ type: 'commonjs' }));
    const [program = ''] = Object.values(packageFile().bin);

    const made = await site.node(`node_modules/handover/${program.replace(/^\.\//, '')}`, 'new', 'connector', 'forum');
    const { code, stdout } = await site.node('--test', 'shop/connectors/forum/forum.test.ts');

    expect(made.code, made.stderr).to.equal(0);
    expect(code, stdout.slice(-2000)).to.equal(0);
  });
});

interface Entries {
  readonly main: string;
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** All but what only this repository itself uses. */
function filesOf(entry: string | Readonly<Record<string, string>>): string[] {
  if (typeof entry === 'string') return [entry];
  return Object.entries(entry).flatMap(([condition, path]) => (condition === 'dev-source' ? [] : [path]));
}

function fits(file: string, path: string): boolean {
  const [before = '', after] = path.split('*');
  return after === undefined ? file === path : file.startsWith(before) && file.endsWith(after);
}

/** The packages a file imports; Node's own modules are left out. */
function packagesIn(code: string): string[] {
  const names = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
  const outside = names.filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
  return outside.map((name) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
}

function production(): Record<string, string> {
  return Object.fromEntries(Object.keys(packageFile().dependencies).map((name) => [name, name]));
}

function writeShop(site: Site, changes: Readonly<Record<string, unknown>> = {}): void {
  const secrets = [{ env: 'STRIPE_WEBHOOK_SECRET' }];
  const handover = {
    baseUrl: 'http://localhost/shop',
    site: { name: 'Example School' },
    owner: { email: 'owner@example.org' },
    mail: { from: { email: 'shop@example.org' }, smtp: { host: 'localhost', port: 25 } },
    gateways: { stripe: { secrets, apiKey: { env: 'STRIPE_API_KEY' } } },
    ...changes,
  };
  site.write('shop/handover.json', JSON.stringify(handover));
  site.write(
    'shop/products/TS-101.json',
    JSON.stringify({ sku: 'TS-101', title: 'TypeScript in a week', price: '49.00 EUR', grants: {} }),
  );
}

const server = `
const express = require('express');
const { handover } = require('handover');
const { defineConnector } = require('handover/contract');

const greeter = defineConnector({ name: 'greeter', summary: 'Greets.', options: { type: 'object' }, actions: {} });
const app = express();
const env = { STRIPE_WEBHOOK_SECRET: 'whsec_of_the_package_test', STRIPE_API_KEY: 'rk_test_of_the_package_test' };
const shop = handover({ config: './shop', store: './shop.db', watch: false, connectors: [greeter], env });
app.use('/shop', shop);
app.use((req, res) => res.send('the site itself'));

const server = app.listen(0, '127.0.0.1', async () => {
  await shop.ready();
  const base = 'http://127.0.0.1:' + server.address().port;
  const ask = async (path, options) => {
    const answer = await fetch(base + path, options);
    return [answer, await answer.text()];
  };
  const [forged, why] = await ask('/shop/callbacks/stripe', { method: 'POST', body: '{}' });
  const [unknownLink] = await ask('/shop/orders/nonsense', { headers: { accept: 'text/html' } });
  const [styles] = await ask('/shop/assets/handover.css');
  const [hostRoute, text] = await ask('/elsewhere');
  server.closeAllConnections();
  server.close();
  await shop.close();
  console.log(JSON.stringify({
    express: require('express/package.json').version,
    forged: forged.status + ' ' + why,
    unknownLink: unknownLink.status + ' ' + unknownLink.headers.get('content-type'),
    styles: styles.status + ' ' + styles.headers.get('content-type'),
    hostRoute: hostRoute.status + ' ' + text,
    connector: greeter.name,
  }));
});
`;

const compilerOptions = {
  target: 'es2024',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  types: ['node'],
};

const typedSite = `
import express from 'express';
import handoverByDefault, { handover, HandoverError, type Handover, type HandoverOptions } from 'handover';
import { defineAction, defineConnector, giveUp, tryLater } from 'handover/contract';
import { createTestPro } from 'handover/connectors/test-pro';

interface Options { readonly greeting: string }

const greet = defineAction<{ readonly name: string }, { readonly text: string }, Options>({
  summary: 'Greet the buyer',
  repeats: 'set',
  input: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
  output: { text: { description: 'The greeting.' } },
  async grant({ name }, ctx) {
    if (name === '') throw giveUp('NAME_MISSING', 'There is nobody to greet.');
    const answer = await ctx.http.send({ method: 'GET', url: 'https://example.com' });
    if (answer.status >= 500) throw tryLater('EXAMPLE_DOWN', 'The example is down.');
    return { text: ctx.options.greeting + ' ' + name };
  },
});
const greeter = defineConnector<Options>({ name: 'greeter', summary: 'Greets', options: { type: 'object' }, actions: { greet } });

const options: HandoverOptions = { config: './shop', store: './shop.db', worker: true, connectors: [greeter, createTestPro()] };
const shop: Handover = handover(options);
const same: typeof handoverByDefault = handover;
const app = express();
app.use('/shop', shop);
app.use('/again', same(options));

await shop.ready().catch((error: unknown) => {
  if (error instanceof HandoverError) console.error(error.code, error.hint);
});
const stopped: Promise<void> = shop.close();
await stopped;
// @ts-expect-error the folder of the configuration cannot be left out
handover({});
`;
