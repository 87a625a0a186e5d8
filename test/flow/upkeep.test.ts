import { expect } from 'chai';
import type { Configuration } from '../../src/config/configuration.ts';
import { silentLog } from '../../src/outgoing/console-log.ts';
import type { Retention, Thinned } from '../../src/storage/store.ts';
import { startHousekeeping } from '../../src/wiring/housekeeping.ts';
import { createWaitingOrders } from '../../src/wiring/waiting-orders.ts';
import { until } from './until.ts';

const day = 24 * 60 * 60 * 1000;
const pauses = { batchMs: 1, roundMs: 1 };
const configuration = (retention: object): Configuration => ({ site: { retention } }) as unknown as Configuration;

describe('Housekeeping', () => {
  it('goes on batch by batch with what the site wants kept, in turn with other processes and also after a failure', async () => {
    let turns = 0;
    const asked: (Retention & { limit: number })[] = [];
    const answers: (Thinned | Error)[] = [
      { callbacks: 25, orders: 0, samples: 0 },
      new Error('The store is away.'),
      { callbacks: 3, orders: 25, samples: 0 },
    ];
    const thinOut = async (retention: Retention, limit: number): Promise<Thinned> => {
      asked.push({ ...retention, limit });
      const answer = answers.shift() ?? { callbacks: 0, orders: 0, samples: 0 };
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const takeTurn = async (): Promise<boolean> => (turns += 1) !== 2;
    const settings = configuration({ callbackDays: 90, stepDays: null, sampleDays: 1 });
    const housekeeping = startHousekeeping({
      store: { thinOut, takeTurn },
      configuration: () => settings,
      log: silentLog,
      pauses,
    });
    await until('five batches were run', () => asked.length >= 5);
    housekeeping.close();
    expect(asked[0]).to.deep.equal({ callbackMs: 90 * day, stepMs: undefined, sampleMs: day, limit: 25 });
  });
});

describe('Orders whose product file has appeared', () => {
  it('hold up a start for a few of them only, and the rest follow until the site is closed', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `order ${index}`);
    const released: string[] = [];
    let mayGoOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (mayGoOn = resolve));
    const orders = createWaitingOrders({
      store: { ordersWaitingForSkus: async () => ids },
      configuration: () => ({ products: new Map() }) as unknown as Configuration,
      async reconsider(id) {
        if (released.length === 150) await gate;
        released.push(id);
        if (id === 'order 7') throw new Error('This one is stubborn.');
      },
      log: silentLog,
    });
    await orders.release();
    expect(released).to.have.length.within(100, 150);
    await until('the others are under way', () => released.length === 150);
    const closed = orders.close();
    mayGoOn();
    await closed;
    expect(released).to.deep.equal(ids.slice(0, 151));
  });
});
