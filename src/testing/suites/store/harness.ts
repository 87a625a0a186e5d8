import type { Store } from '../../../storage/store.ts';

/** A store to test, over data of its own that nobody else uses. */
export interface StoreUnderTest {
  readonly store: Store;
  /** One more open store over the same data, as another process would have it. */
  readonly another: () => Promise<Store>;
  /** Closes `store` and opens the same data again. */
  readonly reopen: () => Promise<Store>;
  /** Moves the store's clock on. */
  readonly advance: (ms: number) => Promise<void> | void;
  /** Closes everything and removes the data. */
  readonly close: () => Promise<void>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

/** A test with a fresh store. */
export type StoreTest = (name: string, body: (test: StoreUnderTest) => Promise<void>) => void;

interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** `describe` and `it` of whatever runs the tests: mocha, vitest, jest and node:test all offer them. */
export const runner = globalThis as unknown as TestRunner;

export function testsOf(open: OpenStore): StoreTest {
  return (name, body) =>
    runner.it(name, async () => {
      const test = await open();
      try {
        await body(test);
      } finally {
        await test.close();
      }
    });
}
