import { expect } from 'chai';
import { HandoverError } from '../../src/contract/errors.ts';
import { insist } from '../../src/fulfilment/insist.ts';
import { createRunner } from '../../src/fulfilment/runner.ts';
import { settleCallback } from '../../src/fulfilment/settle-callback.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import type { ClaimedCallback, Store } from '../../src/storage/store.ts';
import { callback, claimCallback } from '../../src/testing/suites/store/samples.ts';
import { openSqliteFile, type SqliteFile } from '../storage/sqlite-file.ts';

const schedule = () => ({ delaysSeconds: [0], everySeconds: 0, untilHours: 72 });

describe('Claimed work', () => {
  let file: SqliteFile;
  beforeEach(async () => void (file = await openSqliteFile()));
  afterEach(() => file.close());

  it('comes back on the schedule when its reading never ends', async () => {
    const { store, advance } = file;
    await store.keepCallback(callback(), 'evt_1');
    const claim = await claimCallback(store);
    const problems: string[] = [];
    await settleCallback(claim, {
      hide: (text) => text,
      store: { ...store, postponeCallback: (...given) => (problems.push(given[1].code), store.postponeCallback(...given)) },
      digest: () => new Promise(() => undefined),
      schedule,
      noticesAbout: () => [],
      now: () => new Date('2027-01-15T08:00:01Z'),
      log: silentLog,
      stopping: new AbortController().signal,
      readingSeconds: 0.02,
    });
    expect(problems).to.deep.equal(['CALLBACK_TIMED_OUT']);
    await advance(1);
    expect((await claimCallback(store)).cutShort).to.equal(0);
  });

  it('is recorded as soon as the store takes it, however often it said no', async () => {
    let attempts = 0;
    const record = async (): Promise<boolean> => {
      attempts += 1;
      if (attempts < 3) throw new HandoverError(attempts === 1 ? 'STORE_BUSY' : 'STORE_UNAVAILABLE', 'Not now.');
      return true;
    };
    expect(await insist(record, new AbortController().signal)).to.equal(true);
    expect(attempts).to.equal(3);
  });

  it('is not insisted upon when the store is broken, or the process ends', async () => {
    const fail = (code: string) => (): Promise<never> => Promise.reject(new HandoverError(code, 'No.'));
    const codeOf = (error: unknown): unknown => (error as HandoverError).code;
    expect(await insist(fail('STORE_DAMAGED'), new AbortController().signal).catch(codeOf)).to.equal('STORE_DAMAGED');
    expect(await insist(fail('STORE_BUSY'), AbortSignal.abort()).catch(codeOf)).to.equal('STORE_BUSY');
  });

  it('that arrives while its worker stops is given back, so that nobody has to wait for its lease', async () => {
    const { store } = file;
    await store.keepCallback(callback(), 'evt_1');
    const isClaiming = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    const slow: Store = {
      ...store,
      async claimCallbacks(...given): Promise<ClaimedCallback[]> {
        const claims = await store.claimCallbacks(...given);
        isClaiming.resolve(undefined);
        await goOn.promise;
        return claims;
      },
    };
    const digested: number[] = [];
    const parts = { worker: 'w1', limits: () => new Map<string, number>(), log: silentLog, stopping: new AbortController() };
    const runner = createRunner({
      ...parts,
      store: slow,
      digest: async ({ id }) => void digested.push(id),
      runStep: async () => undefined,
    });
    runner.start();
    await isClaiming.promise;
    const stopped = runner.stop();
    goOn.resolve(undefined);
    await stopped;
    expect(digested).to.deep.equal([]);
    expect((await claimCallback(store, 'w2')).cutShort).to.equal(0);
  });
});
