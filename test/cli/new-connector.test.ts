import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { loadConfiguration } from '../../src/config/index.ts';
import { builtInConnectors } from '../../src/wiring/built-in-connectors.ts';
import { runCli } from './command-line.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const base = join(root, 'examples');

describe('handover new connector', function () {
  this.timeout(120_000);
  let folder: string;
  /** A site as `npm init` makes it: CommonJS, with the package installed. */
  beforeEach(async () => {
    folder = await mkdtemp(join(base, '.new-connector-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'handover'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const make = (name: string) => runCli(['new', 'connector', name], { env: { HANDOVER_SHOP: folder } });

  it('writes a connector that passes the suite as it is, also in a site that is CommonJS', async () => {
    const { code, err } = await make('book-club');
    expect(code, err).to.equal(0);
    const test = join(folder, 'connectors', 'book-club', 'book-club.test.ts');
    const args = ['--conditions=dev-source', '--disable-warning=ExperimentalWarning', '--test', test];
    const env = { ...process.env };
    delete env['NODE_TEST_CONTEXT'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect(stdout).to.match(/pass [2-9]\d/);
    expect(status, stdout.slice(-3000)).to.equal(0);
  });

  it('writes one that a shop loads from its folder', async () => {
    await make('forum');
    const own = { use: './connectors/forum', baseUrl: 'https://forum.example.com/api', token: { env: 'FORUM_TOKEN' } };
    const { writeFile, mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'products'));
    const site = {
      baseUrl: 'https://shop.example.org/shop',
      site: { name: 'Shop' },
      owner: { email: 'owner@example.org' },
      mode: 'test',
    };
    await writeFile(join(folder, 'handover.json'), JSON.stringify({ ...site, connectors: { forum: own } }));
    const product = {
      sku: 'TS-101',
      title: 'TS',
      price: '9.00 EUR',
      grants: { group: { action: 'forum.join', with: { group: 'ts-101' } } },
    };
    await writeFile(join(folder, 'products', 'TS-101.json'), JSON.stringify(product));
    const shop = loadConfiguration(folder, {
      gateways: [],
      connectors: builtInConnectors,
      env: { FORUM_TOKEN: 'a token' },
    });
    expect(shop.accounts.get('forum')?.connector.summary).to.equal('Groups in forum');
  });

  it('overwrites nothing, and says which names are none', async () => {
    expect((await make('forum')).code).to.equal(0);
    expect((await make('forum')).err).to.match(/^FOLDER_EXISTS/);
    expect((await make('../forum')).err).to.contain('cannot be the name of a connector');
    expect(existsSync(join(folder, 'connectors', 'forum', 'index.ts'))).to.equal(true);
    expect(await readFile(join(folder, 'connectors', 'forum', 'README.md'), 'utf8')).to.contain('FORUM_TOKEN');
  });
});

describe('a connector of the shop that cannot be loaded', () => {
  it('is told by file and path, with what is wrong', async () => {
    const { loadOwnPart } = await import('../../src/config/own-part.ts');
    expect(loadOwnPart('./no-such', base, 'connector')).to.deep.equal({
      problem: 'There is no file or folder ./no-such beside handover.json.',
    });
    expect(loadOwnPart('no-such-package-of-ours', base, 'connector')).to.equal(undefined);
    expect(loadOwnPart('node:fs', base, 'connector')).to.deep.equal({
      problem: 'node:fs exports no connector; it has to export one.',
    });
    expect(loadOwnPart('./own-connector/connectors.ts', base, 'gateway')).to.have.property('problem');
    expect(loadOwnPart('./own-connector/forum.ts', base, 'connector')).to.have.nested.property('part.name', 'forum');
  });
});
