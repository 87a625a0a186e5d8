import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { defineAction, defineConnector } from '../../src/contract/connector.ts';
import { closeSites, openSite, type Site } from '../support/open-site.ts';
import { until } from '../flow/until.ts';

/** Each call does what `behave` says, in turn; the last entry stands for all later ones. */
function unruly(behave: readonly (() => Promise<{ call: number }>)[]) {
  let calls = 0;
  return defineConnector({
    name: 'unruly',
    summary: 'Does what it wants',
    options: { type: 'object', properties: {} },
    actions: {
      grant: defineAction({
        summary: 'Does what it wants',
        repeats: 'set',
        input: { type: 'object', properties: {} },
        output: { call: { description: 'Which call it was.' } },
        grant: () => (behave[Math.min((calls += 1), behave.length) - 1] ?? never)(),
      }),
    },
  });
}

const never = (): Promise<never> => new Promise(() => undefined);
const afterLimit = 1200;

function open(behave: Parameters<typeof unruly>[0]): Promise<Site> {
  const product = { sku: 'ODD', title: 'Something odd', price: '5.00 EUR', grants: { thing: { action: 'unruly.grant' } } };
  const more = {
    retries: { delaysSeconds: [0, 0, 0], everySeconds: 1, untilHours: 1 },
    owner: { email: 'owner@example.org', sales: 'none' },
  };
  return openSite('examples/minimal', {
    files: {
      'products/ODD.json': product,
      'handover.json': (old) => ({
        ...old,
        ...more,
        connectors: { ...(old['connectors'] as object), unruly: { limits: { parallel: 2, timeoutSeconds: 1 } } },
      }),
    },
    handover: { connectors: [unruly(behave)] },
  });
}

async function sell(site: Site, sku: 'ODD' | 'TS-101', email: string): Promise<void> {
  const sale = site.stripe.sale({
    lines: [{ sku, unitAmount: sku === 'ODD' ? 500 : 4900 }],
    buyer: { email, name: 'Ada Example' },
  });
  expect((await site.receives(sale.completed())).status).to.equal(200);
}

describe('A connector that keeps no promise', () => {
  afterEach(closeSites);

  it('holds up nobody else when it never returns, and not the end of the process', async function () {
    this.timeout(30_000);
    const site = await open([never]);
    site.lms.addCourse({ id: '17', name: 'TypeScript in a week' });
    for (let count = 0; count < 4; count += 1) await sell(site, 'ODD', `waiting-${count}@example.org`);
    await until('its places are all taken', async () => (await site.app.store.status()).steps.running === 2);
    await sell(site, 'TS-101', 'ada@example.org');
    await until("the other buyer's mail", () => site.mailbox.messagesFor('ada@example.org').length === 1);

    await until('it is given up and tried again, for each order', async () => {
      const orders = await site.app.store.findOrders({ limit: 10 });
      const records = await Promise.all(orders.map(({ id }) => site.app.store.findOrder(id)));
      const steps = records.flatMap((record) => record?.steps ?? []).filter(({ account }) => account === 'unruly');
      return steps.length === 4 && steps.every(({ error }) => error?.code === 'ACTION_TIMED_OUT');
    });
    const asked = performance.now();
    await site.app.close();
    expect(performance.now() - asked).to.be.below(10_000);
  });

  for (const [how, late] of Object.entries({
    throws: () => sleep(afterLimit).then(() => Promise.reject(new Error('Too late.'))),
    returns: () => sleep(afterLimit, { call: 1 }),
  })) {
    it(`changes nothing when it ${how} after its time is over`, async () => {
      const loose: unknown[] = [];
      const note = (reason: unknown): void => void loose.push(reason);
      process.on('unhandledRejection', note);
      const site = await open([late, async () => ({ call: 2 })]);
      await sell(site, 'ODD', 'ada@example.org');
      await until('the mail', () => site.mailbox.messagesFor('ada@example.org').length === 1);
      await sleep(afterLimit);
      const [order] = await site.app.store.findOrders({ limit: 1 });
      const record = await site.app.store.findOrder(order?.id ?? '');
      const step = record?.steps.find(({ account }) => account === 'unruly');
      expect([step?.state, step?.attempts, step?.outcome]).to.deep.equal(['done', 2, { call: 2 }]);
      process.off('unhandledRejection', note);
      expect(loose).to.deep.equal([]);
    });
  }
});
