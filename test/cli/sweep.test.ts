import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliShop, site } from './command-line.ts';

/** A gateway with a list, in a module of the shop's own. */
const ledger = `
  export const gateways = [{
    name: 'ledger', summary: 'Ledger: with a list', options: { type: 'object', properties: { isDown: { type: 'boolean' } } },
    verify: () => ({ kind: 'refused', code: 'NO_CALLBACKS' }),
    read: async () => ({ ignored: 'nothing' }),
    async *sweep(since, { options }) {
      if (options.isDown) throw new Error('The ledger is closed.');
      yield { deliveryId: 'one', body: '{}' };
      yield { deliveryId: 'two', body: '{}' };
    },
  }];
`;

describe('npx handover sweep', () => {
  let shop: CliShop;

  async function make(gateways: object): Promise<void> {
    shop = await CliShop.make({
      'handover.json': site({ gateways, connectors: {} }),
      'products/TS-101.json': { sku: 'TS-101', title: 'A', price: '1.00 EUR' },
    });
    await writeFile(join(shop.folder, 'ledger.mjs'), ledger);
    await writeFile(join(shop.folder, 'handover.db'), '');
  }
  const sweep = (...args: string[]) => shop.run(['sweep', '--with', join(shop.folder, 'ledger.mjs'), ...args]);

  afterEach(() => shop.remove());

  it('counts both ways, and finds at the second time that everything is here', async () => {
    await make({ ledger: {} });
    const first = (await sweep('--json')).json<{ gateways: object[] }>();
    expect(first.gateways).to.deep.equal([{ gateway: 'ledger', listed: 2, known: 0, fetched: 2, compared: 0, unlisted: [] }]);
    const { code, out } = await sweep('--since', '12h');
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^gateway +it lists +known here +fetched +only here/)
      .and.match(/^ledger +2 +2 +0 +0$/m);
  });

  it('fails loudly when a gateway cannot be asked, and says what it does not understand', async () => {
    await make({ ledger: { isDown: true } });
    const { code, out } = await sweep();
    expect([code, out.includes('failed: The ledger is closed.')]).to.deep.equal([1, true]);
    expect((await sweep('--gateway', 'paper')).err).to.include('SWEEP_IMPOSSIBLE');
    expect((await sweep('--since', 'ever')).code).to.equal(2);
  });
});
