import { expect } from 'chai';
import { createRunner, type Runner } from '../../src/fulfilment/runner.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import { openPostgresStore } from '../../src/storage/postgres/index.ts';
import type { Store } from '../../src/storage/store.ts';
import { callback, plan, step } from '../../src/testing/suites/store/samples.ts';
import { until } from '../flow/until.ts';
import { startProxy, type Proxy } from '../storage/postgres-proxy.ts';
import { openPostgresShop, type PostgresShop } from '../support/postgres.ts';

/** Much longer than a test may take: whoever waits for the lease to lapse does not pass. */
const leaseMs = 600_000;

describe('A claim whose answer got lost', () => {
  let shop: PostgresShop;
  let proxy: Proxy;
  let ours: Store;
  let runner: Runner;
  const done: string[] = [];

  beforeEach(async () => {
    done.length = 0;
    shop = await openPostgresShop();
    proxy = await startProxy(shop.cluster.url);
    ours = openPostgresStore({ url: `${proxy.url}?schema=${shop.schema}` });
    await ours.open();
    runner = createRunner({
      store: ours,
      worker: 'w1',
      async digest(claim) {
        await ours.ignoreCallback(claim, 'nothing');
        done.push(claim.deliveryId);
      },
      async runStep(claim) {
        await ours.finishStep(claim, {});
        done.push(`${claim.key}, attempt ${claim.attempts}`);
        return undefined;
      },
      limits: () => new Map([['moodle', 4]]),
      log: silentLog,
      stopping: new AbortController(),
      leaseMs,
      pollMs: 20,
    });
  });
  afterEach(async () => {
    await runner.stop();
    await ours.close();
    await proxy.close();
    await shop.close();
  });

  /** The connection breaks during the commit of the first claim. */
  function loseFirst(operation: 'claimCallbacks' | 'claimSteps'): void {
    const claim = ours[operation].bind(ours) as (...given: unknown[]) => Promise<unknown>;
    let claims = 0;
    const losing = async (...given: unknown[]) => {
      claims += 1;
      const isCut = claims === 1 ? proxy.cutAfter('COMMIT\0') : undefined;
      const claimed = await claim(...given);
      await isCut;
      return claimed;
    };
    Object.assign(ours, { [operation]: losing });
  }

  it('is given back at once, for a callback', async () => {
    await shop.store.keepCallback(callback(), 'evt_1');
    loseFirst('claimCallbacks');
    runner.start();
    await until('the callback was read', () => done.length > 0);
    expect(done).to.deep.equal(['evt_1']);
  });

  it('is given back at once, for a step, and counts no attempt', async () => {
    await plan(shop.store, step('s1'));
    loseFirst('claimSteps');
    runner.start();
    await until('the step was carried out', () => done.length > 0);
    expect(done).to.deep.equal(['s1, attempt 1']);
  });
});
