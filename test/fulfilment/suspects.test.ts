import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createSuspects } from '../../src/fulfilment/suspects.ts';
import type { StepClaim } from '../../src/storage/store.ts';

/** Work that runs until it is told to end. */
function bench({ quietMs = 0, hasRoom = () => true }: { quietMs?: number; hasRoom?: () => boolean } = {}) {
  const suspects = createSuspects({ quietMs, hasRoom });
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    suspects,
    running,
    begin: (key: string, account: string, cutShort: number): StepClaim => {
      const work = { key, account, cutShort } as StepClaim;
      void suspects.inTurn(work, async () => {
        running.push(key);
        await new Promise<void>((end) => ends.set(key, end));
        running.splice(running.indexOf(key), 1);
      });
      return work;
    },
    end: async (key: string): Promise<void> => {
      ends.get(key)?.();
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Work that was under way when a process died', () => {
  it('runs one at a time for each account, while other work runs as ever', async () => {
    const { begin, end, running } = bench();
    begin('a1', 'lms', 1);
    begin('a2', 'lms', 1);
    begin('b1', 'keys', 1);
    begin('new', 'lms', 0);
    await settled();
    expect(running.sort()).to.deep.equal(['a1', 'b1', 'new']);
    await end('a1');
    expect(running.sort()).to.deep.equal(['a2', 'b1', 'new']);
  });

  it('gets its last chance beside no other suspect, and after them', async () => {
    const { begin, end, running } = bench();
    begin('a1', 'lms', 1);
    begin('last', 'keys', 2);
    begin('b1', 'mail', 1);
    await settled();
    expect(running.sort()).to.deep.equal(['a1', 'b1']);
    await end('a1');
    expect(running).to.deep.equal(['b1']);
    await end('b1');
    begin('late', 'lms', 1);
    await settled();
    expect(running).to.deep.equal(['last']);
    await end('last');
    expect(running).to.deep.equal(['late']);
  });

  it('gets its last chance only when the process has lived for a while, and takes no place until then', async () => {
    const { begin, suspects, running } = bench({ quietMs: 40 });
    const last = begin('last', 'lms', 2);
    begin('over', 'keys', 3);
    await settled();
    expect(running).to.deep.equal(['over']);
    expect(suspects.isPutOff(last)).to.equal(true);
    await sleep(60);
    expect(running).to.deep.equal(['over']);
    suspects.letGo();
    await settled();
    expect(running).to.deep.equal(['over', 'last']);
    expect(suspects.isPutOff(last)).to.equal(false);
  });

  it('gets its last chance by itself once that while is over', async () => {
    const { begin, running } = bench({ quietMs: 40 });
    begin('last', 'lms', 2);
    await sleep(80);
    expect(running).to.deep.equal(['last']);
  });

  it('waits for room at its account', async () => {
    let free = 0;
    const { begin, running, suspects } = bench({ hasRoom: () => free > 0 });
    begin('last', 'lms', 2);
    await settled();
    expect(running).to.deep.equal([]);
    free = 1;
    suspects.lookAgain();
    await settled();
    expect(running).to.deep.equal(['last']);
  });

  it('lets the next one run also when one fails', async () => {
    const { suspects } = bench();
    const work = { key: 'a', account: 'lms', cutShort: 1 } as StepClaim;
    const failing = suspects.inTurn(work, () => Promise.reject(new Error('No.')));
    const next = suspects.inTurn(work, async () => 'went on');
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal('No.');
    expect(await next).to.equal('went on');
  });
});
