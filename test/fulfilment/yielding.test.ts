import { expect } from 'chai';
import { createRunner, type Runner } from '../../src/fulfilment/runner.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import { callback, plan, step } from '../../src/testing/suites/store/samples.ts';
import { until } from '../flow/until.ts';
import { openSqliteFile, type SqliteFile } from '../storage/sqlite-file.ts';

const callbacks = 60;
const stepsOfEach = 40;

/** Work for two accounts and callbacks to read; the runner settles it at once and notes how much was under way. */
async function openWork(file: SqliteFile, crowd: () => number) {
  const { store } = file;
  const names = Array.from({ length: stepsOfEach }, (_, index) => index);
  await plan(store, ...names.flatMap((name) => [step(`m${name}`), step(`o${name}`, { account: 'other' })]));
  for (let index = 0; index < callbacks; index += 1) await store.keepCallback(callback(), `evt_${index}`);

  const underWay = new Map<string, number>();
  const most = new Map<string, number>();
  let done = 0;
  const note = async (lane: string, settle: () => Promise<unknown>): Promise<void> => {
    underWay.set(lane, (underWay.get(lane) ?? 0) + 1);
    most.set(lane, Math.max(most.get(lane) ?? 0, underWay.get(lane) ?? 0));
    await settle();
    underWay.set(lane, (underWay.get(lane) ?? 0) - 1);
    done += 1;
  };
  const runner: Runner = createRunner({
    store,
    worker: 'w1',
    log: silentLog,
    stopping: new AbortController(),
    limits: () => new Map([['moodle', 4], ['other', 4]]), // prettier-ignore
    crowd,
    pollMs: 20,
    digest: (claim) => note('callbacks', () => store.ignoreCallback(claim, 'a test')),
    runStep: async (claim) => {
      await note(claim.account, () => store.finishStep(claim, {}));
      return { kind: 'answers', seen: true };
    },
  });
  return { runner, most, done: () => done };
}

describe('Work beside callbacks that pour in', () => {
  let file: SqliteFile;
  beforeEach(async () => void (file = await openSqliteFile()));
  afterEach(() => file.close());

  it('takes one place of each account and one for reading, and goes on all the same', async () => {
    const { runner, most, done } = await openWork(file, () => 100);
    runner.start();
    await until('some of everything is done', () => done() >= 30);
    await runner.stop();
    expect(Object.fromEntries(most)).to.deep.equal({ callbacks: 1, moodle: 1, other: 1 });
  });

  it('takes all its places again when they are through', async () => {
    let waiting = 100;
    const { runner, most, done } = await openWork(file, () => waiting);
    runner.start();
    await until('it has begun', () => done() >= 3);
    waiting = 0;
    await until('everything is done', () => done() === callbacks + 2 * stepsOfEach);
    await runner.stop();
    expect(Object.fromEntries(most)).to.deep.equal({ callbacks: 16, moodle: 4, other: 4 });
  });
});
