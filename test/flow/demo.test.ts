import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { packageFile } from '../support/repository.ts';
import { endPrograms, removeTemporaryFolders, runNode, temporaryFolder } from '../support/run-example.ts';

const demo = 'examples/training-site/demo.ts';

describe('the demo', () => {
  after(removeTemporaryFolders);
  afterEach(endPrograms);

  it('is what "npm run demo" starts', () => {
    expect(packageFile().scripts['demo']).to.match(/^node --conditions=dev-source (?:.* )?examples\/training-site\/demo\.ts$/);
  });

  it('makes one purchase, shows what everybody sees of it, and ends', async () => {
    const run = runNode([demo, '--once'], { TMPDIR: temporaryFolder() });

    expect(await run.ended, run.output()).to.equal(0);
    const output = run.output();
    const told = [
      /callback \/shop\/callbacks\/sandbox: verified, kept on disk, answered 200/,
      /order [0-9A-Z-]{14} is in the books: €107\.00, paid/,
      /enrolled: ada@example\.org in "TypeScript in a week"/,
      /key issued: [0-9A-Z-]{29} for "Fire safety, the practice package"/,
      /mail to ada@example\.org: Your order [0-9A-Z-]{14} is ready/,
      /mail to owner@example\.org: \[Test\] Sold/,
      /The page that Ada sees: http:\/\/127\.0\.0\.1/,
      / {2}\| Thank you, Ada\n/,
      / {2}\| To: ada@example\.org\n {2}\| Subject: Your order/,
      / {2}\| To: owner@example\.org\n/,
      /The history of the order: npx handover order [0-9A-Z-]{14}/,
      / {2}\| .*The order was taken in as paid, 107\.00 EUR\./,
    ];
    expect(told.filter((line) => !line.test(output)).map(String), output).to.deep.equal([]);
  });

  it('stays for a look around, with every address, until it is stopped, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const run = runNode([demo], { TMPDIR: folder });
    await run.says(/Ctrl-C ends the demo/);
    const addresses = [
      ...run.output().matchAll(/^ {2}(?:The shop|A payment page|Ada's order|The mailbox|The LMS) +(\S+)$/gm),
    ].map(([, address = '']) => address);

    const statuses = await Promise.all(addresses.map(async (address) => (await fetch(address)).status));
    const code = await run.stop('SIGINT');

    expect(statuses).to.deep.equal([200, 200, 200, 200, 200]);
    expect(code, run.output()).to.equal(0);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('says what is wrong and fails when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);

    const run = runNode([demo, '--once'], { PORT: port });
    const code = await run.ended;
    other.close();

    expect(code).to.equal(1);
    expect(run.output()).to.contain(`The demo failed. Port ${port} is taken.`);
  });

  it('says what is wrong and fails when the shop is wrong', async () => {
    const run = runNode([demo, '--once'], { HANDOVER_STORE: `${temporaryFolder()}/no/such/folder/handover.db` });

    expect(await run.ended).to.equal(1);
    expect(run.output()).to.contain('The demo failed. The folder of the store does not exist.');
  });
});
