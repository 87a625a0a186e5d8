import { expect } from 'chai';
import type { Verdict } from '../../src/contract/gateway.ts';
import { boundedLabel } from '../../src/monitoring/bounded-label.ts';
import { createDeferredByName } from '../../src/monitoring/deferred.ts';
import { together, type Listener } from '../../src/monitoring/listener.ts';
import { watchStore } from '../../src/monitoring/watch-store.ts';
import type { StepClaim, Store } from '../../src/storage/store.ts';

/** A store of a site's own, as a class with private state would be. */
class OwnStore {
  #kept = 0;
  keepCallback(): Promise<'kept' | 'known'> {
    this.#kept += 1;
    return Promise.resolve(this.#kept === 1 ? 'kept' : 'known');
  }
  finishStep(claim: StepClaim): Promise<boolean> {
    return Promise.resolve(claim.key !== 'lost');
  }
  workers(): Promise<string[]> {
    return Promise.resolve([`${this.#kept} kept`]);
  }
}

describe('A store that is watched', () => {
  it('works as before, also when it is an instance of a class', async () => {
    const store = watchStore(new OwnStore() as unknown as Store, {});
    expect([await store.keepCallback({} as never, '1'), await store.keepCallback({} as never, '1')]).to.deep.equal([
      'kept',
      'known',
    ]);
    expect(await store.workers()).to.deep.equal(['2 kept']);
  });

  it('tells how attempts ended, and when somebody else has the step', async () => {
    const told: string[] = [];
    const store = watchStore(new OwnStore() as unknown as Store, {
      settled: ({ key }, result) => void told.push(`${key} ${result}`),
    });
    await store.finishStep({ key: 'a' } as StepClaim, {});
    await store.finishStep({ key: 'lost' } as StepClaim, {});
    expect(told).to.deep.equal(['a done', 'lost lost']);
  });
});

describe('Listeners', () => {
  const accepted: Verdict = { kind: 'accepted', deliveryId: '1' };
  const listener = (name: string, told: string[]): Listener => ({
    async callback(gateway, work) {
      told.push(`${name} before ${gateway}`);
      const result = await work();
      told.push(`${name} after`);
      return result;
    },
    verdict: (gateway) => void told.push(`${name} ${gateway}`),
  });

  it('hear everything together, one around the other', async () => {
    const told: string[] = [];
    const all = together([listener('one', told), {}, listener('two', told)]);
    expect(await all.callback?.('stripe', () => Promise.resolve(7))).to.equal(7);
    all.verdict?.('stripe', accepted);
    expect(told).to.deep.equal(['one before stripe', 'two before stripe', 'two after', 'one after', 'one stripe', 'two stripe']);
  });

  it('are nothing where there is none', () => {
    expect(together([])).to.deep.equal({});
  });
});

describe('Labels of metrics', () => {
  it('stay few, whatever a gateway of the site calls its refusals', () => {
    const label = boundedLabel(2);
    expect(['A', 'B', 'C', 'A', 'ada@example.org', 'x'.repeat(200)].map(label)).to.deep.equal([
      'A',
      'B',
      'other',
      'A',
      'other',
      'other',
    ]);
  });

  it('lose no value that is noted, however many come before they are asked for', () => {
    const sums = new Map<string, number>();
    const values = createDeferredByName((name, value) => void sums.set(name, (sums.get(name) ?? 0) + value));
    for (let count = 0; count < 10_000; count++) values.note(count % 2 ? 'odd' : 'even', 1);
    values.flush();
    values.flush();
    expect([...sums]).to.deep.equal([['even', 5000], ['odd', 5000]]); // prettier-ignore
  });
});
