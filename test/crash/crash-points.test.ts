import { expect } from 'chai';
import { crashPoints } from '../../src/crash-point.ts';
import { freshSchema, sharedCluster } from '../support/postgres.ts';
import { mortalSite, type Aftermath } from './crash.ts';
import { crashCases, storeCases } from './crash-cases.ts';
import { runAhead } from './run-ahead.ts';

describe('A site that is killed', function () {
  this.timeout(60_000);
  const runs = runAhead(crashCases, 2, mortalSite);
  before(() => runs.start());

  it('is killed at every crash point there is', () => {
    const reached = new Set(crashCases.map(({ at }) => at));
    expect(crashPoints.filter((point) => !reached.has(point))).to.deep.equal([]);
  });

  for (const each of crashCases) {
    it(`delivers once what was paid for: ${each.name}`, async () => expectDeliveredOnce(await runs.resultOf(each)));
  }
});

describe('A site on PostgreSQL that is killed', function () {
  this.timeout(120_000);
  const openSchema = async (): Promise<string> => `${(await sharedCluster()).url}?schema=${freshSchema()}`;
  const runs = runAhead(storeCases, 2, () => mortalSite(openSchema));
  before(() => runs.start());

  for (const each of storeCases) {
    it(`delivers once what was paid for: ${each.name}`, async () => expectDeliveredOnce(await runs.resultOf(each)));
  }
});

function expectDeliveredOnce({ ledger, parked, parkedCallbacks, keysTaken, unmet }: Aftermath): void {
  expect(ledger.lost, 'lost').to.deep.equal([]);
  expect(ledger.doubled, 'doubled').to.deep.equal([]);
  expect(ledger.followUps, 'mails about what was late').to.equal(0);
  expect(unmet, 'faults that nothing met').to.equal(0);
  expect(parkedCallbacks, 'parked callbacks').to.equal(0);
  expect(keysTaken, 'keys taken from stock and not sold').to.equal(0);
  const wrong = parked.filter(({ action, code }) => !isUnknown(code) || !action.endsWith('issueKey'));
  expect(wrong, 'parked, and not because nobody can know').to.deep.equal([]);
}

function isUnknown(code: string): boolean {
  return code === 'OUTCOME_UNKNOWN' || code === 'KEY_PERHAPS_ISSUED';
}
