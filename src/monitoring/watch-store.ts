import type { StepClaim, Store } from '../storage/store.ts';
import type { AttemptResult, Listener } from './listener.ts';

/** The same store, and the listener hears how long keeping took, what was recorded, and how attempts ended. */
export function watchStore(store: Store, heard: Listener): Store {
  const settled = (result: AttemptResult, isOurs: boolean, [claim, problem]: SettledArguments): boolean => {
    heard.settled?.(claim, isOurs ? result : 'lost', problem);
    return isOurs;
  };

  return {
    ...operationsOf(store),

    async keepCallback(callback, deliveryId) {
      const since = performance.now();
      const result = await store.keepCallback(callback, deliveryId);
      heard.committed?.((performance.now() - since) / 1000);
      return result;
    },

    async record(claim, events, decide, pools) {
      const orders = new Set<string>();
      const watched: typeof decide = (known) => {
        const decision = decide(known);
        orders.add(decision.order.id);
        return decision;
      };
      const isRecorded = await store.record(claim, events, watched, pools);
      if (claim && isRecorded) heard.recorded?.(claim, [...orders]);
      return isRecorded;
    },

    finishStep: async (claim, ...others) => settled('done', await store.finishStep(claim, ...others), [claim]),

    postponeStep: async (claim, problem, ...others) =>
      settled(problem ? 'later' : 'waiting', await store.postponeStep(claim, problem, ...others), [claim, problem]),

    parkStep: async (claim, problem, ...others) =>
      settled('parked', await store.parkStep(claim, problem, ...others), [claim, problem]),

    async release(claims) {
      await store.release(claims);
      for (const claim of claims) if ('verb' in claim) heard.settled?.(claim, 'released');
    },
  };
}

type SettledArguments = [claim: StepClaim, problem?: Parameters<NonNullable<Listener['settled']>>[2]];

/** All operations, bound: a store may be a plain object or an instance of a class. */
function operationsOf(store: Store): Store {
  const operations: Record<string, unknown> = {};
  for (let level: object | null = store; level !== null && level !== Object.prototype; level = classOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const operation: unknown = Reflect.get(store, name);
      if (name !== 'constructor' && !(name in operations) && typeof operation === 'function') {
        operations[name] = (operation as (...given: unknown[]) => unknown).bind(store);
      }
    }
  }
  return operations as unknown as Store;
}

function classOf(level: object): object | null {
  return Object.getPrototypeOf(level) as object | null;
}
