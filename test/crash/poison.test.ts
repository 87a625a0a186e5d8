import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { fault } from '../../src/testing/double-server.ts';
import { deliverFrom } from './deliveries.ts';
import { compare } from './ledger.ts';
import { settle } from './settle.ts';
import { startPart, type SitePart } from './site-part.ts';
import { startWorld, type Sold, type World } from './world.ts';

describe('What ends the process whenever it is carried out', function () {
  this.timeout(60_000);
  let world: World;
  let part: SitePart;

  beforeEach(async () => {
    world = await startWorld();
    part = startPart(world, { quietMs: 500 });
    await part.url;
  });
  afterEach(async () => {
    part.kill();
    await part.ended;
    await world.close();
  });

  /** Starts the process again each time it has died. Gives how often that was, once nothing is open any more. */
  async function restartUntilSettled(): Promise<number> {
    for (let deaths = 0; deaths < 10; deaths += 1) {
      try {
        await settle(part);
        return deaths;
      } catch (error) {
        if ((await Promise.race([part.ended, sleep(1000, 'alive')])) === 'alive') throw error;
        part = startPart(world, { quietMs: 500 });
        await part.url;
      }
    }
    throw new Error('It died ten times.');
  }

  /** Orders that are in the middle of being carried out when the process dies for the first time. */
  async function innocents(): Promise<Sold[]> {
    for (const { faults } of [world.lms, world.keyed]) faults.always(fault.delay(30));
    const sales = Array.from({ length: 5 }, () => world.sell({ COURSE: 1, PATH: 1, POOL: 1, KEYED: 1 }));
    const { url } = part;
    await Promise.all(sales.map((sold) => deliverFrom(world).insist(sold, () => url)));
    return sales;
  }

  async function expectDelivered(sales: readonly Sold[]): Promise<void> {
    const { lost, doubled } = compare(world, sales, await part.ask.parkedSteps());
    expect({ lost, doubled }).to.deep.equal({ lost: [], doubled: [] });
  }

  const toTheOwner = (): string[] => world.mailbox.subjectsFor('owner@example.org');

  it('is parked after three deaths when it is a callback, the owner is told, and no other callback is suspected with it', async () => {
    const sales = await innocents();
    const address = `${await part.url}/callbacks/unruly`;
    await fetch(address, { method: 'POST', body: 'kill this process' }).catch(() => undefined);

    expect(await restartUntilSettled()).to.equal(3);
    const parked = await part.ask.parkedCallbacks();
    expect(parked.map(({ code }) => code)).to.deep.equal(['CALLBACK_KILLS_PROCESS']);
    expect(await part.ask.parkedSteps()).to.deep.equal([]);
    expect(toTheOwner()).to.deep.equal(['[Test] Needs you: a callback from unruly could not be read']);
    await expectDelivered(sales);
  });

  it('is parked after three deaths when it is a step, the owner is told, and no other step is suspected with it', async () => {
    const sales = await innocents();
    const lines = [{ sku: 'UNRULY', unitAmount: 100 }];
    const callback = world.stripe.sale({ lines, buyer: { email: 'unlucky@example.org' } }).completed();
    const { url } = part;
    await deliverFrom(world).attempt({ email: 'unlucky@example.org', quantities: {}, callback }, await url);

    expect(await restartUntilSettled()).to.equal(3);
    const parked = await part.ask.parkedSteps();
    expect(parked.map(({ action, code }) => `${action}: ${code}`)).to.deep.equal(['unruly.grant: STEP_KILLS_PROCESS']);
    expect(await part.ask.parkedCallbacks()).to.deep.equal([]);
    expect(toTheOwner()).to.have.length(1);
    expect(toTheOwner()[0]).to.match(/^\[Test\] Needs you: deliver What ends the process/);
    await expectDelivered(sales);
  });
});
