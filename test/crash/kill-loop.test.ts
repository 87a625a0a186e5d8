import { expect } from 'chai';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { killLoop } from './kill-loop.ts';

const seed = 20_261_121;

describe('A shop whose processes are killed at random', () => {
  it(`gives each buyer exactly what was paid for: 50 kills of 3 processes (npm run proof:kill -- --seed ${seed})`, async function () {
    this.timeout(120_000);
    const { ledger, orders, acknowledged, keysAstray, suspects } = await killLoop({ cycles: 50, procs: 3, seed });
    expect(ledger.lost, 'lost').to.deep.equal([]);
    expect(ledger.doubled, 'doubled').to.deep.equal([]);
    expect(keysAstray, 'keys taken that nobody got').to.equal(0);
    expect(ledger.followUps, 'mails about what was late').to.be.at.most(suspects);
    expect(acknowledged).to.equal(orders);
    expect(orders).to.be.greaterThan(20);
  });

  it('gives each buyer exactly what was paid for when one process does everything', async function () {
    this.timeout(120_000);
    const { ledger, keysAstray, orders } = await killLoop({ cycles: 10, procs: 1, seed });
    expect([ledger.lost, ledger.doubled, keysAstray]).to.deep.equal([[], [], 0]);
    expect(orders).to.be.greaterThan(5);
  });

  it('gives each buyer exactly what was paid for on PostgreSQL: 15 kills of 3 processes', async function () {
    this.timeout(240_000);
    const store = `${(await sharedCluster()).url}?schema=${freshSchema()}`;
    const { ledger, keysAstray, orders, acknowledged } = await killLoop({ cycles: 15, procs: 3, seed, store });
    expect([ledger.lost, ledger.doubled, keysAstray]).to.deep.equal([[], [], 0]);
    expect(acknowledged).to.equal(orders);
    expect(orders).to.be.greaterThan(5);
  });
});
