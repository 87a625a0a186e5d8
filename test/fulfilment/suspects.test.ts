import { expect } from 'chai';
import { createSuspects } from '../../src/fulfilment/suspects.ts';
import type { StepClaim } from '../../src/storage/store.ts';

type Work = Pick<StepClaim, 'key' | 'account' | 'cutShort'>;

/** Work that runs until it is told to end. */
function bench() {
  const suspects = createSuspects();
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    running,
    begin(key: string, account: string, cutShort: number): void {
      const work: Work = { key, account, cutShort };
      void suspects.inTurn(work as StepClaim, async () => {
        running.push(key);
        await new Promise<void>((end) => ends.set(key, end));
        running.splice(running.indexOf(key), 1);
      });
    },
    async end(key: string): Promise<void> {
      ends.get(key)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe('Work that was under way when a process died', () => {
  it('runs one at a time for each account, while other work runs as ever', async () => {
    const { begin, end, running, settled } = bench();
    begin('a1', 'lms', 1);
    begin('a2', 'lms', 1);
    begin('b1', 'keys', 1);
    begin('new', 'lms', 0);
    await settled();
    expect(running.sort()).to.deep.equal(['a1', 'b1', 'new']);
    await end('a1');
    expect(running.sort()).to.deep.equal(['a2', 'b1', 'new']);
  });

  it('runs beside no other suspect once it was cut short twice, and after those that were not', async () => {
    const { begin, end, running, settled } = bench();
    begin('a1', 'lms', 1);
    begin('grave', 'keys', 2);
    begin('b1', 'mail', 1);
    await settled();
    expect(running.sort()).to.deep.equal(['a1', 'b1']);
    await end('a1');
    expect(running).to.deep.equal(['b1']);
    await end('b1');
    begin('late', 'lms', 1);
    await settled();
    expect(running).to.deep.equal(['grave']);
    await end('grave');
    expect(running).to.deep.equal(['late']);
  });

  it('lets the next one run also when one fails', async () => {
    const suspects = createSuspects();
    const work = { key: 'a', account: 'lms', cutShort: 1 } as StepClaim;
    const failing = suspects.inTurn(work, () => Promise.reject(new Error('No.')));
    const next = suspects.inTurn(work, async () => 'went on');
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('No.');
    expect(await next).to.equal('went on');
  });
});
