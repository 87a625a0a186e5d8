import { expect } from 'chai';
import { storeSuite } from '../../src/testing/suites/store-suite.ts';
import { openMemoryStore } from './simulator/memory-store.ts';
import { replay, simulate } from './simulator/simulate.ts';
import { breakages } from './simulator/world.ts';

const seed = 1;
/** `HANDOVER_SCHEDULES` says how many are played. */
const schedules = Number(process.env['HANDOVER_SCHEDULES'] ?? 10_000);

storeSuite('The store of the simulator', async () => {
  let now = Date.parse('2027-01-15T08:00:00Z');
  const { store } = await openMemoryStore(() => now);
  return {
    store,
    another: async () => store,
    advance: (ms) => void (now += ms),
    reopen: async () => store,
    close: () => store.close(),
  };
});

describe('A shop in which everything may fail at every moment', function () {
  this.timeout(600_000);

  it(`ends with exactly what was paid for, in ${schedules} schedules (npm run proof:simulate -- --schedules ${schedules} --seed ${seed})`, async () => {
    const { failed, deaths, attempts, byHand } = await simulate({ schedules, seed });
    expect(failed.map(({ seed: which, problems }) => ({ replay: which, problems }))).to.deep.equal([]);
    expect(deaths).to.be.greaterThan(schedules / 2);
    expect(attempts).to.be.greaterThan(schedules * 3);
    expect(byHand).to.be.greaterThan(0);
  });

  it('goes the same way each time a seed is played', async () => {
    const [once, twice] = [await replay(seed), await replay(seed)];
    expect(once.lines.length).to.be.greaterThan(20);
    expect(twice).to.deep.equal(once);
  });

  for (const breakage of breakages) {
    it(`is found out when it is broken: ${breakage}`, async () => {
      const { failed, schedules: played } = await simulate({ schedules: 2000, seed, breakage });
      expect(failed, `after ${played} schedules`).to.have.length.greaterThan(0);
    });
  }
});
